"""What a service's form asks beside the common fields, as an editable list that needs no script."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from helpdesk import i18n
from helpdesk.services import catalogue
from helpdesk.web.admin.wrong import Wrong

KINDS = ("text", "textarea", "date", "choice")
MOST, SPARE = 20, 2
"""Questions a service may ask, and how many empty rows the form offers for more."""

Row = dict[str, Any]
_TEXTS = ("labels", "hints")
_COMMON = frozenset(
    {
        "subject", "description", "name", "email", "phone", "language", "files", "key", "draft", "csrf-token",
        "consent", "website", "service", "action", "save",
    }
)  # fmt: skip
"""Names of what every form has; a question of its own never takes one of them."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def shown(questions: Sequence[Mapping[str, Any]] | None) -> list[Row]:
    """The questions as rows of the form, with a few empty ones after them."""
    rows = [
        {
            "name": one["name"],
            "labels": dict(one.get("labels", {})),
            "hints": dict(one.get("hints", {})),
            "kind": one["kind"],
            "required": bool(one.get("required")),
            "choices": "\n".join(_line(choice) for choice in one.get("choices", [])),
            "kept": {choice["value"]: _line(choice) for choice in one.get("choices", [])},
        }
        for one in questions or ()
    ]
    return [*rows, *(_empty() for _each in range(min(SPARE, MOST - len(rows))))]


def _empty() -> Row:
    return {"name": "", "labels": {}, "hints": {}, "kind": "text", "required": False, "choices": "", "kept": {}}


def _line(choice: Mapping[str, Any]) -> str:
    """A choice in one line: the Greek words, a bar, the English ones."""
    labels = choice.get("labels", {})
    return " | ".join(labels.get(code, "") for code in i18n.LANGUAGES).removesuffix(" | ")


def sent(field: str, form: MultiDict[str, str]) -> list[Row]:
    """The rows as they were sent, in the order that their numbers give; removed and empty ones are left out."""
    rows = [_row(f"{field}-{at}", form) for at in range(MOST + SPARE) if f"{field}-{at}-kind" in form]
    kept = [row for row in rows if not row.pop("remove") and (row["name"] or any(row["labels"].values()))]
    ordered = sorted(kept, key=lambda row: row.pop("place"))
    return [*ordered, *(_empty() for _each in range(min(SPARE, max(0, MOST - len(ordered)))))]


def _row(at: str, form: MultiDict[str, str]) -> Row:
    texts = {name: {code: form.get(f"{at}-{name}-{code}", "").strip() for code in i18n.LANGUAGES} for name in _TEXTS}
    place = form.get(f"{at}-place", "")
    kept = zip(form.getlist(f"{at}-value"), form.getlist(f"{at}-line"), strict=False)
    return texts | {
        "name": form.get(f"{at}-name", "").strip(),
        "kind": form.get(f"{at}-kind", ""),
        "required": f"{at}-required" in form,
        "choices": form.get(f"{at}-choices", "").replace("\r\n", "\n").strip(),
        "kept": dict(kept),
        "place": float(place) if re.fullmatch(r"\d{1,3}(\.\d)?", place) else float(MOST),
        "remove": f"{at}-remove" in form,
    }


def read(rows: Sequence[Row]) -> list[Row]:
    """The questions of the rows; raises Wrong."""
    found: list[Row] = []
    for row in rows:
        if row["name"] or any(row["labels"].values()):
            found.append(_question(row, [one["name"] for one in found]))
    return found


def _question(row: Row, taken: Sequence[str]) -> Row:
    labels = {code: text[:200] for code, text in row["labels"].items() if text}
    if not labels:
        raise Wrong(_("Every question needs its words."))
    if row["kind"] not in KINDS:
        raise Wrong(_("Choose one of the list."))
    question = {"name": _name(row["name"], labels, taken), "labels": labels, "kind": row["kind"]}
    question["required"] = row["required"]
    if hints := {code: text[:300] for code, text in row["hints"].items() if text}:
        question["hints"] = hints
    if row["kind"] == "choice":
        question["choices"] = _choices(row["choices"], row["kept"])
    return question


def _name(name: str, labels: Mapping[str, str], taken: Sequence[str]) -> str:
    """The name under which answers are kept: the old one, else one made of the words."""
    wished = name if _NAME.fullmatch(name) else catalogue.key_from(labels) or "question"
    return next(
        one for one in (wished, *(f"{wished}-{n}" for n in range(2, MOST + 9))) if one not in {*taken, *_COMMON}
    )


def _choices(text: str, kept: Mapping[str, str]) -> list[Row]:
    """A choice a line. One whose words stay keeps its value, so that earlier answers keep their meaning."""
    values = {line: value for value, line in kept.items()}
    found: list[Row] = []
    for line in filter(None, (line.strip()[:300] for line in text.split("\n"))):
        words = [part.strip() for part in line.split("|", 1)]
        labels = {code: word for code, word in zip(i18n.LANGUAGES, words, strict=False) if word}
        value = values.get(line) or catalogue.key_from(labels) or "choice"
        taken = {one["value"] for one in found} | (set(kept) - {value} if line not in values else set())
        free = next(one for one in (value, *(f"{value}-{n}" for n in range(2, 200))) if one not in taken)
        found.append({"value": free, "labels": labels})
    if len(found) < 2:
        raise Wrong(_("A question with choices needs at least two of them."))
    return found
