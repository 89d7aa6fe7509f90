"""Sending a request by the form: one number for one sending, nothing typed is lost, nothing hostile gets in."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.models.access import FormDraft
from helpdesk.models.people import Person
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Attachment, Message, Ticket
from helpdesk.web import filled as limits
from helpdesk.web.safety import limiter
from tests.builders import a_department, a_service, an_account
from tests.web.citizen import errors, fields, fill_in, upload
from tests.web.limits import count_from_nought

TYPED = {
    "subject": "Δεν ανάβει το φως",
    "description": "Από χθες είναι σκοτεινά στη γωνία.\r\nΠαρακαλώ ελάτε.",
    "name": "Μαρία Παππά",
    "email": "Maria@Example.org",
    "phone": "2101234567",
}
PLACE = {"name": "place", "labels": {"el": "Πού;", "en": "Where?"}, "kind": "text", "required": True}
USE = {
    "name": "use",
    "labels": {"el": "Χρήση", "en": "Use"},
    "kind": "choice",
    "required": False,
    "choices": [{"value": "home", "labels": {"el": "Σπίτι", "en": "Home"}}],
}
SINCE = {"name": "since", "labels": {"el": "Από", "en": "Since"}, "kind": "date", "required": False}


@pytest.fixture
def service(session):
    department = a_department(names={"el": "Τμήμα Φωτισμού", "en": "Street Lighting"})
    return a_service(key="street-light", department_id=department.id, fields=[PLACE, USE, SINCE])


@pytest.fixture
def form(service):
    return f"/en/ask/{service.key}"


def tickets(session):
    return session.scalars(select(Ticket).order_by(Ticket.id)).all()


def requester(session, ticket):
    return session.get(Person, ticket.requester_id)


def test_a_form_becomes_a_request_and_its_page_says_number_department_code_and_link(client, session, form):
    answer = fill_in(client, form, **TYPED, place="Ερμού 5")
    [ticket] = tickets(session)
    assert answer.status_code == 303
    assert answer.location == f"/en/requests/{ticket.id}/received"
    page = client.get(answer.location).text
    assert str(ticket.id) in page and "Street Lighting" in page
    code = re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", page)
    assert code and f"track?number={ticket.id}&amp;code={code.group(0)}" in page
    assert (ticket.channel, ticket.subject, ticket.form) == ("webform", TYPED["subject"], {"place": "Ερμού 5"})
    assert (requester(session, ticket).email, requester(session, ticket).name) == ("maria@example.org", "Μαρία Παππά")
    [message] = session.scalars(select(Message).where(Message.ticket_id == ticket.id, Message.automatic.is_(None)))
    assert message.text == "Από χθες είναι σκοτεινά στη γωνία.\nΠαρακαλώ ελάτε."


def test_files_come_with_it(client, session, form):
    fill_in(client, form, **TYPED, place="Ερμού 5", files=upload(("φως.jpg", b"\xff\xd8\xff1"), ("b.txt", b"22")))
    found = session.execute(select(Attachment.name, Attachment.size).order_by(Attachment.id)).all()
    assert [tuple(row) for row in found] == [("φως.jpg", 4), ("b.txt", 2)]


def test_what_is_sent_twice_is_one_request(client, session, form):
    told = fields(client.get(form).text, form) | TYPED | {"place": "Ερμού 5"}
    first, second = client.post(form, data=told), client.post(form, data=told)
    assert first.location == second.location
    assert len(tickets(session)) == 1


def test_who_goes_back_and_writes_something_else_sends_something_else(client, session, form):
    told = fields(client.get(form).text, form) | TYPED | {"place": "Ερμού 5"}
    client.post(form, data=told)
    client.post(form, data=told | {"place": "Ερμού 7"})
    assert [ticket.form["place"] for ticket in tickets(session)] == ["Ερμού 5", "Ερμού 7"]


@pytest.mark.parametrize("missing", ["subject", "description", "name", "place"])
def test_a_missing_field_is_told_beside_it_and_in_the_summary_and_the_rest_stays(client, session, form, missing):
    answer = fill_in(client, form, **TYPED | {"place": "Ερμού 5"} | {missing: "  "})
    assert answer.status_code == 422
    assert errors(answer.text) == [missing]
    assert f'id="{missing}-error"' in answer.text
    assert "<title>Error:" in " ".join(answer.text.split())
    kept = fields(answer.text, form)
    for name, value in (TYPED | {"place": "Ερμού 5"}).items():
        if name != missing:
            assert kept[name].replace("\r\n", "\n") == value.replace("\r\n", "\n")
    assert tickets(session) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "nobody"),
        ("email", "μαρία@παράδειγμα"),
        ("email", "a@b.org\nBcc: all@example.org"),
        ("phone", "12"),
        ("phone", "call me"),
        ("subject", "a" * 201),
        ("description", "a" * 20_001),
        ("use", "palace"),
        ("since", "31/2/2026"),
        ("place", "a" * 2_001),
    ],
)
def test_what_cannot_be_is_told_and_stays_as_it_was_typed(client, session, form, name, value):
    answer = fill_in(client, form, **TYPED | {"place": "Ερμού 5"} | {name: value})
    assert answer.status_code == 422
    assert errors(answer.text)[0].startswith(name)
    assert tickets(session) == []


@pytest.mark.parametrize("day", ["31/12/2026", "2026-12-31", "1.2.2026"])
def test_a_day_is_read_as_people_write_it(client, session, form, day):
    assert fill_in(client, form, **TYPED, place="Ερμού 5", since=day).status_code == 303


def test_hostile_markup_is_only_text_and_control_characters_are_left_out(client, session, form):
    evil = "<script>alert(1)</script>\x00\x07{{ 7 * 7 }}"
    answer = fill_in(client, form, **TYPED | {"subject": evil, "description": evil, "name": evil}, place=evil)
    page = client.get(answer.location.removesuffix("/received"), follow_redirects=True).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page
    [ticket] = tickets(session)
    assert not re.search(r"[\x00-\x08]", ticket.subject + ticket.form["place"] + requester(session, ticket).name)


def test_a_form_without_its_token_is_refused_and_nothing_is_sent(client, session, form):
    assert client.post(form, data=TYPED | {"place": "Ερμού 5"}).status_code == 400
    assert client.post(form, data=TYPED | {"place": "Ερμού 5", "csrf_token": "forged"}).status_code == 400
    assert tickets(session) == []


def test_the_trap_stops_a_machine_and_loses_nothing_of_a_person_whose_browser_filled_it_in(client, session, form):
    answer = fill_in(client, form, **TYPED, place="Ερμού 5", website="https://spam.example")
    assert answer.status_code == 422
    assert fields(answer.text, form)["website"] == ""
    assert fields(answer.text, form)["name"] == TYPED["name"]
    assert tickets(session) == []


def test_too_many_tries_in_a_minute_must_wait(client, session, form):
    limiter.enabled = True
    count_from_nought()  # whatever was tried in the minute before
    try:
        answers = [fill_in(client, form).status_code for _ in range(31)]
    finally:
        count_from_nought()
    assert answers[:30] == [422] * 30
    assert answers[30] == 429


@pytest.fixture
def small(app, monkeypatch):
    """Limits that a test reaches with few bytes."""
    monkeypatch.setattr(limits, "LARGEST_FILE", 10_000)
    monkeypatch.setattr(limits, "LARGEST_TOGETHER", 25_000)
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 40_000)


@pytest.mark.usefixtures("small")
def test_a_file_that_is_too_large_is_named_and_what_was_typed_stays(client, session, form):
    files = upload(("βίντεο.mp4", b"0" * (limits.LARGEST_FILE + 1)))
    answer = fill_in(client, form, **TYPED, place="Ερμού 5", files=files)
    assert answer.status_code == 422
    assert errors(answer.text) == ["files"]
    assert "βίντεο.mp4" in answer.text
    assert fields(answer.text, form)["name"] == TYPED["name"]


@pytest.mark.usefixtures("small")
def test_too_many_files_too_much_together_and_empty_ones_are_told(client, session, form):
    for files in (
        upload(*[(f"{number}.txt", b"1") for number in range(limits.MOST_FILES + 1)]),
        upload(*[(f"{number}.bin", b"0" * 9_000) for number in range(3)]),
        upload(("nothing.txt", b"")),
    ):
        answer = fill_in(client, form, **TYPED, place="Ερμού 5", files=files)
        assert (answer.status_code, errors(answer.text)) == (422, ["files"])
    assert tickets(session) == []


@pytest.mark.usefixtures("small")
def test_more_than_the_server_reads_is_told_on_a_page_of_its_own(client, session, form):
    files = upload(("huge.bin", b"0" * 41_000))
    answer = fill_in(client, form, **TYPED, place="Ερμού 5", files=files)
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_who_does_not_know_the_service_is_read_by_a_person(client, session):
    answer = fill_in(client, "/el/ask/other", **TYPED)
    [ticket] = tickets(session)
    assert (ticket.department_id, ticket.service_id) == (None, None)
    assert "Τμήμα" not in client.get(answer.location).text


def test_a_service_that_is_not_live_takes_nothing(client, session):
    a_service(key="retired-one", phase="retired")
    assert client.get("/el/ask/retired-one").status_code == 404
    assert client.get("/el/ask/never-was").status_code == 404


@pytest.mark.parametrize("words", ["φως", "ΦΩΤΑ", "street light", "dromos"])
def test_a_service_is_found_without_regard_to_accents_case_language_and_alphabet(client, session, words):
    a_service(key="street-light", names={"el": "Σβηστό φως στον δρόμο", "en": "Street light out"})
    a_service(key="birth", names={"el": "Πιστοποιητικό γέννησης", "en": "Birth certificate"})
    page = client.get("/en/ask", query_string={"q": words}).text
    found = page[page.index('id="found"') : page.index('id="other"')]
    assert "/en/ask/street-light" in found and "/en/ask/birth" not in found


def test_the_switch_of_language_keeps_the_page(client, session, form):
    assert 'href="/el/ask/street-light"' in client.get(form).text


# Drafts


def saved(client, form, **given):
    return client.post(f"{form}/save", data=fields(client.get(form).text, form) | given)


def test_an_unfinished_form_is_kept_and_found_again_by_its_link(client, session, form):
    answer = saved(client, form, subject="Μισό", place="Ερμού 5")
    page = client.get(answer.location).text
    link = re.search(r'href="(/en/ask/street-light\?draft=[^"]+)"', page).group(1)
    kept = fields(client.application.test_client().get(link).text, form)
    assert (kept["subject"], kept["place"], kept["name"]) == ("Μισό", "Ερμού 5", "")


def test_saving_again_changes_the_same_draft_and_sending_deletes_it(client, session, form):
    answer = saved(client, form, subject="Ένα")
    link = answer.location.replace("/saved", "")
    client.post(f"{form}/save", data=fields(client.get(link).text, form) | {"subject": "Δύο"})
    assert session.scalar(select(func.count()).select_from(FormDraft)) == 1
    assert fields(client.get(link).text, form)["subject"] == "Δύο"
    client.post(form, data=fields(client.get(link).text, form) | TYPED | {"place": "Ερμού 5"})
    assert session.scalar(select(func.count()).select_from(FormDraft)) == 0
    assert "no longer here" in client.get(link).text


def test_the_word_that_finds_a_draft_is_kept_only_as_a_hash_and_never_chosen_by_others(client, session, form):
    answer = saved(client, form, draft="chosen-by-somebody", subject="Ένα")
    token = re.search(r"draft=([^&]+)", answer.location).group(1)
    assert token != "chosen-by-somebody"
    [row] = session.scalars(select(FormDraft))
    assert token.encode() not in row.token_hash


def test_a_draft_ends_after_thirty_days(client, session, form):
    link = saved(client, form, subject="Ένα").location.replace("/saved", "")
    [row] = session.scalars(select(FormDraft))
    assert row.expires_at - row.saved_at == timedelta(days=30)
    row.expires_at = row.saved_at
    session.flush()
    assert "no longer here" in client.get(link).text


def test_the_link_goes_by_mail_to_the_address_that_was_given_but_not_for_ever(client, session, form):
    an_account(is_default=True)
    page = client.get(saved(client, form, email="maria@example.org").location).text
    assert "maria@example.org" in page
    [row] = session.scalars(select(Outbound))
    assert re.search(r"http://127.0.0.1:8000/en/ask/street-light\?draft=\S+", row.payload["text"])
    for _ in range(8):
        saved(client, form, email="maria@example.org")
    assert session.scalar(select(func.count()).select_from(Outbound)) == 5


def test_a_script_saves_quietly_and_is_told_when(client, session, form):
    told = fields(client.get(form).text, form) | {"subject": "Μισό"}
    answer = client.post(f"{form}/save", data=told, headers={"Accept": "application/json"})
    assert re.fullmatch(r"Saved \d\d:\d\d", answer.json["saved"])
    again = client.post(
        f"{form}/save", data=told | {"draft": answer.json["draft"]}, headers={"Accept": "application/json"}
    )
    assert again.json["draft"] == answer.json["draft"]
