"""The bot's figures: confirmed is told from assumed, who asked again counts against it, misses are put together."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.errors import Forbidden
from helpdesk.models.chats import Chat
from helpdesk.permissions import SYSTEM
from helpdesk.services import bot, handbook
from helpdesk.services.bot import clusters, figures
from helpdesk.services.dialogue import Spoken
from helpdesk.services.reports import Period
from helpdesk.services.rulebook import ensure_defaults
from tests import builders
from tests.builders import NOON

PERIOD = Period(NOON.date(), NOON.date())
LATER = NOON + timedelta(days=4)


@pytest.fixture
def crossing(session):
    """An article of a department; its id."""
    ensure_defaults(NOON)
    house = builders.a_department()
    told = {"titles": {"el": "Βάψιμο διαβάσεων"}, "bodies": {"el": "Οι διαβάσεις βάφονται κάθε άνοιξη."}}
    return handbook.save(SYSTEM, "article", None, NOON, **told, published=True, department_id=house.id)


def a_chat(session, visitor: str = "v", email: str = "", handed_over_at=None) -> int:
    given = {"state": "bot", "language": "el", "opened_at": NOON, "changed_at": NOON, "citizen_seen_at": NOON}
    chat = Chat(token_hash=secrets.token_hex(16), visitor=visitor, email=email,
                handed_over_at=handed_over_at, bot={}, **given)  # fmt: skip
    session.add(chat)
    session.flush()
    return chat.id


def talk(chat_id: int, *said: tuple[str, str]) -> None:
    spoken = Spoken(chat_id, "el", NOON)
    answer = bot.greet(spoken, NOON)
    for words, choice in said:
        answer = bot.answer(replace(spoken, kept=answer.kept, choice=choice), words, NOON)


ASKED = ("βάψιμο διαβάσεων", "")


def counts(**given):
    return figures.report(SYSTEM, PERIOD, now=LATER, **given).whole


def test_confirmed_is_told_from_assumed_and_from_handed_over(crossing, session):
    talk(a_chat(session, "a"), ASKED, ("ναι", "yes"))
    talk(a_chat(session, "b"), ASKED)
    talk(a_chat(session, "c"), ASKED, ("άνθρωπος", "human"))
    talk(a_chat(session, "d"), ("ποιος κέρδισε τον αγώνα;", ""))
    talk(a_chat(session, "e"))
    found = counts()
    assert (found.sessions, found.answered, found.confirmed, found.assumed, found.handed_over) == (4, 3, 1, 1, 1)
    assert (found.refused, found.false_deflections, found.confirmed_share, found.net_share) == (1, 0, 25.0, 50.0)


def test_a_conversation_of_this_minute_is_not_assumed_to_be_over(crossing, session):
    talk(a_chat(session), ASKED)
    assert figures.report(SYSTEM, PERIOD, now=NOON + timedelta(minutes=5)).whole.assumed == 0


def test_who_asks_people_within_three_days_was_not_helped(crossing, session):
    talk(a_chat(session, "a"), ASKED, ("ναι", "yes"))
    talk(a_chat(session, "b", "b@example.org"), ASKED)
    talk(a_chat(session, "c", "c@example.org"), ASKED)
    a_chat(session, "a", handed_over_at=NOON + timedelta(hours=71))
    asking = builders.a_citizen(email="B@example.org")
    builders.a_ticket(requester=asking, received_at=NOON + timedelta(hours=1))
    late = builders.a_citizen(email="c@example.org")
    builders.a_ticket(requester=late, received_at=NOON + timedelta(hours=73))
    found = counts()
    assert (found.confirmed, found.assumed, found.false_deflections) == (1, 2, 2)
    assert found.net_share == pytest.approx(33.3)


def test_what_people_said_of_an_article_stands_by_it(crossing, session):
    talk(a_chat(session), ASKED, ("ναι", "yes"))
    talk(a_chat(session), ASKED, ("λάθος", "wrong"))
    talk(a_chat(session), ASKED, ("όχι", "no"))
    [one] = figures.report(SYSTEM, PERIOD, now=LATER).articles
    assert (one.article_id, one.answers, one.helped, one.did_not, one.wrong) == (crossing, 3, 1, 1, 1)


def test_misses_alike_are_put_together_the_most_frequent_first(crossing, session):
    talk(a_chat(session), ("πότε φεύγει το καράβι", ""), ("ποιος κέρδισε τον αγώνα", ""))
    talk(a_chat(session), ("ποιος κέρδισε στον αγώνα;", ""))
    found = figures.report(SYSTEM, PERIOD, now=LATER).unanswered
    assert [(one.count, len(one.asked)) for one in found] == [(2, 2), (1, 1)]


def test_why_people_went_on_is_counted(crossing, session):
    talk(a_chat(session), ("έπιασε φωτιά", ""))
    talk(a_chat(session), ("άνθρωπος", ""))
    talk(a_chat(session), ("άνθρωπος", ""))
    assert figures.report(SYSTEM, PERIOD, now=LATER).reasons == [("asked", 2), ("emergency", 1)]


def test_of_one_department(crossing, session):
    talk(a_chat(session), ASKED)
    place = handbook.find("article", crossing).department_id
    assert counts(department_id=place).sessions == 1
    assert counts(department_id=builders.a_department().id).sessions == 0


def test_agents_do_not_see_them(crossing):
    with pytest.raises(Forbidden):
        figures.report(builders.an_agent(builders.a_department()), PERIOD)


def test_questions_without_telling_words_are_in_no_cluster():
    assert clusters.gather([("τι;", [], (1, 1)), ("", ["νερο"], (1, 2)), ("νερό", ["νερο"], (2, 1))])[0].count == 2
