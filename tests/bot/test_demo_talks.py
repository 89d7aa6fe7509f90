"""The demo's conversations with the bot go as they were meant to: some helped, some refused, some passed on."""

from datetime import timedelta

import pytest

from helpdesk.permissions import SYSTEM
from helpdesk.services.bot import figures
from helpdesk.services.demo import bot_talks
from helpdesk.services.demo.phrasings import PHRASINGS
from helpdesk.services.demo.shelf import ABOUT
from helpdesk.services.reports import Period
from helpdesk.services.rulebook import ensure_defaults
from tests.bot.library import fill, tend
from tests.builders import NOON


@pytest.fixture
def whole(session):
    ensure_defaults(NOON - timedelta(days=40))
    tend(fill())
    bot_talks.hold(NOON)
    period = Period((NOON - timedelta(days=30)).date(), NOON.date())
    return figures.report(SYSTEM, period, now=NOON)


def test_they_show_every_kind_of_outcome(whole):
    counts = whole.whole
    assert counts.sessions == len(bot_talks.TALKS)
    assert counts.confirmed >= 3 and counts.handed_over >= 4 and counts.refused >= 2 and counts.wrong == 1
    assert {reason for reason, _ in whole.reasons} >= {"asked", "failed", "emergency", "form"}
    assert whole.unanswered and whole.articles


def test_every_article_of_the_demo_is_asked_for_in_other_ways_in_both_languages():
    assert PHRASINGS.keys() == ABOUT.keys()
    assert all(set(ways) == {"el", "en"} for ways in PHRASINGS.values())
