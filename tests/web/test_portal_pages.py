"""Every page for citizens, in both languages."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import sla
from helpdesk import i18n
from helpdesk.models.help import Article
from helpdesk.models.rulebook import Rulebook
from helpdesk.web.portal import hours
from tests.builders import NOON, a_department, a_service
from tests.house.source import ROOT

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

ARTICLE = "# Κάδοι\n\n## Ημέρες\n\n**κάθε** [βράδυ](javascript:alert(1)) <script>alert(2)</script> ![x](https://evil.example/x.png)"
PAGES = ["", "ask", "ask?q=φως", "ask/other", "track", "help", "help?q=νερό", "contact", "accessibility", "privacy"]


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_there_in_both_languages_with_one_heading(client, language, page):
    a_service(department_id=a_department(phone="+302105550100").id, featured=True)
    answer = client.get(f"/{language}/{page}")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert f'<html lang="{language}"' in answer.text
    assert "style=" not in answer.text


@pytest.mark.parametrize(("language", "told"), [("el", "Δεν βρίσκουμε"), ("en", "We cannot find")])
def test_a_page_that_is_not_there_is_told_in_the_language_of_its_address(client, language, told):
    answer = client.get(f"/{language}/nowhere", headers={"Accept-Language": "en" if language == "el" else "el"})
    assert answer.status_code == 404 and told in answer.text


@pytest.fixture
def article(session):
    row = Article(
        key="bins",
        titles={"el": "Πότε αδειάζουν οι κάδοι", "en": "When bins are emptied"},
        bodies={"el": ARTICLE, "en": "# Bins\n\nEvery night."},
        service_id=a_service(key="bins").id,
        updated_at=NOON,
    )
    session.add(row)
    session.flush()
    return row


def test_an_article_is_safe_html_below_one_heading_and_leads_to_its_service(client, article):
    page = client.get("/el/help/bins").text
    assert page.count("<h1") == 1 and "<h2>Κάδοι</h2>" in page and "<h3>Ημέρες</h3>" in page
    assert "<strong>κάθε</strong>" in page
    assert 'href="javascript' not in page and "<script>alert" not in page and "<img" not in page
    assert "/el/ask/bins" in page


@pytest.mark.parametrize("words", ["κάδοι", "ΚΑΔΟΙ", "καδ", "night"])
def test_an_article_is_found_without_regard_to_accents(client, article, words):
    assert "/el/help/bins" in client.get("/el/help", query_string={"q": words}).text
    assert "/el/help/bins" in client.get("/el/ask", query_string={"q": words}).text


def test_an_article_is_offered_on_its_services_form(client, article):
    assert "/el/help/bins" in client.get("/el/ask/bins").text


def test_an_article_of_any_other_name_is_not_found(client):
    for key in ("nothing", "a%00b", "%F0%9F%98%80", "a" * 3_000):
        assert client.get(f"/el/help/{key}").status_code == 404


def test_what_is_not_published_is_not_there(client, session, article):
    article.published = False
    session.flush()
    assert client.get("/el/help/bins").status_code == 404
    assert "/el/help/bins" not in client.get("/el/help").text + client.get("/el/ask/bins").text


@pytest.mark.parametrize("words", ["%", "'; drop table", "\x00", "a" * 5_000, "<b>", "& | ! :*"])
def test_any_words_can_be_searched_for(client, words):
    for page in ("help", "ask"):
        answer = client.get(f"/en/{page}", query_string={"q": words})
        assert answer.status_code == 200 and "<b>" not in answer.text


def test_departments_show_their_hours_of_today_by_their_own_calendar(client, session):
    always = {"tz": "Europe/Athens", "hours": {day: [["00:00", "24:00"]] for day in WEEKDAYS}}
    row = {"kind": "calendar", "key": "day", "number": 1, "data": always, "state": "in_force", "created_at": NOON}
    session.add(Rulebook(**row))
    session.flush()
    a_department(names={"el": "Βάρδια", "en": "Shift"}, phone="+302105550100", calendar_key="day")
    page = client.get("/en/contact").text
    assert "+30 21 0555 0100" in page and "Today: All day" in page and "Open now" in page


TUESDAY = datetime(2026, 11, 24, tzinfo=ZoneInfo("Europe/Athens"))
HOURS = [(8, "Closed, opens today at 09:00"), (10, "Open now, until 15:00"), (15, "Closed, opens Thursday at 09:00")]


@pytest.mark.parametrize(("hour", "told"), HOURS)
def test_hours_are_told_as_people_would(client, hour, told):
    office = sla.Calendar.from_dict(
        {"tz": "Europe/Athens", "hours": {"tue": [["09:00", "15:00"]], "thu": [["09:00", "13:00"]]}}
    )
    with client.application.test_request_context("/en/"):
        found = hours.of_calendar(office, TUESDAY + timedelta(hours=hour), "en")
    assert (found.told, found.today, found.open) == (told, "09:00–15:00", hour == 10)


def test_every_sentence_of_these_pages_has_its_greek():
    """What is put between quotes in a template or a module of this room stands in the catalogue."""
    missing = {message for message in messages() if message not in i18n.catalogue("el")}
    assert not missing


def messages():
    rooms = [ROOT / "templates" / "portal", ROOT / "helpdesk" / "web" / "portal", ROOT / "templates" / "_layouts"]
    files = [file for room in rooms for file in room.iterdir() if file.suffix in {".html", ".py"}]
    for file in [*files, ROOT / "helpdesk" / "web" / "errors.py"]:
        if file.name != "desk.html":
            for found in re.finditer(r"""(?<![\w.])(?:_|say)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)""", file.read_text()):
                yield "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found.group(1)))
