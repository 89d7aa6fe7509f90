"""The demo's agreements, as data: what everybody is promised, and what departments and a supplier promise for it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from helpdesk.services import rulebook
from helpdesk.services.demo.departments import DEPARTMENTS
from helpdesk.services.demo.people import address_of

HOURS = 3600
Amounts = Mapping[str, int]

TARGETS: Mapping[str, Amounts] = {
    "first_response": {"critical": 1 * HOURS, "high": 2 * HOURS, "normal": 6 * HOURS, "low": 10 * HOURS},
    "next_response": {"critical": 2 * HOURS, "high": 4 * HOURS, "normal": 10 * HOURS, "low": 14 * HOURS},
    "update": {"critical": 4 * HOURS, "high": 14 * HOURS, "normal": 35 * HOURS, "low": 70 * HOURS},
    "resolution": {"critical": 6 * HOURS, "high": 14 * HOURS, "normal": 35 * HOURS, "low": 70 * HOURS},
}
"""Seconds of worked time by clock and priority."""

STAYS: Amounts = {"critical": 5 * HOURS, "high": 12 * HOURS, "normal": 28 * HOURS, "low": 56 * HOURS}
"""How long a department may have it."""

_USUAL_STEPS: list[dict[str, Any]] = [{"at": "75%", "do": "warn"}, {"at": 0, "do": "breach"}]
_STEPS: Mapping[str, list[dict[str, Any]]] = {
    "resolution": [
        {"at": "75%", "do": "warn"},
        {"at": "90%", "do": "notify-owner"},
        {"at": 0, "do": "breach"},
        {"at": 2 * HOURS, "do": "escalate-to-supervisor"},
    ],
    "statutory": [
        {"at": "70%", "do": "warn"},
        {"at": "80%", "do": "notify-owner"},
        {"at": "90%", "do": "escalate-to-supervisor"},
        {"at": "95%", "do": "tell-citizen"},
        {"at": 0, "do": "breach"},
    ],
}
APPLICATIONS = ["family-certificate", "birth-certificate", "rent-support"]
"""Services in which the law gives fifty days to decide, and three to pass on what belongs elsewhere."""


class Made(NamedTuple):
    """One agreement: its key, its title, its data."""

    key: str
    title: str
    data: dict[str, Any]


def agreements(at: datetime) -> Iterator[Made]:
    """All of them, agreed on that day."""
    yield Made("default", "Δεσμεύσεις του Δήμου", usual(at))
    for item in DEPARTMENTS:
        yield Made(f"ola-{item['key']}", f"Συμφωνία με: {item['names']['el']}", _stay(item["key"], at))
    yield Made("port-fund", "Συμφωνία με το Λιμενικό Ταμείο", _commissioned("port-fund", at))
    yield Made("ua-street-lighting", "Σύμβαση συντήρησης οδοφωτισμού", _contracted("street-lighting", at))


def usual(at: datetime) -> dict[str, Any]:
    """The promises to everybody: what is urgent soonest, and who is told when one is in danger."""
    targets = [target for clock, amounts in TARGETS.items() for target in _targets(clock, amounts, _steps(clock))]
    law = {"when": {"service": APPLICATIONS}}
    targets += [
        {"clock": "statutory", "days": 50, "steps": _STEPS["statutory"], **law},
        {"clock": "forwarding", "days": 3, "steps": _USUAL_STEPS, **law},
    ]
    targets += rulebook.lawful()
    return {
        "targets": targets,
        "pauses": {"resolution": ["waiting_requester", "scheduled"], "update": ["waiting_requester"]},
        "reopen": "continue",
        "agreement": _signed("supervisor", at, 365, kind="sla", terms=(
            "Ισχύουν για κάθε αίτημα, όπως δημοσιεύονται στην πύλη του Δήμου. Οι χρόνοι μετρούν στις ώρες λειτουργίας"
            " του τμήματος που έχει το αίτημα."
        )),
    }  # fmt: skip


def _steps(clock: str) -> list[dict[str, Any]]:
    return _STEPS.get(clock, _USUAL_STEPS)


def _targets(clock: str, amounts: Amounts, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"clock": clock, "seconds": seconds, "when": {"priority": [priority]}, "steps": steps}
        for priority, seconds in amounts.items()
    ]


_REVIEWS: Mapping[str, int] = {"registry": 60, "water": 75}
"""Days until a look is due where it is not a year: one is overdue when the demo begins, one comes soon."""
_LONGER: Mapping[str, Amounts] = {"technical-works": {"low": 80 * HOURS}}
"""Where a department asked for more time than the citizen is promised."""
_CREWS = {"water": "leak-crew", "technical-works": "road-crew"}


def _stay(department: str, at: datetime) -> dict[str, Any]:
    """What a department promises the house: to be done, or to hand on, in good time for the promise to citizens."""
    crew = _CREWS.get(department)
    steps = [*_USUAL_STEPS, *([{"at": "90%", "do": "escalate-to-group", "to": crew}] if crew else [])]
    owner = "supervisor2" if department in ("technical-works", "cleaning", "water") else "supervisor"
    return {
        "targets": _targets("ola", {**STAYS, **_LONGER.get(department, {})}, steps),
        "pauses": {"ola": ["waiting_requester", "waiting_supplier", "scheduled"]},
        "when": {"department": [department]},
        "agreement": _signed(owner, at, _REVIEWS.get(department, 365), kind="ola", department=department, terms=(
            "Το τμήμα τελειώνει ή παραπέμπει κάθε αίτημα μέσα στους χρόνους του, και λέει εγκαίρως όταν δεν μπορεί."
        )),
    }  # fmt: skip


_COMMISSIONED: Mapping[str, Amounts] = {
    "first_response": {"critical": 1 * HOURS, "high": 2 * HOURS, "normal": 4 * HOURS, "low": 7 * HOURS},
    "resolution": {"critical": 5 * HOURS, "high": 12 * HOURS, "normal": 30 * HOURS, "low": 60 * HOURS},
}
_CONTRACTED: Amounts = {"critical": 4 * HOURS, "high": 10 * HOURS, "normal": 24 * HOURS, "low": 48 * HOURS}


def _commissioned(customer: str, at: datetime) -> dict[str, Any]:
    """What a body that commissions services is promised beyond the usual; it is told before we break our word."""
    steps: list[dict[str, Any]] = [
        {"at": "75%", "do": "warn"},
        {"at": "90%", "do": "notify-customer"},
        {"at": 0, "do": "breach"},
    ]
    return {
        "targets": [target for clock, amounts in _COMMISSIONED.items() for target in _targets(clock, amounts, steps)],
        "order": 50,
        "when": {"customer": [customer]},
        "agreement": _signed("supervisor2", at, 365, kind="sla", customer=customer, terms=(
            "Κάθε τρίμηνο στέλνουμε αναφορά με όσα τηρήθηκαν και όσα όχι."
        )),
    }  # fmt: skip


def _contracted(supplier: str, at: datetime) -> dict[str, Any]:
    """What a supplier promises by its contract, in the hours of our offices."""
    steps: list[dict[str, Any]] = [{"at": "80%", "do": "notify-owner"}, {"at": 0, "do": "breach"}]
    contract = _signed("supervisor2", at, 300, kind="ua", supplier=supplier, terms=(
        "Σύμβαση 14 μηνών. Προηγούνται οι βλάβες που βάζουν σε κίνδυνο ανθρώπους."
    ))  # fmt: skip
    return {
        "targets": [target | {"calendar": "office"} for target in _targets("ua", _CONTRACTED, steps)],
        "when": {"supplier": [supplier]},
        "agreement": contract | {"valid_until": f"{at + timedelta(days=425):%Y-%m-%d}"},
    }


def _signed(owner: str, at: datetime, days: int, **more: str) -> dict[str, str]:
    return more | {
        "owner": address_of(owner),
        "valid_from": f"{at:%Y-%m-%d}",
        "review_on": f"{at + timedelta(days=days):%Y-%m-%d}",
    }
