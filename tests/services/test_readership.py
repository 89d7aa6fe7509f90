"""Who may read an article: everybody, colleagues, or its department; the same law for lists, searches and answers."""

import pytest

from helpdesk.errors import Invalid, NotFound
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import bot, handbook, problems, readership, retrieval, selfhelp
from helpdesk.services.bot import reading
from helpdesk.services.dialogue import Spoken
from helpdesk.vocabulary import ActorKind, Readership
from tests.builders import NOON, a_citizen, a_department, a_ticket, an_administrator, an_agent

pytestmark = pytest.mark.usefixtures("rules")
WORDS = "βάψιμο διαβάσεων"


@pytest.fixture
def shelf(department):
    """An article for each readership, all of one department and about the same; their keys."""
    kept = {}
    for audience in Readership:
        told = {"titles": {"el": "Βάψιμο διαβάσεων"}, "bodies": {"el": "Κάθε άνοιξη."}, "audience": audience.value}
        kept[audience] = handbook.save(
            SYSTEM, "article", None, NOON, **told, published=True, department_id=department.id
        )
    return {audience: handbook.find("article", id_).key for audience, id_ in kept.items()}


def readers(department):
    """Everybody who may come, and what they may read."""
    citizen = Actor(ActorKind.CITIZEN, a_citizen().id)
    everything = set(Readership)
    return [
        (readership.PUBLIC, {Readership.PUBLIC}),
        (readership.of(citizen), {Readership.PUBLIC}),
        (readership.of(an_agent(a_department())), {Readership.PUBLIC, Readership.STAFF}),
        (readership.of(an_agent(department)), everything),
        (readership.of(an_administrator()), everything),
        (readership.of(SYSTEM), everything),
    ]


def test_lists_searches_and_pages_show_each_reader_what_is_for_them(shelf, department):
    ids = {handbook_id(key): key for key in shelf.values()}
    for reader, may in readers(department):
        wanted = {shelf[one] for one in may}
        assert {row.key for row in selfhelp.articles(reader)} == wanted
        assert {row.key for row in selfhelp.search_articles(WORDS, reader=reader)} == wanted
        assert {ids[one.article_id] for one in retrieval.search(WORDS, reader)} == wanted
        for key in shelf.values():
            if key in wanted:
                assert selfhelp.article(key, reader).key == key
            else:
                with pytest.raises(NotFound):
                    selfhelp.article(key, reader)


def handbook_id(key: str) -> int:
    return next(row.id for row in handbook.all_of("article") if row.key == key)


def test_who_says_nothing_of_themselves_is_a_citizen(shelf):
    assert [row.key for row in selfhelp.search_articles(WORDS)] == [shelf[Readership.PUBLIC]]
    assert [row.key for row in selfhelp.articles()] == [shelf[Readership.PUBLIC]]


def test_a_ticket_shows_colleagues_what_is_for_them(shelf, department):
    ticket = a_ticket(department_id=department.id, subject="Βάψιμο διαβάσεων", text="Πότε βάφονται οι διαβάσεις;")
    mine = problems.for_ticket(an_agent(department), ticket, WORDS).articles
    theirs = problems.for_ticket(an_agent(a_department()), ticket, WORDS).articles
    assert {row.key for row in mine} == set(shelf.values())
    assert {row.audience for row in theirs} == {"public", "staff"}


def test_the_bot_knows_and_offers_what_everybody_may_read_only(shelf, department):
    said = bot.answer(Spoken(0, "el", NOON), WORDS, NOON)
    assert [one.link.rsplit("/", 1)[1] for one in said.sources] == [shelf[Readership.PUBLIC]]
    every = [row.id for row in handbook.all_of("article")]
    assert [row.key for row in reading.articles(every).values()] == [shelf[Readership.PUBLIC]]


def test_a_body_whose_articles_are_all_for_colleagues_has_no_bot(department):
    told = {"titles": {"el": "Κλειδιά"}, "bodies": {"el": "Στο συρτάρι."}, "audience": "staff"}
    handbook.save(SYSTEM, "article", None, NOON, **told, published=True)
    assert not bot.is_on(None)


def test_an_article_that_was_offered_and_is_for_colleagues_since_is_not_shown(shelf, department):
    spoken = Spoken(0, "el", NOON)
    offered = bot.answer(spoken, "διαβάσεις στο μεγάλο χωριό του δάσους", NOON)
    choice = next(one for one in offered.choices if one.key.startswith("article:"))
    id_ = int(choice.key.split(":")[1])
    row = handbook.find("article", id_)
    handbook.save(SYSTEM, "article", id_, NOON, titles=row.titles, bodies=row.bodies, audience="staff",
                  department_id=department.id)  # fmt: skip
    again = Spoken(0, "el", NOON, kept=offered.kept, choice=choice.key)
    said = bot.answer(again, choice.text, NOON)
    assert not said.sources and "Κάθε άνοιξη." not in said.lines


def test_an_article_for_a_department_belongs_to_one(session):
    told = {"titles": {"el": "Κλειδιά"}, "bodies": {"el": "Στο συρτάρι."}}
    with pytest.raises(Invalid) as refused:
        handbook.save(SYSTEM, "article", None, NOON, **told, audience="department")
    assert set(refused.value.fields) == {"department_id"}
    with pytest.raises(Invalid):
        handbook.save(SYSTEM, "article", None, NOON, **told, audience="the world")
