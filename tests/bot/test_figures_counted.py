"""The bot's figures are what counting by hand gives: many chance conversations, each figure counted once more."""

import secrets
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from helpdesk.models.chats import Chat
from helpdesk.permissions import SYSTEM
from helpdesk.services import bot, handbook
from helpdesk.services.bot import figures
from helpdesk.services.dialogue import Spoken
from helpdesk.services.reports import Period
from helpdesk.services.rulebook import ensure_defaults
from tests import builders
from tests.builders import NOON

PERIOD = Period(NOON.date(), NOON.date())
NOW = NOON + timedelta(days=5)
SAID = (
    ("βάψιμο διαβάσεων", ""), ("βάψιμο διαβάσεων", ""), ("ποιος κέρδισε τον αγώνα;", ""), ("ναι", "yes"),
    ("ναι", "yes"), ("ναι", "yes"), ("όχι", "no"),
    ("λάθος", "wrong"), ("άνθρωπος", "human"), ("γεια σας", ""), ("έπιασε φωτιά", ""),
)  # fmt: skip


class Tally:
    """What was done in a conversation, noted beside the bot from what it said back."""

    def __init__(self, visitor: str, email: str, at: datetime) -> None:
        self.visitor, self.email, self.last = visitor, email, at
        self.said = self.answers = self.refused = self.wrong = 0
        self.solved = False
        self.reason = ""


@pytest.fixture
def house(session):
    """A body with one article."""
    ensure_defaults(NOON)
    told = {"titles": {"el": "Βάψιμο διαβάσεων"}, "bodies": {"el": "Οι διαβάσεις βάφονται κάθε άνοιξη."}}
    return handbook.save(SYSTEM, "article", None, NOON, **told, published=True)


def a_chat(session, visitor: str, email: str, at: datetime, handed_over_at: datetime | None = None) -> int:
    chat = Chat(
        token_hash=secrets.token_hex(16), visitor=visitor, email=email, handed_over_at=handed_over_at, bot={},
        state="bot", language="el", opened_at=at, changed_at=at, citizen_seen_at=at,
    )  # fmt: skip
    session.add(chat)
    session.flush()
    return chat.id


def converse(session, chance: Random, number: int) -> Tally:
    """One conversation of up to five things said, with some minutes between them."""
    at = NOON - timedelta(hours=3) + timedelta(minutes=number)
    tally = Tally(f"v{number % 12}", f"p{number % 9}@example.org" if chance.random() < 0.6 else "", at)
    spoken = Spoken(a_chat(session, tally.visitor, tally.email, at), "el", at)
    kept = bot.greet(spoken, at).kept
    for words, choice in chance.choices(SAID, k=chance.randint(0, 5)):
        at += timedelta(minutes=chance.randint(0, 9))
        answer = bot.answer(replace(spoken, kept=kept, choice=choice), words, at)
        note(tally, answer, at, choice)
        kept = answer.kept
    return tally


def note(tally: Tally, answer, at: datetime, choice: str) -> None:
    if answer.lines or answer.hand_over is not None:
        tally.said, tally.last = tally.said + 1, at
    lines = " ".join(answer.lines)
    tally.answers += bool(answer.sources)
    tally.solved |= answer.solved
    tally.refused += "Δεν βρίσκω κάτι γι" in lines or "Δεν είμαι βέβαιο" in lines
    tally.wrong += choice == "wrong" and "όσοι γράφουν" in lines
    if answer.hand_over is not None:
        tally.reason = answer.hand_over.reason


def asked_again(one: Tally, later: list[tuple[str, str, datetime]]) -> bool:
    until = one.last + figures.AGAIN_WITHIN
    return any(
        one.last < at <= until and ((visitor and visitor == one.visitor) or (email and email == one.email))
        for visitor, email, at in later
    )


def test_every_figure_is_what_counting_by_hand_gives(house, session):
    chance = Random(20)
    talks = [converse(session, chance, number) for number in range(120)]
    later: list[tuple[str, str, datetime]] = []
    for number in range(0, 12, 3):
        at = NOON + timedelta(hours=chance.randint(1, 90))
        a_chat(session, f"v{number}", "", at, handed_over_at=at)
        later.append((f"v{number}", "", at))
    for number in range(0, 9, 2):
        at = NOON + timedelta(hours=chance.randint(1, 90))
        person = builders.a_citizen(email=f"P{number}@example.org")
        builders.a_ticket(requester=person, received_at=at)
        later.append(("", f"p{number}@example.org", at))
    told = [one for one in talks if one.said]
    over = [one for one in told if not one.reason]
    confirmed = [one for one in over if one.solved]
    assumed = [one for one in over if one.answers and not one.solved]
    found = figures.report(SYSTEM, PERIOD, now=NOW)
    whole = found.whole
    assert whole.sessions == len(told) and whole.answered == sum(one.answers > 0 for one in told)
    assert (whole.confirmed, whole.assumed) == (len(confirmed), len(assumed)) and confirmed and assumed
    assert whole.handed_over == sum(bool(one.reason) for one in told)
    assert whole.false_deflections == sum(asked_again(one, later) for one in (*confirmed, *assumed)) > 0
    assert whole.answers == sum(one.answers for one in told)
    assert whole.refused == sum(one.refused for one in told) and whole.wrong == sum(one.wrong for one in told)
    assert dict(found.reasons) == Counter(one.reason for one in told if one.reason)
    net = len(confirmed) + len(assumed) - whole.false_deflections
    assert whole.net_share == pytest.approx(100 * net / len(told), abs=0.05)
    assert whole.confirmed_share == pytest.approx(100 * len(confirmed) / len(told), abs=0.05)
