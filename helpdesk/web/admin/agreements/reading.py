"""What was typed into the form of an agreement, read as a policy's data; each thing that is wrong has its field."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from helpdesk.errors import Invalid
from helpdesk.services import rulebook
from helpdesk.services.rulebook import PARTY
from helpdesk.vocabulary import RulebookKind
from helpdesk.web.admin.agreements.form import NARROWED, Typed
from helpdesk.web.admin.agreements.promises import CELLS, EVERY
from helpdesk.web.admin.wrong import Wrong
from sla import AgreementKind
from sla.scope import NAMES

_TIME = re.compile(r"([0-9]{1,5})(?::([0-5][0-9]))?(?::([0-5][0-9]))?")
_LONGEST_TERMS = 20_000


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


CORRECT = _("Please correct what is marked.")


def read(typed: Typed) -> dict[str, Any]:
    """The policy's data. Raises Invalid that names fields of the form."""
    wrong: dict[str, str] = {}
    targets, places = _targets(typed["promises"], wrong)
    data = {
        "targets": targets,
        "pauses": dict(typed["pauses"]),
        "reopen": typed["reopen"] or "continue",
        "order": _order(typed["order"], wrong),
        "when": _when(typed),
        "agreement": _agreement(typed, wrong),
    }
    if not targets and not wrong:
        wrong["promises"] = _("Promise something.")
    if wrong:
        raise Invalid(CORRECT, fields=wrong)
    _check(data, places)
    return data


def time_of(text: str) -> int:
    """Seconds of ``8``, ``8:30`` or ``8:30:15``; raises Wrong."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise Wrong(_("Write hours and minutes, for example 8:30."))
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _order(text: str, wrong: dict[str, str]) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 6:
        return int(text)
    wrong["order"] = _("Give a whole number.")
    return 0


def _when(typed: Typed) -> dict[str, list[str]]:
    """For which requests; the party with whom it is agreed stands there by itself."""
    role = PARTY[AgreementKind(typed["kind"])]
    asked = {name: list(dict.fromkeys(typed["when"][name])) for name in NAMES if name != role}
    asked[role] = list(dict.fromkeys(filter(None, (typed[role], *typed["kept"]))))
    return {name: keys for name, keys in asked.items() if keys}


def _agreement(typed: Typed, wrong: dict[str, str]) -> dict[str, str]:
    role = PARTY[AgreementKind(typed["kind"])]
    found = {name: typed[name] for name in ("kind", role, "owner", "terms") if typed[name]}
    if not typed["owner"]:
        wrong["owner"] = _("Every agreement has an owner who answers for it.")
    if role != "customer" and not typed[role]:
        wrong[role] = _("Choose one of the list.")
    if len(typed["terms"]) > _LONGEST_TERMS:
        wrong["terms"] = _("This is too long.")
    for name in ("valid_from", "valid_until", "review_on"):
        if typed[name]:
            try:
                found[name] = date.fromisoformat(typed[name]).isoformat()
            except ValueError:
                wrong[name] = _("Give a day.")
    return found


Places = list[tuple[int, str, list[int]]]
"""For each target the row it came from, its cell, and the rows of its steps."""


def _targets(rows: list[Typed], wrong: dict[str, str]) -> tuple[list[dict[str, Any]], Places]:
    targets: list[dict[str, Any]] = []
    places: Places = []
    for at, row in enumerate(rows):
        if _is_empty(row):
            continue
        steps, numbers = _steps(row["steps"], f"p-{at}", wrong)
        amounts = _amounts(row, f"p-{at}", wrong)
        narrowed = {name: row["when"][name] for name in NARROWED if row["narrow"] and row["when"][name]}
        for cell, amount in amounts.items():
            asked = narrowed if cell == EVERY else {"priority": [cell], **narrowed}
            unit = "days" if row["unit"] == "days" else "seconds"
            targets.append({
                "clock": row["clock"], unit: amount, "calendar": row["calendar"], "when": asked, "steps": steps,
            })  # fmt: skip
            places.append((at, cell, numbers))
    return targets, places


def _is_empty(row: Typed) -> bool:
    return not any(row["cells"].values()) and not row["steps"]


def _amounts(row: Typed, at: str, wrong: dict[str, str]) -> dict[str, int]:
    if not row["clock"]:
        wrong[f"{at}-clock"] = _("Choose one of the list.")
    if not any(row["cells"].values()):
        wrong[f"{at}-{EVERY}"] = _("Give at least one time.")
    found = {}
    for cell in CELLS:
        if text := row["cells"][cell]:
            try:
                found[cell] = _days(text) if row["unit"] == "days" else time_of(text)
                if not found[cell]:
                    raise Wrong(_("It must be more than nothing."))
            except Wrong as why:
                wrong[f"{at}-{cell}"] = str(why)
    return found


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 4:
        raise Wrong(_("Give a whole number."))
    return int(text)


def _steps(rows: list[Typed], at: str, wrong: dict[str, str]) -> tuple[list[dict[str, Any]], list[int]]:
    steps, numbers = [], []
    for number, row in enumerate(rows):
        if not row["do"] and not row["at"]:
            continue
        if not row["do"]:
            wrong[f"{at}-s-{number}-do"] = _("Choose what happens.")
        try:
            moment = _moment(row)
        except Wrong as why:
            wrong[f"{at}-s-{number}-at"] = str(why)
            continue
        to = {"to": row["to"]} if row["to"] else {}
        steps.append({"at": moment, "do": row["do"], "urgent": row["urgent"], **to})
        numbers.append(number)
    return steps, numbers


def _moment(row: Mapping[str, Any]) -> str | int:
    unit, text = row["unit"], row["at"]
    if unit == "due":
        return 0
    if unit == "percent":
        plain = text.removesuffix("%").strip()
        if not (plain.isascii() and plain.isdigit()) or len(plain) > 4:
            raise Wrong(_("Give a whole number of per cent, for example 80."))
        return f"{int(plain)}%"
    seconds = time_of(text)
    return -seconds if unit == "before" else seconds


_TARGET = re.compile(r"targets\[(\d+)\](?:\.(\w+)(?:\[(\d+)\](?:\.(\w+))?)?)?.*")


def _check(data: dict[str, Any], places: Places) -> None:
    try:
        rulebook.check_agreement(rulebook.check(RulebookKind.POLICY, data))
    except Invalid as error:
        raise Invalid(error.detail, fields=_at_home(error.fields, places)) from None


def _at_home(fields: Mapping[str, str], places: Places) -> dict[str, str]:
    return {_home(name, places): told for name, told in fields.items()}


def _home(name: str, places: Places) -> str:
    """The form's field of a place in the data."""
    found = _TARGET.fullmatch(name)
    if found is None or int(found[1]) >= len(places):
        return _plain(name)
    row, cell, numbers = places[int(found[1])]
    member, step, part = found[2], found[3], found[4]
    if member == "steps" and step is not None:
        return f"p-{row}-s-{numbers[int(step)]}-{part or 'at'}"
    if member == "steps":
        return f"p-{row}-s-{numbers[0]}-at" if numbers else f"p-{row}-clock"
    return f"p-{row}-{cell}" if member in ("seconds", "days", None) else f"p-{row}-{member}"


def _plain(name: str) -> str:
    first, _dot, rest = name.partition(".")
    if first == "agreement":
        return rest.partition(".")[0] or "kind"
    if first == "when":
        return f"when-{rest.partition('[')[0]}"
    return {"targets": "promises", "pauses": "pauses"}.get(first.partition("[")[0], name)


def placed(fields: Mapping[str, str]) -> dict[str, str]:
    """What was found wrong after the form had been read, at its field."""
    return {_plain(name): told for name, told in fields.items()}
