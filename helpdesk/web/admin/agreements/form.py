"""The form of an agreement: parties, dates, promises as a table with their steps; rows come and go without a script."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from helpdesk.services.rulebook import OWN_CLOCK, PARTY
from helpdesk.vocabulary import ClockName
from helpdesk.web.admin.agreements import choices
from helpdesk.web.admin.agreements.promises import CELLS, Promise, promises
from sla import AgreementKind, Policy, Step
from sla.scope import NAMES

Typed = dict[str, Any]
MOST_PROMISES, MOST_STEPS = 40, 12
NARROWED = tuple(name for name in NAMES if name != "priority")
"""What one promise may ask beside the priority, which has columns of its own."""
WORDS = ("kind", "customer", "department", "supplier", "owner", "valid_from", "valid_until", "review_on", "terms")
PAUSABLE = (ClockName.UPDATE, ClockName.RESOLUTION, ClockName.OLA, ClockName.UA)


def shown(data: dict[str, Any]) -> Typed:
    """What a policy says, as the form shows it."""
    policy = Policy.from_dict(data)
    agreed = policy.agreement.to_dict()
    kind, when = policy.kind, policy.when.to_dict()
    party = str(agreed.get(PARTY[kind], ""))
    typed: Typed = {name: str(agreed.get(name, "")) for name in WORDS} | {"kind": kind.value}
    return around(typed | {
        "order": str(policy.order),
        "reopen": policy.reopen.value,
        "kept": [key for key in when.get(PARTY[kind], []) if key != party],
        "when": {name: when.get(name, []) for name in NAMES},
        "pauses": {clock.value: list(policy.pausing(clock)) for clock in PAUSABLE},
        "promises": [_promise(one) for one in promises(policy)],
    })  # fmt: skip


def _promise(one: Promise) -> Typed:
    cells = {cell: _amount(one.cells[cell], one.by_days) if cell in one.cells else "" for cell in CELLS}
    return {
        "clock": one.clock, "unit": "days" if one.by_days else "hours", "calendar": one.calendar, "cells": cells,
        "when": {name: list(getattr(one.when, name)) for name in NARROWED},
        "narrow": bool(one.when.asked),
        "steps": [_step(step) for step in one.steps],
    }  # fmt: skip


def _amount(value: int, by_days: bool) -> str:
    return str(value) if by_days else clock_time(value)


def clock_time(seconds: int) -> str:
    """``8:00``; the odd seconds only where there are some."""
    hours, rest = divmod(seconds, 3600)
    minutes, odd = divmod(rest, 60)
    return f"{hours}:{minutes:02}" + (f":{odd:02}" if odd else "")


def _step(step: Step) -> Typed:
    if isinstance(step.at, str):
        at, unit = step.at[:-1], "percent"
    elif step.at == 0:
        at, unit = "", "due"
    else:
        at, unit = clock_time(abs(step.at)), "before" if step.at < 0 else "after"
    return {"at": at, "unit": unit, "do": step.do.value, "to": step.to, "urgent": step.urgent}


def begin(kind: AgreementKind, owner: str, today: date) -> Typed:
    """What a new agreement of a kind begins with: its clocks with usual steps, and a look at it after a year."""
    clocks = (OWN_CLOCK[kind],) if kind in OWN_CLOCK else USUAL
    rows = [empty_promise(kind) | {"clock": clock.value, "steps": [dict(step) for step in STEPS]} for clock in clocks]
    typed: Typed = dict.fromkeys(WORDS, "") | {"kind": kind.value, "owner": owner, "valid_from": today.isoformat()}
    typed["review_on"] = (today + timedelta(days=365)).isoformat()
    return around(typed | {
        "order": "50" if kind is AgreementKind.SLA else "100", "reopen": "continue", "kept": [],
        "when": {name: [] for name in NAMES}, "promises": rows,
        "pauses": {clock.value: list(Policy(()).pausing(clock)) for clock in PAUSABLE},
    })  # fmt: skip


USUAL = (ClockName.FIRST_RESPONSE, ClockName.RESOLUTION)
STEPS: tuple[Mapping[str, Any], ...] = (
    {"at": "80", "unit": "percent", "do": "warn", "to": "", "urgent": False},
    {"at": "", "unit": "due", "do": "breach", "to": "", "urgent": False},
)


def empty_promise(kind: str) -> Typed:
    """A row that promises nothing yet."""
    own = OWN_CLOCK.get(AgreementKind(kind), "")
    return {
        "clock": str(own), "unit": "hours", "calendar": "", "cells": dict.fromkeys(CELLS, ""),
        "when": {name: [] for name in NARROWED}, "narrow": False, "steps": [],
    }  # fmt: skip


EMPTY_STEP: Mapping[str, Any] = {"at": "", "unit": "percent", "do": "", "to": "", "urgent": False}


def sent(form: MultiDict[str, str]) -> Typed:
    """What was typed, rows and all."""
    kind = form.get("kind", "")
    typed: Typed = {name: _text(form, name) for name in WORDS}
    typed["kind"] = kind if kind in set(AgreementKind) else AgreementKind.SLA.value
    return around(typed | {
        "order": _text(form, "order"),
        "reopen": _text(form, "reopen"),
        "kept": form.getlist("kept"),
        "when": {name: form.getlist(f"when-{name}") for name in NAMES},
        "pauses": {clock.value: form.getlist(f"pause-{clock.value}") for clock in PAUSABLE},
        "promises": [_promise_sent(form, f"p-{at}") for at in _places(form, "p-{}-clock", MOST_PROMISES)],
    })  # fmt: skip


def _text(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _places(form: MultiDict[str, str], name: str, most: int) -> Iterable[int]:
    return (at for at in range(most) if name.format(at) in form)


def _promise_sent(form: MultiDict[str, str], at: str) -> Typed:
    steps = _places(form, f"{at}-s-{{}}-do", MOST_STEPS)
    return {name: _text(form, f"{at}-{name}") for name in ("clock", "unit", "calendar")} | {
        "cells": {cell: _text(form, f"{at}-{cell}")[:20] for cell in CELLS},
        "when": {name: form.getlist(f"{at}-when-{name}") for name in NARROWED},
        "narrow": f"{at}-narrow" in form,
        "steps": [_step_sent(form, f"{at}-s-{place}") for place in steps],
    }


def _step_sent(form: MultiDict[str, str], at: str) -> Typed:
    texts = {name: _text(form, f"{at}-{name}")[:300] for name in ("at", "unit", "do", "to")}
    return texts | {"urgent": f"{at}-urgent" in form}


def around(typed: Typed) -> Typed:
    """With the choices that the form offers."""
    return typed | {"choices": choices.offered(typed)}


def act(typed: Typed, wish: str) -> Typed:
    """A row more or less, or higher up; nothing is saved. ``focus`` is the field to go on with."""
    verb, _, rest = wish.partition("-")
    place = [int(part) for part in rest.split("-") if part.isdecimal()]
    done = _ACTS[verb](typed, *place) if verb in _ACTS and len(place) == _ROWS[verb] else ""
    return typed | {"focus": done}


def _add(typed: Typed) -> str:
    rows = typed["promises"]
    if len(rows) < MOST_PROMISES:
        rows.append(empty_promise(typed["kind"]))
    return f"p-{len(rows) - 1}-clock"


def _drop(typed: Typed, at: int) -> str:
    if at < len(typed["promises"]):
        del typed["promises"][at]
    return "add"


def _up(typed: Typed, at: int) -> str:
    rows = typed["promises"]
    if 0 < at < len(rows):
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
        return f"p-{at - 1}-clock"
    return ""


def _narrow(typed: Typed, at: int) -> str:
    if at < len(typed["promises"]):
        typed["promises"][at]["narrow"] = True
    return f"p-{at}-when"


def _step_more(typed: Typed, at: int) -> str:
    if at >= len(typed["promises"]):
        return ""
    steps = typed["promises"][at]["steps"]
    if len(steps) < MOST_STEPS:
        steps.append(dict(EMPTY_STEP))
    return f"p-{at}-s-{len(steps) - 1}-at"


def _step_less(typed: Typed, at: int, step: int) -> str:
    if at < len(typed["promises"]) and step < len(typed["promises"][at]["steps"]):
        del typed["promises"][at]["steps"][step]
    return f"p-{at}-more"


_ACTS: Mapping[str, Any] = {
    "add": _add, "drop": _drop, "up": _up, "narrow": _narrow, "more": _step_more, "less": _step_less,
}  # fmt: skip
_ROWS = {"add": 0, "drop": 1, "up": 1, "narrow": 1, "more": 1, "less": 2}
"""How many numbers each of them needs."""
