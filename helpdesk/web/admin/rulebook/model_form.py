"""The form for a model of work: what it is for, and its steps as rows that can be added, moved and taken away."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from helpdesk import clock, i18n
from helpdesk.errors import Invalid
from helpdesk.services import catalogue, problems
from helpdesk.web.admin import words
from helpdesk.web.admin.rulebook import script_text
from helpdesk.web.admin.rulebook.chapter import Editor, Fields, Typed
from helpdesk.web.desk.checklist import KIND

_MOST_STEPS = 40


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


KINDS = {"incident": _("Incident model"), "request": _("Request model")}
_TEXTS = ("names", "output")
_STEP = ("key", "kind", "department", "team", "hours", "role", "place", "people", "field", "above", "script")
_STEP_TEXTS = ("texts", "guide")
_LISTS = {"type": "when.type", "service": "when.service", "category": "when.category", "known": "known_errors"}
WRONG = {
    "must be told in a language at least": _("Write it in one language at least."),
    "must ask for a type, a service or a category": _("Choose a type, a service or a category."),
    "must name the question that asks for the amount": _("Name the question that asks for the amount."),
    "must be given for a script, and for nothing else": _("Write the questions of the script."),
    "must be an amount": _("Give an amount."),
    "must name a later question": _("An answer leads to a question that stands below it."),
    "another question has this key": _("Another question has this key."),
    "must be 1 to 12": _("A question has 1 to 12 answers."),
    "must be 1 to 40": _("A model has 1 to 40 steps."),
    "must be a whole number": _("A whole number."),
}
"""What models say of themselves, as the form says it."""


def _shown(data: dict[str, Any]) -> Typed:
    when = data.get("when", {})
    typed = {f"{name}-{code}": (data.get(name) or {}).get(code, "") for name in _TEXTS for code in i18n.LANGUAGES}
    typed |= {"kind": data.get("kind", "request"), "owner": data.get("owner", "")}
    typed["review_on"] = data.get("review_on") or ""
    chosen = {name: list(map(str, when.get(name, []))) for name in ("type", "service", "category")}
    chosen["known"] = list(map(str, data.get("known_errors", [])))
    return _form(typed, chosen, [_shown_step(step) for step in data.get("steps", [])])


def _shown_step(step: Mapping[str, Any]) -> dict[str, Any]:
    approval = step.get("approval") or {}
    row = {f"{name}-{code}": (step.get(name) or {}).get(code, "") for name in _STEP_TEXTS for code in i18n.LANGUAGES}
    row |= {name: str(step.get(name) or "") for name in ("key", "kind", "department", "team", "hours")}
    row |= {name: str(approval.get(name) or "") for name in ("role", "field", "above")}
    row |= {"place": approval.get("department", ""), "people": ", ".join(approval.get("people", []))}
    return row | {"script": script_text.write(step.get("questions", [])), "mandatory": step.get("mandatory", True)}


def _form(typed: dict[str, Any], chosen: Mapping[str, list[str]], steps: list[dict[str, Any]]) -> Typed:
    """What was typed with the words that the form shows around it."""
    known = catalogue.current()
    keyed = {
        name: [(row.key, words.name(row.names)) for row in rows.values() if getattr(row, "active", True)]
        for name, rows in (("departments", known.departments), ("teams", known.teams))
    }
    errors = problems.listed("known", clock.now(), limit=100).rows
    offered = {
        "type": words.options(words.TYPE),
        "service": [(row.key, words.name(row.names)) for row in catalogue.services(all_=True)],
        "category": [(row.key, words.name(row.names)) for row in catalogue.categories()],
        "known": [(str(row.id), words.name(row.titles)) for row in errors],
    }
    people = [(one.email, one.name) for one in catalogue.colleagues()]
    return typed | {
        "chosen": chosen, "steps": steps, "offered": offered, **keyed, "owners": people,
        "kinds": words.options(KINDS), "step_kinds": words.options({str(code): word for code, word in KIND.items()}),
        "roles": words.options(words.ROLE),
    }  # fmt: skip


def _sent(form: MultiDict[str, str]) -> Typed:
    names = [f"{name}-{code}" for name in _TEXTS for code in i18n.LANGUAGES]
    typed = {name: form.get(name, "").strip() for name in (*names, "kind", "owner", "review_on")}
    chosen = {name: form.getlist(name) for name in _LISTS}
    count = form.get("count", "0")
    total = min(int(count), _MOST_STEPS) if count.isdecimal() and len(count) < 4 else 0
    return _form(typed, chosen, [_sent_step(form, place) for place in range(total)])


def _sent_step(form: MultiDict[str, str], place: int) -> dict[str, Any]:
    names = [*_STEP, *(f"{name}-{code}" for name in _STEP_TEXTS for code in i18n.LANGUAGES)]
    row: dict[str, Any] = {name: form.get(f"step-{place}-{name}", "").replace("\r\n", "\n").strip() for name in names}
    return row | {"mandatory": form.get(f"step-{place}-mandatory") == "yes"}


def _act(typed: Typed, act: str) -> Typed:
    """A step more, a step less, or one moved."""
    verb, _, told = act.partition("-")
    steps, place = list(typed["steps"]), int(told) if told.isdecimal() and len(told) < 4 else -1
    if verb == "add" and len(steps) < _MOST_STEPS:
        steps.append(_shown_step({"kind": "task"}))
    elif verb == "remove" and 0 <= place < len(steps):
        steps.pop(place)
    elif verb == "up" and 0 < place < len(steps):
        steps[place - 1], steps[place] = steps[place], steps[place - 1]
    return typed | {"steps": steps}


def _read(typed: Typed) -> dict[str, Any]:
    chosen: Mapping[str, list[str]] = typed["chosen"]
    wrong: dict[str, str] = {}
    steps: list[dict[str, Any]] = []
    keys = [row["key"] for row in typed["steps"]]
    for place, row in enumerate(typed["steps"]):
        try:
            steps.append(_read_step(row, place, keys))
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(_("Please correct what is marked."), fields=wrong)
    data: dict[str, Any] = {
        "kind": typed["kind"],
        "names": _texts(typed, "names"),
        "owner": typed["owner"],
        "when": {name: chosen[name] for name in ("type", "service", "category") if chosen[name]},
        "steps": steps,
        "known_errors": [int(id_) for id_ in chosen["known"] if id_.isdecimal() and len(id_) < 16],
    }
    if output := _texts(typed, "output"):
        data["output"] = output
    return data | ({"review_on": _day(typed["review_on"])} if typed["review_on"] else {})


def _day(told: str) -> str:
    try:
        return date.fromisoformat(told).isoformat()
    except ValueError:
        raise Invalid(_("Please correct what is marked."), fields={"review_on": _("A day to come.")}) from None


def _texts(typed: Mapping[str, Any], name: str) -> dict[str, str]:
    return {code: typed[f"{name}-{code}"] for code in i18n.LANGUAGES if typed[f"{name}-{code}"]}


def _read_step(row: Mapping[str, Any], place: int, keys: list[str]) -> dict[str, Any]:
    step: dict[str, Any] = {
        "key": row["key"] or _free_key(_texts(row, "texts"), keys, place),
        "kind": row["kind"],
        "texts": _texts(row, "texts"),
        "mandatory": row["mandatory"],
    }
    step |= {name: row[name] for name in ("department", "team") if row[name]}
    if row["hours"]:
        step["hours"] = int(row["hours"]) if row["hours"].isdecimal() and len(row["hours"]) < 6 else row["hours"]
    if guide := _texts(row, "guide"):
        step["guide"] = guide
    if row["kind"] == "ask":
        step["questions"] = _questions(row["script"], place)
    if row["kind"] == "approve":
        step["approval"] = _approval(row)
    return step


def _free_key(texts: Mapping[str, str], keys: list[str], place: int) -> str:
    """A key out of the words that no other step has; it stays with the step from then on."""
    wished = catalogue.key_from(texts)[:50] or "step"
    found = next(key for key in (wished, *(f"{wished}-{n}" for n in range(2, 99))) if key not in keys)
    keys[place] = found
    return found


def _questions(script: str, place: int) -> list[dict[str, Any]]:
    try:
        return script_text.read(script)
    except script_text.Unreadable as error:
        told = _("Line %(line)s is neither a question (?) nor an answer (-).").replace("%(line)s", str(error.line))
        raise Invalid(_("Please correct what is marked."), fields={f"step-{place}-script": told}) from None


def _approval(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"role": row["role"] or "supervisor"}
    found |= {"department": row["place"]} if row["place"] else {}
    people = [one.strip() for one in row["people"].replace(";", ",").split(",") if one.strip()]
    found |= {"people": people} if people else {}
    return found | ({"field": row["field"], "above": row["above"].replace(",", ".") or "0"} if row["field"] else {})


def _placed(fields: Fields) -> dict[str, str]:
    """What the model found wrong, at the form's own fields and in its words."""
    return {_place(name): WRONG.get(told, told) for name, told in fields.items()}


def _place(name: str) -> str:
    if not name.startswith("steps["):
        known = {field: own for own, field in _LISTS.items()} | {"when": "type", "names": "names-el"}
        bare = name.partition("[")[0]
        return known.get(bare, bare)
    place, _, rest = name.removeprefix("steps[").partition("]")
    field = rest.lstrip(".").partition("[")[0]
    own = {"texts": "texts-el", "guide": "guide-el", "questions": "script", "approval": "role", "key": "texts-el"}
    nested = field.removeprefix("approval.")
    if nested != field:
        return f"step-{place}-{'place' if nested == 'department' else nested}"
    return f"step-{place}-{own.get(field, field)}"


EDITOR = Editor("admin/rulebook/_model_form.html", _shown, _sent, _read, act=_act, placed=_placed)
