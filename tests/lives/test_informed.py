"""Thirty lives with every outgoing byte caught: one mail a public change, in its language, and no internal word."""

import itertools
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import select, update

from helpdesk.db import db, table
from helpdesk.models.post import Outbound
from helpdesk.services import accounts, rulebook
from helpdesk.services.outbox import carriage
from tests.builders import an_account
from tests.lives.informed import SECRET, Life, parsed, refreshed, script

_OUT = table(Outbound)
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HEADLINES = {
    "received": ("Λάβαμε το αίτημά σας", "We received your request"),
    "taken_up": ("Κάποιος ασχολείται με το αίτημά σας", "Somebody works on your request"),
    "answered": ("Απάντηση στο αίτημά σας", "Answer to your request"),
    "needs": ("Το αίτημά σας περιμένει κάτι από εσάς", "Your request waits for you"),
    "waits": ("Το αίτημά σας περιμένει ενέργεια άλλων", "Your request waits for others"),
    "scheduled": ("Ορίστηκε ημερομηνία για το αίτημά σας", "There is a date for your request"),
    "resumed": ("Συνεχίζουμε με το αίτημά σας", "We go on with your request"),
    "transferred": ("Στο αίτημά σας θα απαντήσει άλλη υπηρεσία μας", "Another department answers your request"),
    "escalated": ("Το αίτημά σας πήγε σε συναδέλφους που μπορούν", "Your request went to colleagues who can do more"),
    "incomplete": ("Χρειαζόμαστε κάτι από εσάς", "We need something from you"),
    "extended": ("Το αίτημά σας", "Your request takes longer"),
    "call": ("Θα σας τηλεφωνήσουμε", "We will ring you"),
    "call_off": ("Η κλήση που είχαμε υποσχεθεί δεν θα γίνει", "The call we had promised is off"),
    "resolved": ("Το αίτημά σας ολοκληρώθηκε", "Your request is done"),
    "reopened": ("Ασχολούμαστε ξανά με το αίτημά σας", "We are working on your request again"),
    "closed": ("Το αίτημά σας έκλεισε", "Your request is closed"),
    "cancelled": ("Το αίτημά σας τερματίστηκε", "Your request has ended"),
    "forwarded": ("Το αίτημά σας", "Your request went to another body"),
}
JARGON = re.compile(r"\b(ticket|SLA|OLA|triage|escalat\w*|assignee|waiting_\w+|status|queue)\b", re.IGNORECASE)
GREEK = re.compile(r"[α-ωά-ώ]{3,}", re.IGNORECASE)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(MORNING)
    an_account(is_default=True, address="info@city.example")


@pytest.fixture
def sink() -> Path:
    """The folder in which every outgoing mail lands, byte by byte, empty."""
    folder = Path(current_app.config["SETTINGS"].smtp_url.removeprefix("file://"))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def leaves(now: datetime) -> None:
    """Everything that is due by then is carried by the channel, as a worker does."""
    book = accounts.book()
    due = select(_OUT).where(_OUT.c.state == "waiting", _OUT.c.due_at <= now).order_by(_OUT.c.due_at, _OUT.c.id)
    for row in db.session.execute(due).all():
        outcome = carriage.carry(row, book)
        done = {"state": outcome.state, "settled_at": now, "attempts": 1}
        db.session.execute(update(_OUT).where(_OUT.c.id == row.id).values(**done))


@pytest.mark.parametrize("number", range(30))
def test_a_life_is_told_change_by_change_in_its_language_without_an_internal_word(sink, number):
    language = ("el", "en")[number // 2 % 2]
    life = Life(language, MORNING)
    for act in script(number):
        act(life)
        refreshed(life)
        leaves(life.at + MINUTE)
        life.at = _by_day(life.at)
    leaves(life.at.replace(year=2027))
    mails = [path.read_bytes() for path in sorted(sink.iterdir(), key=lambda one: one.stat().st_mtime_ns)]
    mine = [mail for mail in map(parsed, mails) if life.address in str(mail["To"])]
    subjects = [str(mail["Subject"]).split("] ", 1)[-1] for mail in mine]
    wanted = [HEADLINES[name][0 if language == "el" else 1] for name in life.told]
    wrong = [pair for pair in itertools.zip_longest(wanted, subjects) if not (pair[1] or "").startswith(pair[0] or "-")]
    assert not wrong, json.dumps(wrong, ensure_ascii=False)
    for mail in mine:
        _reads_well(mail, language)


def _by_day(at: datetime) -> datetime:
    """The next act falls into the day, so that no letter waits for the morning."""
    return at if at.hour < 15 else at.replace(hour=5) + timedelta(days=1)


def _reads_well(mail, language: str) -> None:
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    texts = [str(mail["Subject"]), *(part.get_content() for part in parts)]
    whole = "\n".join(texts)
    assert SECRET not in whole
    plain = re.sub(r"https?://\S+|<[^>]+>", "", whole)
    assert not JARGON.search(plain), JARGON.search(plain)
    if language == "en":
        own = plain.replace("Δήμος Δοκιμής", "").replace("ΔΕΔΔΗΕ", "")
        own = re.sub(r"Υπάλληλος \d+|Πολίτης \d+", "", own)
        assert not GREEK.search(own), GREEK.search(own)
