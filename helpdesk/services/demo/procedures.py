"""How the municipality works what comes again and again: a model for bulky waste, one for street lights."""

from datetime import datetime
from typing import Any

from helpdesk.db import savepoint
from helpdesk.errors import HelpdeskError
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import procedures, records, rulebook, scope
from helpdesk.services.demo.departments import text
from helpdesk.services.demo.house import House
from helpdesk.services.demo.life import Life
from helpdesk.services.demo.people import address_of
from helpdesk.services.demo.stage import Story
from helpdesk.vocabulary import Role, RulebookKind, StepKind

SCRIPT: list[dict[str, Any]] = [
    {"key": "many", "texts": text("Πόσα φώτα είναι σβηστά;", "How many lamps are out?"), "answers": [
        {"texts": text("Ένα", "One"), "advice": text("Στείλτε το συνεργείο αλλαγής λαμπτήρων.", "Send the lamp crew.")},
        {"texts": text("Ολόκληρος ο δρόμος", "The whole street"), "next": "rain"},
    ]},
    {"key": "rain", "texts": text("Έβρεξε το τελευταίο εικοσιτετράωρο;", "Did it rain in the last day?"), "answers": [
        {"texts": text("Ναι", "Yes"),
         "advice": text("Επαναφορά του διακόπτη διαρροής στο κιβώτιο.", "Reset the leakage switch in the box.")},
        {"texts": text("Όχι", "No"),
         "advice": text("Πιθανή βλάβη δικτύου: ειδοποιήστε τον πάροχο.", "Perhaps the grid: call its operator.")},
    ]},
]  # fmt: skip


_MOST_ASKED = 2


def _step(key: str, kind: str, el: str, en: str, **given: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "texts": text(el, en)} | given


MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "street-light-out": ("Σβηστά φώτα", {
        "kind": "incident",
        "names": text("Σβηστό φως στον δρόμο", "Street light out"),
        "owner": address_of("supervisor2"),
        "when": {"service": ["street-light"]},
        "steps": [
            _step("first-questions", "ask", "Πρώτες ερωτήσεις", "First questions", questions=SCRIPT, mandatory=False),
            _step("visit", "task", "Επίσκεψη συνεργείου", "Visit by the crew", team=""),
            _step("lit", "check", "Ανάβει μετά τη δύση του ηλίου", "It is lit after sunset"),
        ],
    }),
    "bulky-collection": ("Αποκομιδή ογκωδών", {
        "kind": "request",
        "names": text("Αποκομιδή ογκωδών", "Bulky waste collection"),
        "owner": address_of("supervisor2"),
        "when": {"service": ["bulky-waste"]},
        "output": text("Τα ογκώδη φεύγουν την ημέρα που συμφωνήθηκε.", "The bulky waste is gone on the agreed day."),
        "steps": [
            _step("who", "verify", "Έλεγχος ότι μένει στη διεύθυνση", "Check that they live there",
                  guide=text("Ζητήστε το όνομα στο κουδούνι και τον αριθμό υδρομέτρου. Μη σημειώσετε τίποτα από αυτά.",
                             "Ask for the name on the bell and the water meter's number. Note down neither.")),
            _step("permit", "approve", "Έγκριση κατάληψης πεζοδρομίου", "Approval to use the pavement",
                  approval={"role": "supervisor"}),
            _step("pavement", "check", "Έλεγχος πεζοδρομίου από τα τεχνικά έργα", "Pavement checked by the works",
                  department="technical-works", hours=16, mandatory=False),
            _step("day", "task", "Συμφωνία ημέρας με τον πολίτη", "Agree on a day with the citizen"),
            _step("collected", "deliver", "Η αποκομιδή έγινε", "The waste was collected"),
        ],
    }),
}  # fmt: skip


def enact(at: datetime) -> None:
    """Puts them in force."""
    for key, (title, data) in MODELS.items():
        rulebook.enact(RulebookKind.MODEL, key, data, title=title, at=at)


def follow(life: Life) -> Story:
    """Works a request by its model, where it has one: step by step, with the approval of a supervisor."""
    for standing in _steps(life):
        if standing.is_settled:
            continue
        _do(life, standing)
        yield life.worked(1, 12)


def _steps(life: Life) -> tuple[procedures.Standing, ...]:
    found = procedures.of(scope.find(SYSTEM, life.number))
    return found.steps if found else ()


def _do(life: Life, standing: procedures.Standing) -> None:
    step, at = standing.step, life.now
    if step.kind is StepKind.APPROVE:
        procedures.ask(life.agent, life.number, step.key, at=at)
        procedures.approve(_supervisor(life), life.number, step.key, at=at)
    elif step.kind is StepKind.ASK:
        procedures.do(life.agent, life.number, step.key, answers=[0], at=at)
    elif not step.mandatory:
        procedures.skip(life.agent, life.number, step.key, "Δεν χρειάστηκε.", at=at)
    else:
        outcome = "verified" if step.kind is StepKind.VERIFY else ""
        procedures.do(life.agent, life.number, step.key, outcome=outcome, at=at)


def _supervisor(life: Life) -> Actor:
    place = life.stage.house.departments[life.place]
    members = (one.actor for one in life.stage.house.members)
    return next(one for one in members if one.role is Role.SUPERVISOR and place in one.departments)


def show(house: House, now: datetime) -> None:
    """On some of what is open, the first steps are done, and a supervisor is asked for an approval."""
    agent, asked = house.of("cleaning")[0].actor, 0
    wanted = records.Wanted(service="bulky-waste", order="newest")
    for item in records.tickets(agent, wanted, None, 30)[0]:
        asked += asked < _MOST_ASKED and _try(agent, int(item["number"]), now)


def _try(agent: Actor, number: int, now: datetime) -> bool:
    """Whether the approval is asked for; what its story has brought to an end already is left as it is."""
    try:
        with savepoint():
            procedures.do(agent, number, "who", outcome="verified", at=now)
            procedures.ask(agent, number, "permit", "Στενό πεζοδρόμιο, λίγες ώρες.", at=now)
    except HelpdeskError:
        return False
    return True
