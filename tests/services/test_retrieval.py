"""Articles are found by stem, by sound, through slips; only published ones; and the index follows what is saved."""

import pytest
from sqlalchemy import text

from helpdesk.permissions import SYSTEM
from helpdesk.services import handbook, retrieval
from tests.builders import NOON


def an_article(published: bool = True, id_: int | None = None, **given) -> int:
    told = {"titles": {"el": "Βάψιμο διαβάσεων"}, "bodies": {"el": "Οι διαβάσεις βάφονται κάθε άνοιξη με ακρυλικό."}}
    return handbook.save(SYSTEM, "article", id_, NOON, **{**told, **given, "published": published})


@pytest.fixture
def shelf(session) -> int:
    """One article that is asked for, among others."""
    for title in ("Πότισμα πάρκων", "Στολισμός πλατειών", "Ενοικίαση θεάτρου"):
        an_article(titles={"el": title}, bodies={"el": title})
    return an_article()


def first(question: str) -> int | None:
    found = retrieval.search(question)
    return found[0].article_id if found else None


@pytest.mark.parametrize(
    "question",
    ["ΒΑΨΙΜΟ ΔΙΑΒΑΣΕΩΝ", "βαψιμο διαβασης", "vapsimo diavaseon", "βάψημο διαβάσεον", "βαψμο διαβασεων"],
    ids=["capitals", "another case", "Greeklish", "misspelled as it sounds", "a letter missing"],
)
def test_an_article_is_found_however_it_is_written(shelf, question):
    assert first(question) == shelf


def test_small_words_find_nothing(shelf):
    assert retrieval.search("τι να κάνω και πώς") == []
    assert retrieval.search("") == [] and retrieval.search("\x00 ???") == []


def test_a_draft_is_never_found(shelf):
    an_article(published=False, id_=shelf)
    assert first("βάψιμο διαβάσεων") != shelf


def test_what_is_saved_is_found_at_once_and_what_was_there_before_is_not(shelf):
    an_article(id_=shelf, titles={"el": "Σήμανση σχολείων"}, bodies={"el": "Πινακίδες μπροστά σε σχολεία."})
    assert first("σήμανση σχολείων") == shelf
    assert first("βάψιμο διαβάσεων") != shelf


def test_another_phrasing_aims_as_well_as_the_title(shelf):
    asked = "ξεθωριασμένες λευκές γραμμές"
    assert first(asked) is None
    an_article(id_=shelf, phrasings={"el": "Ξεθώριασαν οι λευκές γραμμές\nΔεν φαίνεται η ζέβρα"})
    [found] = [one for one in retrieval.search(asked) if one.article_id == shelf]
    assert found.aim > 0.6


def test_how_much_agrees_tells_a_near_question_from_another(shelf):
    [near] = retrieval.search("βάψιμο διαβάσεων")
    other = next(one for one in retrieval.search("βάψιμο νυχιών σε κομμωτήριο") if one.article_id == shelf)
    assert near.coverage == pytest.approx(1) and near.aim == pytest.approx(1)
    assert other.coverage < 0.5


def test_the_index_can_be_rebuilt_from_the_articles(shelf, session):
    tokens = text("select md5(string_agg(article_token::text, ' ' order by article_token)) from article_token")
    before = session.execute(tokens).one()
    session.execute(text("delete from article_token"))
    assert retrieval.complete() == 0
    assert retrieval.complete(every=True) == 4
    assert session.execute(tokens).one() == before


def test_what_was_never_indexed_is_found_by_the_clock(shelf, session):
    session.execute(text("delete from article_token where article_id = :id"), {"id": shelf})
    session.execute(text("update article set indexed = 0 where id = :id"), {"id": shelf})
    assert retrieval.complete() == 1 and first("βάψιμο διαβάσεων") == shelf
