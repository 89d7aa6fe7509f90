"""Two of the demo's conversations by chat: one that was answered this morning, one that nobody could answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk.permissions import Actor
from helpdesk.services import catalogue, chats
from helpdesk.services.assignment.people import actor_of
from helpdesk.services.chats import Beginning, Key

MINUTE = timedelta(minutes=1)
ANSWERED: Sequence[tuple[str, str]] = (
    ("citizen", "Καλημέρα! Πότε περνάει το απορριμματοφόρο από την οδό Ελιάς;"),
    ("agent", "Καλημέρα σας. Δευτέρα, Τετάρτη και Παρασκευή, μετά τις 21:00."),
    ("citizen", "Και για έναν παλιό καναπέ;"),
    ("agent", "Για ογκώδη κλείνουμε ραντεβού. Το σημείωσα στο αίτημά σας και θα σας πάρουμε τηλέφωνο."),
    ("citizen", "Τέλεια, ευχαριστώ πολύ!"),
)


def show(now: datetime) -> None:
    """Makes both; the citizens' keys are nobody's."""
    _answered(now - 50 * MINUTE)
    left = "Hello, is the municipal pool open on Sunday? The page does not say."
    chats.begin(
        Beginning(left, language="en", name="Emma Clarke", email="emma@example.net", people=True), now - 8 * MINUTE
    )


def _answered(at: datetime) -> None:
    place = next(one for one in catalogue.departments() if one.key == "cleaning")
    agent = _somebody(place.id)
    opening = Beginning(ANSWERED[0][1], name="Στέλιος Μαυρίδης", department_id=place.id, people=True)
    key = chats.begin(opening, at)
    chats.take_over(agent, key.id, at=at + MINUTE)
    for number, (side, words) in enumerate(ANSWERED[1:], start=2):
        _say(key, agent, side, words, at + number * MINUTE)
    chats.end_for_staff(agent, key.id, at=at + 8 * MINUTE)


def _say(key: Key, agent: Actor, side: str, words: str, at: datetime) -> None:
    if side == "agent":
        chats.answer(agent, key.id, words, at=at)
    else:
        chats.say(key, words, at=at)


def _somebody(department_id: int) -> Actor:
    """Whoever works there, an agent first."""
    people = [one for one in catalogue.colleagues() if department_id in one.departments]
    return actor_of(min(people, key=lambda one: (one.role != "agent", one.id)))
