"""Every page of a demo says that it is one, and asks the database for that only now and then."""

import pytest
from sqlalchemy import event, insert

from helpdesk.db import db, table
from helpdesk.models.rulebook import Setting
from helpdesk.services import body
from tests.builders import NOON, an_agent
from tests.web.browsers import Browser

WORDS = {"el": "Φανταστικός δήμος", "en": "Fictional municipality"}


@pytest.fixture
def demo(session):
    """A body that is marked as fictional."""
    session.execute(insert(table(Setting)).values(key=body.DEMO, data={"days": 1}, changed_at=NOON))
    session.commit()
    body.forget_name()
    yield
    body.forget_name()


@pytest.mark.parametrize("language", WORDS)
def test_public_pages_say_it_in_both_languages(client, demo, language):
    assert WORDS[language] in client.get(f"/{language}/").text


def test_the_desk_says_it(app, demo):
    page = Browser(app, an_agent()).open("/desk").text
    assert any(words in page for words in WORDS.values())


def test_a_body_of_its_own_says_nothing_of_the_kind(client, session):
    body.forget_name()
    assert "demo-mark" not in client.get("/en/").text


def test_it_costs_no_statement_a_page(client, demo):
    client.get("/en/")
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *seen: asked.append(seen[2]))
    client.get("/en/")
    assert asked and not [statement for statement in asked if statement.startswith("SELECT setting.key")]
