"""The bot's figures and its switch: the supervisor's page, files, the API; what the command line explains."""

import csv
import io
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from helpdesk import clock
from helpdesk.permissions import SYSTEM
from helpdesk.services import bot, handbook
from helpdesk.services.bot import settings
from helpdesk.services.bot.explaining import explain
from helpdesk.services.dialogue import Spoken
from helpdesk.services.rulebook import ensure_defaults
from tests.builders import NOON, a_department, a_supervisor, an_administrator, an_agent
from tests.web.machine import Machine
from tests.web.test_supervise import page, signed_in


@pytest.fixture
def article(session) -> int:
    """An article that was asked for once; somebody asked for something else, too."""
    ensure_defaults(NOON)
    told = {
        "titles": {"el": "Βάψιμο διαβάσεων", "en": "Painting of crossings"},
        "bodies": {"el": "Οι διαβάσεις βάφονται κάθε άνοιξη.", "en": "Crossings are painted every spring."},
    }
    made = handbook.save(SYSTEM, "article", None, NOON, **told, published=True, department_id=a_department().id)
    spoken, at = Spoken(0, "el", clock.now()), clock.now()
    for words in ("βάψιμο διαβάσεων", "=ποιος κέρδισε τον αγώνα"):
        bot.answer(replace(spoken, kept=bot.greet(spoken, at).kept), words, at)
    return made


@pytest.fixture
def supervisor(client: FlaskClient, article) -> FlaskClient:
    return signed_in(client, a_supervisor(a_department()))


def test_the_page_shows_figures_misses_and_articles(supervisor):
    shown = page(supervisor, "/supervise/bot")
    assert "ποιος κέρδισε τον αγώνα" in shown and "Painting of crossings" in shown
    assert "/supervise/bot.csv" in shown and 'name="on"' not in shown, "only administrators decide"


def test_a_body_without_conversations_is_told_what_will_stand_there(client, session):
    shown = page(signed_in(client, a_supervisor(a_department())), "/supervise/bot?language=en")
    assert "Nobody spoke with the bot" in shown


def test_the_files_say_the_same_and_no_cell_is_a_formula(supervisor):
    lines = list(csv.reader(io.StringIO(supervisor.get("/supervise/bot.csv").text)))
    assert ["sessions", "", "2"] in lines and ["unanswered", "'=ποιος κέρδισε τον αγώνα", "1"] in lines
    found = supervisor.get("/supervise/bot.json").json
    assert found["whole"]["answered"] == 1 and found["unanswered"][0]["count"] == 1


def test_agents_are_kept_out(client, article):
    assert signed_in(client, an_agent(a_department())).get("/supervise/bot").status_code == 403


def test_an_administrator_switches_it_off_and_on(client, article):
    desk = signed_in(client, an_administrator())
    token = page(desk, "/supervise/bot").split('name="csrf_token" value="')[1].split('"')[0]
    desk.post("/supervise/bot/settings", data={"csrf_token": token})
    assert not bot.is_on(None) and not settings.current().on
    desk.post("/supervise/bot/settings", data={"csrf_token": token, "on": "yes"})
    assert bot.is_on(None)


def test_the_api_tells_those_who_lead(client, article):
    boss, agent = a_supervisor(a_department()), an_agent(a_department())
    found = Machine(client, boss).get("/reports/bot").json
    assert found["whole"]["sessions"] == 2 and found["articles"][0]["article_id"] == article
    assert Machine(client, agent).get("/reports/bot").status_code == 403


def test_what_it_would_do_is_explained_and_not_kept(article, session):
    found = explain("βάψιμο διαβάσεων", "el", NOON)
    assert found.article and found.passage.startswith("Οι διαβάσεις") and found.weighed[0].coverage == 1
    assert explain("ποιος κέρδισε;", "el", NOON).article == ""
    assert explain("έπιασε φωτιά", "el", NOON).wish == "emergency"


def test_administrators_write_other_ways_to_ask(client, article):
    shown = page(signed_in(client, an_administrator()), f"/admin/articles/{article}")
    assert 'name="phrasings-el"' in shown and 'name="phrasings-en"' in shown


def test_an_editor_gives_a_missed_question_its_article_by_one_click(client, article):
    desk = signed_in(client, an_administrator())
    shown = page(desk, "/supervise/bot/questions?language=en")
    assert "ποιος κέρδισε τον αγώνα" in shown and "asked once" in shown
    token, turn = (shown.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf_token", "turn"))
    given = {"csrf_token": token, "turn": turn, "article": str(article), "words": "ποιος κέρδισε τον αγώνα βαψίματος"}
    assert desk.post("/supervise/bot/questions", data=given).status_code == 303
    after = page(desk, "/supervise/bot/questions?language=en")
    assert "is found by these words" in after and "Nothing to learn from" in after
    assert "βαψίματος" in handbook.find("article", article).phrasings["el"]
    desk.post("/supervise/bot/questions", data=given)
    assert "took this question up already" in page(desk, "/supervise/bot/questions?language=en")


def test_a_missed_question_is_set_aside_and_nonsense_is_refused_kindly(client, article):
    desk = signed_in(client, an_administrator())
    shown = page(desk, "/supervise/bot/questions?language=en")
    token, turn = (shown.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf_token", "turn"))
    for wrong in (
        {"article": "", "words": "αγώνας"},
        {"article": "x", "words": "αγώνας"},
        {"turn": "x", "aside": "yes"},
    ):
        answer = desk.post("/supervise/bot/questions", data={"csrf_token": token, "turn": turn} | wrong)
        assert answer.status_code == 303
        assert "Choose an article" in page(desk, "/supervise/bot/questions?language=en")
    desk.post("/supervise/bot/questions", data={"csrf_token": token, "turn": turn, "aside": "yes"})
    assert "Nothing to learn from" in page(desk, "/supervise/bot/questions?language=en")


def test_supervisors_read_what_it_can_learn_and_teach_nothing(supervisor):
    shown = page(supervisor, "/supervise/bot/questions?language=en")
    assert "ποιος κέρδισε τον αγώνα" in shown and 'name="turn"' not in shown
    token = shown.split('name="csrf_token" value="')[1].split('"')[0] if "csrf_token" in shown else ""
    given = {"csrf_token": token, "turn": "1.1", "aside": "yes"}
    assert supervisor.post("/supervise/bot/questions", data=given).status_code in (400, 403)
