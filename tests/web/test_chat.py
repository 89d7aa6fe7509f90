"""The chat's pages and doors: without JavaScript by forms, with it by JSON and a stream; only for who has the key."""

import re

import pytest

from helpdesk import clock
from helpdesk.services import chats, dialogue, presence, rulebook
from helpdesk.services.dialogue import Choice, Partner, Said, Source
from tests.builders import NOON, a_department
from tests.services.chatting import accepted
from tests.services.crew import a_member

PAGE = "/en/chat"


@pytest.fixture(autouse=True)
def rules(session):
    rulebook.ensure_defaults(NOON)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture(autouse=True)
def no_bot():
    before = list(dialogue._partners)
    dialogue._partners.clear()
    yield
    dialogue._partners[:] = before


def token(client, page):
    """The form's token on a page."""
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)[1]


def begin(client, text="The bin is full", **more):
    given = {"csrf_token": token(client, PAGE), "text": text, **more}
    return client.post(PAGE, data=given, follow_redirects=True)


def test_without_javascript_one_begins_talks_and_ends_by_forms(client):
    place = a_department()
    agent = a_member(place)
    page = begin(client, topic=place.key, name="Anna").text
    assert "The bin is full" in page and "You are waiting for a person." in page and "You are next." in page
    chat_id = accepted(agent)
    chats.answer(agent, chat_id, "We come at noon.", at=NOON)
    page = client.get(PAGE).text
    assert "We come at noon." in page and agent.name in page
    form = {"csrf_token": token(client, PAGE), "form_key": "k" * 20, "text": "Thank you"}
    for _ in range(2):
        page = client.post("/en/chat/say", data=form, follow_redirects=True).text
    assert page.count("Thank you<") == 1
    page = client.post("/en/chat/end", data={"csrf_token": form["csrf_token"]}, follow_redirects=True).text
    assert "The conversation has ended." in page and "Begin another chat" in page
    transcript = client.get("/en/chat/transcript.txt").text
    assert "You: Thank you" in transcript and f"{agent.name}: We come at noon." in transcript
    document = client.get("/en/chat/transcript.pdf")
    assert document.data.startswith(b"%PDF-") and document.headers["Cache-Control"] == "private, no-store"


def test_what_is_written_is_shown_as_text_and_never_as_markup(client):
    page = begin(client, "<script>alert(1)</script>").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_where_nobody_answers_the_page_says_so_before_and_after_and_asks_for_an_address(client):
    assert "Nobody is here just now." in client.get(PAGE).text
    page = begin(client).text
    assert "Your request is kept" in page and "/en/requests/" in page
    data = {"csrf_token": token(client, PAGE), "email": "anna@example.org"}
    page = client.post("/en/chat/address", data=data, follow_redirects=True).text
    assert "We also answer to your e-mail address." in page


def test_what_is_missing_is_said_beside_the_field(client):
    answer = client.post(PAGE, data={"csrf_token": token(client, PAGE), "text": " ", "email": "nonsense"})
    assert answer.status_code == 422 and "Write in a few words what you need." in answer.text


def test_a_stranger_browser_sees_the_form_and_no_conversation(client, app):
    begin(client, "mine alone")
    other = app.test_client()
    assert "mine alone" not in other.get(PAGE).text
    assert {other.get(f"/en/chat/transcript.{kind}").status_code for kind in ("txt", "pdf")} == {404}


def test_the_bots_choices_are_buttons_and_its_sources_links(client):
    asked = []

    def answer(spoken, words, at):
        asked.append((spoken.choice, words))
        return Said(("See this.",), (Choice("more", "Tell me more"),), (Source("Bulky waste", "/en/help/bulky"),))

    dialogue.register(Partner(lambda place: True, lambda spoken, at: Said(("I am a robot.",)), answer))
    page = begin(client).text
    assert "I am a robot." in page and 'href="/en/help/bulky"' in page and "Tell me more</button>" in page
    form = {"csrf_token": token(client, PAGE), "form_key": "k" * 20, "choice": "more"}
    client.post("/en/chat/say?choice_text=Tell+me+more", data=form | {"choice_text": "Tell me more"})
    assert asked[-1] == ("more", "Tell me more")


def opened(client, **line):
    answer = client.post("/chat/api/conversations", json={"text": "Hello", "language": "en", **line})
    assert answer.status_code == 201, answer.text
    told = answer.json
    return told, {"X-Chat-Token": told["token"]}, f"/chat/api/conversations/{told['id']}"


def test_by_machine_a_line_sent_twice_has_one_number_and_who_comes_back_reads_on(client):
    told, headers, place = opened(client)
    assert told["lines"][0]["author"] == "citizen"
    line = {"client_msg_id": "a-1", "text": "More"}
    first = client.post(f"{place}/messages", json=line, headers=headers)
    again = client.post(f"{place}/messages", json=line, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200) and first.json == again.json
    read = client.get(f"{place}/messages?after={told['standing']['seq']}", headers=headers).json
    assert [one["text"] for one in read["lines"]] == ["More"] and read["standing"]["number"]


def test_without_the_token_there_is_no_conversation(client):
    _, _, place = opened(client)
    for headers in ({}, {"X-Chat-Token": "x" * 43}):
        answer = client.get(f"{place}/messages", headers=headers)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert client.get(f"{place}/stream", headers=headers).status_code == 404
        assert client.post(f"{place}/end", headers=headers).status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"text": 1}', b'{"text": "  "}'])
def test_what_is_no_line_is_refused(client, body):
    answer = client.post("/chat/api/conversations", data=body, content_type="application/json")
    assert answer.status_code == 422


def test_a_line_that_is_too_long_is_refused(client):
    _, headers, place = opened(client)
    answer = client.post(f"{place}/messages", json={"text": "x" * 4_001}, headers=headers)
    assert answer.status_code == 422 and answer.json["fields"]["text"] == "at most 4000 characters"


def test_availability_says_who_answers_and_what_else_there_is(client):
    place = a_department()
    agent = a_member(place)
    told = client.get("/chat/api/availability?lang=en").json
    assert told["now"] and [one["now"] for one in told["topics"] if one["key"] == place.key] == [True]
    presence.choose(agent, "away", at=NOON)
    told = client.get("/chat/api/availability?lang=en").json
    assert not told["answered"] and told["instead"]["request"] == "/en/ask"


def test_marks_typing_and_end(client):
    place = a_department()
    agent = a_member(place)
    _, headers, where = opened(client, topic=place.key)
    accepted(agent)
    assert client.post(f"{where}/typing", headers=headers).status_code == 204
    assert client.post(f"{where}/read", json={"seq": 1}, headers=headers).status_code == 204
    assert client.post(f"{where}/read", json={"seq": "1"}, headers=headers).status_code == 422
    assert client.post(f"{where}/end", headers=headers).status_code == 204
    assert client.get(f"{where}/messages", headers=headers).json["standing"]["state"] == "closed"
    assert client.get(f"{where}/messages?after=x", headers=headers).json["standing"]["read"]["citizen"] == 1


def test_begun_twice_by_the_same_browser_it_is_one_conversation(client):
    place = a_department()
    line = {"text": "The bin is full", "topic": place.key, "client_msg_id": "begin-1"}
    headers = {"Idempotency-Key": "k" * 24}
    first, again = (client.post("/chat/api/conversations", json=line, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["id"] == again.json["id"] and first.json["token"] == again.json["token"]
    assert [one["text"] for one in again.json["lines"] if one["author"] == "citizen"] == ["The bin is full"]
    other = client.post("/chat/api/conversations", json=line, headers={"Idempotency-Key": "l" * 24})
    assert other.json["id"] != first.json["id"]


def test_the_form_sent_twice_begins_one_conversation(client):
    form = {"csrf_token": token(client, PAGE), "text": "The bin is full", "form_key": "f" * 43}
    pages = [client.post(PAGE, data=form, follow_redirects=True).text for _ in range(2)]
    assert pages[1].count(">The bin is full<") == 1
    numbers = {re.search(r'data-chat="(\d+)"', page)[1] for page in pages}
    assert len(numbers) == 1
