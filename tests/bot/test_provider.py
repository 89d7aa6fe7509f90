"""The answer provider by its contract, against a strict server on loopback: what is sent, believed, and dropped."""

import json
import ssl
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk.errors import Forbidden, Invalid
from helpdesk.permissions import SYSTEM
from helpdesk.services import bot, handbook
from helpdesk.services.bot import provider, settings
from helpdesk.services.bot.provider import Passage, Worded, why_dropped
from helpdesk.services.bot.settings import BotSettings
from helpdesk.services.dialogue import Spoken
from helpdesk.services.rulebook import ensure_defaults
from tests import builders
from tests.builders import NOON
from tests.certificates import certificate_for

BODY = "Οι διαβάσεις βάφονται κάθε άνοιξη, ως τις 30 Απριλίου."
PASSAGE = Passage("crossings", "Βάψιμο", BODY)


class Model(BaseHTTPRequestHandler):
    """Refuses what is not exactly of the agreed form; then answers as it was told to, or drips."""

    asked: list[dict] = []  # noqa: RUF012
    told: dict = {}  # noqa: RUF012
    status = 200
    drips = 0.0

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fine = set(asked) == {"question", "language", "passages"} and asked["language"] in ("el", "en")
        fine = fine and all(set(one) == {"id", "title", "text"} for one in asked["passages"])
        fine = fine and self.headers["Authorization"] == "Bearer secret" and self.path == "/answer"
        fine = fine and self.headers["Content-Type"] == "application/json"
        Model.asked.append(asked)
        body = json.dumps(Model.told).encode()
        self.send_response(Model.status if fine else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for at in range(len(body)):
            time.sleep(Model.drips)
            try:
                self.wfile.write(body[at : at + 1])
            except OSError:
                return

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def model(session, tmp_path):
    """The server, known as the provider; reset."""
    Model.asked, Model.status, Model.drips = [], 200, 0.0
    place = certificate_for("127.0.0.1", tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    before = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(
        before, private_hosts=("127.0.0.1",), answer_provider_token="secret",
        answer_provider_url=f"https://127.0.0.1:{server.server_port}/answer",
    )  # fmt: skip
    current_app.extensions["trust"] = ssl.create_default_context(cafile=place)
    yield Model
    current_app.config["SETTINGS"] = before
    current_app.extensions.pop("trust")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def article(session):
    """A department that lets its passages be worded, and an article of it."""
    ensure_defaults(NOON)
    house = builders.a_department(key="roads")
    settings.decide(builders.an_administrator(), BotSettings(worded=("roads",)), NOON)
    told = {"titles": {"el": "Βάψιμο διαβάσεων"}, "bodies": {"el": BODY}}
    id_ = handbook.save(SYSTEM, "article", None, NOON, **told, published=True, department_id=house.id)
    return handbook.find("article", id_)


def said(question: str = "βάψιμο διαβάσεων") -> tuple[str, ...]:
    return bot.answer(Spoken(0, "el", NOON), question, NOON).lines


def test_a_good_answer_is_told_labelled_and_with_its_source(model, article, session):
    model.told = {"text": "Κάθε άνοιξη, ως τις 30 Απριλίου.", "citations": [article.key], "confidence": 0.9}
    answer = bot.answer(Spoken(0, "el", NOON), "βάψιμο διαβάσεων", NOON)
    assert "γλωσσικό μοντέλο" in answer.lines[0] and answer.lines[1] == model.told["text"]
    assert answer.sources[0].article_id == article.id
    assert session.execute(text("select worded from bot_turn")).scalar_one() is True
    [asked] = model.asked
    assert asked["passages"] == [{"id": article.key, "title": "Βάψιμο διαβάσεων", "text": BODY}]


@pytest.mark.parametrize(
    "told",
    [
        {"text": "Την άνοιξη.", "citations": [], "confidence": 0.9},
        {"text": "Την άνοιξη.", "citations": ["another"], "confidence": 0.9},
        {"text": "Την άνοιξη.", "citations": "crossings", "confidence": 0.9},
        {"text": "Ως τις 15 Μαΐου.", "citations": ["KEY"], "confidence": 0.9},
        {"text": "Την άνοιξη.", "citations": ["KEY"], "confidence": 0.2},
        {"text": "", "citations": ["KEY"], "confidence": 0.9},
        {"text": "Την άνοιξη."},
        [],
    ],
    ids=["no citation", "foreign", "no list", "a number of its own", "unsure", "empty", "unfinished", "no object"],
)
def test_what_does_not_hold_is_dropped_and_the_passage_quoted(model, article, told):
    if isinstance(told, dict) and told.get("citations") == ["KEY"]:
        told = told | {"citations": [article.key]}
    model.told = told
    assert said()[1] == BODY and len(model.asked) == 1


def test_an_error_or_a_dripping_answer_costs_at_most_the_agreed_seconds(model, article, monkeypatch):
    model.told = {"text": "Την άνοιξη.", "citations": [article.key], "confidence": 0.9}
    model.status = 500
    assert said()[1] == BODY
    monkeypatch.setattr(provider, "SECONDS", 1.0)
    model.status, model.drips = 200, 0.2
    begin = time.monotonic()
    assert said()[1] == BODY
    assert time.monotonic() - begin < 5


def test_nothing_leaves_without_the_departments_leave(model, article):
    settings.decide(builders.an_administrator(), BotSettings(), NOON)
    assert said()[1] == BODY and model.asked == []


def test_nothing_leaves_where_no_provider_is_set(article):
    assert provider.provider() is None and said()[1] == BODY


def test_an_answer_counts_by_length_citations_confidence_and_numbers():
    assert why_dropped(Worded("Ναι, στις 30.", ("crossings",), 1.0), [PASSAGE]) == ""
    assert why_dropped(Worded("α" * 2_000, ("crossings",), 1.0), [PASSAGE]) == "length"
    assert why_dropped(Worded("Ναι.", ("crossings",), 1.5), [PASSAGE]) == "confidence"


def test_the_question_leaves_without_what_names_somebody(model, article):
    model.told = {}
    provider.worded("βάψιμο, γράψτε στο maria@example.org ή 2101234567", article, "el")
    assert "maria" not in model.asked[0]["question"] and "2101234567" not in model.asked[0]["question"]


def test_only_administrators_decide_and_only_about_departments_that_there_are(session):
    with pytest.raises(Forbidden):
        settings.decide(builders.a_supervisor(builders.a_department()), BotSettings(), NOON)
    with pytest.raises(Invalid):
        settings.decide(builders.an_administrator(), BotSettings(worded=("nowhere",)), NOON)
