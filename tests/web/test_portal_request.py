"""A citizen's own request: found by number and code, followed, answered, settled; nobody else's ever."""

import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, select

from helpdesk import clock
from helpdesk.models.tickets import Attachment, Message, Ticket
from helpdesk.services import replies, rulebook, tickets, tracking
from helpdesk.services.notices import NewFile
from helpdesk.web.safety import limiter
from tests.builders import NOON, a_department, a_message, a_service, a_ticket, an_account, an_agent
from tests.web.citizen import another_browser, errors, fields, fill_in, upload
from tests.web.limits import count_from_nought


@pytest.fixture
def department(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    return a_department(names={"el": "Τμήμα Φωτισμού", "en": "Street Lighting"})


@pytest.fixture
def agent(department):
    return an_agent(department, name="Μαρία Παππά")


@pytest.fixture
def ticket(department):
    return a_ticket(department_id=department.id, subject="Δεν ανάβει το φως")


def address(ticket):
    return f"/en/requests/{ticket.id}"


def enter(client, ticket):
    """With the code, as by the link of a letter; the page of the request."""
    code = tracking.code_of(ticket.id, ticket.tracking_version)
    return client.get("/en/track", query_string={"number": ticket.id, "code": code}, follow_redirects=True)


def answers(agent, ticket, words, **given):
    """A reply that left long ago, so that it can no longer be undone."""
    return replies.reply(agent, ticket.id, words, at=NOON + timedelta(hours=1), **given)


def test_the_whole_way_from_form_to_confirmation(client, session, department, agent):
    place = {"name": "place", "labels": {"el": "Πού;", "en": "Where?"}, "kind": "text", "required": True}
    service = a_service(key="lamp", department_id=department.id, fields=[place])
    told = {
        "place": "Ερμού 5",
        "subject": "Σβηστό φως",
        "description": "Από χθες.",
        "name": "Άννα",
        "email": "anna@example.org",
    }
    answer = fill_in(client, "/en/ask/lamp", **told, files=upload(("a.txt", b"one")))
    [ticket] = session.scalars(select(Ticket).where(Ticket.service_id == service.id))
    other_browser = another_browser(client)
    page = enter(other_browser, ticket).text
    assert "Street Lighting" in page and "Από χθες." in page and "a.txt" in page
    assert "Where?" in page and "Ερμού 5" in page
    at = clock.now() - timedelta(minutes=1)
    replies.reply(agent, ticket.id, "Ποιος στύλος;", then="wait", then_fields={"reason": "needs_information"}, at=at)
    page = other_browser.get(address(ticket)).text
    assert "We need some information from you" in page and "Ποιος στύλος;" in page
    sent = fill_in_on(other_browser, address(ticket), "/messages", text="Ο τρίτος.", files=upload(("b.txt", b"two")))
    assert sent.status_code == 303
    page = other_browser.get(address(ticket)).text
    assert "Ο τρίτος." in page and "b.txt" in page and "We need some information" not in page
    tickets.resolve(agent, ticket.id, "solved", "Ήρθε το συνεργείο.")
    page = other_browser.get(address(ticket)).text
    assert "Does this solve it?" in page and "Ήρθε το συνεργείο." in page
    assert fill_in_on(other_browser, address(ticket), "/confirm").status_code == 303
    page = other_browser.get(address(ticket)).text
    steps = ["We closed your request", "You said that it is solved", "Ήρθε το", "Ο τρίτος", "Από χθες"]
    assert [page.index(step) for step in steps] == sorted(page.index(step) for step in steps)
    session.refresh(ticket)
    assert ticket.status == "closed" and ticket.confirmed_at
    assert answer.status_code == 303


@contextmanager
def statements():
    """Counts what is asked of the database."""
    asked = []

    def count(connection, cursor, statement, *rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def fill_in_on(client, page, action, **given):
    return client.post(page + action, data=fields(client.get(page).text, action) | given)


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA", "<script>", "\x00", "κωδικός", "A" * 500])
def test_a_wrong_code_opens_nothing_and_says_so_beside_the_field(client, ticket, code):
    answer = fill_in(client, "/en/track", number=str(ticket.id), code=code)
    assert answer.status_code == 422
    assert errors(answer.text) == ["code"]
    assert client.get(address(ticket)).location == f"/en/track?number={ticket.id}"


@pytest.mark.parametrize("number", ["", "abc", "9" * 30, "-"])
def test_a_number_that_is_none_is_told(client, number):
    answer = fill_in(client, "/en/track", number=number, code="AAAA-AAAA-AAAA")
    assert (answer.status_code, errors(answer.text)) == (422, ["number"])


def test_a_code_opens_its_own_request_and_no_other(client, ticket, department):
    other = a_ticket(department_id=department.id, requester=None)
    assert fill_in(client, "/en/track", number=str(other.id), code=tracking.code_of(ticket.id, 1)).status_code == 422
    enter(client, ticket)
    assert client.get(address(ticket)).status_code == 200
    for path in ("", "/received"):
        assert client.get(address(other) + path).status_code == 302
    token = fields(client.get(address(ticket)).text, "/messages")
    for path in ("/messages", "/confirm", "/reject"):
        assert client.post(address(other) + path, data=token | {"text": "Γεια"}).status_code == 302


def test_a_code_made_new_shuts_the_browsers_that_had_the_old_one(client, session, ticket):
    assert enter(client, ticket).status_code == 200
    ticket.tracking_version += 1
    session.flush()
    assert client.get(address(ticket)).status_code == 302


def test_many_wrong_codes_make_the_next_try_wait_but_only_from_there(client, ticket):
    for _ in range(5):
        fill_in(client, "/en/track", number=str(ticket.id), code="AAAA-AAAA-AAAA")
    right = tracking.code_of(ticket.id, 1)
    answer = fill_in(client, "/en/track", number=str(ticket.id), code=right)
    assert answer.status_code == 429
    assert "Please wait" in answer.text
    there = another_browser(client)
    told = fields(there.get("/en/track").text, "/track") | {"number": str(ticket.id), "code": right}
    assert there.post("/en/track", data=told, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 303


def test_the_code_does_not_stay_in_the_address(client, ticket):
    code = tracking.code_of(ticket.id, 1)
    answer = client.get("/el/track", query_string={"number": ticket.id, "code": code})
    assert (answer.status_code, answer.location) == (303, f"/el/requests/{ticket.id}")


def test_a_number_no_database_can_hold_is_simply_not_found(client):
    assert client.get(f"/en/requests/{'9' * 40}").status_code == 404


def test_internal_notes_and_what_may_still_be_undone_never_appear(client, agent, ticket):
    replies.note(agent, ticket.id, "Δύσκολος πολίτης", attachments=[NewFile("secret.txt", "text/plain", b"s")])
    replies.reply(agent, ticket.id, "Μόλις γράφτηκε", at=clock.now())
    page = enter(client, ticket).text
    assert "Δύσκολος" not in page and "secret.txt" not in page and "Μόλις γράφτηκε" not in page


def test_the_newest_stands_first_in_plain_words(client, agent, ticket):
    answers(agent, ticket, "Ερχόμαστε αύριο.")
    page = enter(client, ticket).text
    assert page.index("Ερχόμαστε αύριο.") < page.index("Το φως στη γωνία")
    assert "We answered" in page and "You sent this request" in page and "Μαρία Παππά" in page
    for code in ("waiting_requester", "first_response", "SLA", "ticket_opened"):
        assert code not in re.sub(r"<[^>]*>", "", page)


def test_what_a_citizen_writes_is_text_whatever_it_holds(client, ticket):
    enter(client, ticket)
    fill_in_on(client, address(ticket), "/messages", text="<img src=x onerror=alert(1)>\x00\x1b")
    page = client.get(address(ticket)).text
    assert "<img src=x" not in page and "&lt;img src=x onerror=alert(1)&gt;" in page


def test_the_same_message_sent_twice_is_one(client, session, ticket):
    enter(client, ticket)
    told = fields(client.get(address(ticket)).text, "/messages") | {"text": "Ακόμη σκοτεινά."}
    for _ in range(2):
        assert client.post(address(ticket) + "/messages", data=told).status_code == 303
    assert len(session.scalars(select(Message).where(Message.text == "Ακόμη σκοτεινά.")).all()) == 1


def test_an_empty_message_is_told_and_a_file_alone_is_enough(client, session, ticket):
    enter(client, ticket)
    answer = fill_in_on(client, address(ticket), "/messages", text="  ")
    assert (answer.status_code, errors(answer.text)) == (422, ["text"])
    assert fill_in_on(client, address(ticket), "/messages", files=upload(("a.txt", b"1"))).status_code == 303
    assert session.scalars(select(Attachment.name)).all() == ["a.txt"]


def test_a_message_without_its_token_is_refused(client, session, ticket):
    enter(client, ticket)
    assert client.post(address(ticket) + "/messages", data={"text": "Γεια"}).status_code == 400


def test_no_it_is_not_solved_takes_it_up_again_with_the_words(client, session, agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Έτοιμο.", at=clock.now())
    enter(client, ticket)
    assert fill_in_on(client, address(ticket), "/reject", reason="Ακόμη σβηστό.").status_code == 303
    page = client.get(address(ticket)).text
    assert "Ακόμη σβηστό." in page and "You said that it is not solved" in page
    session.refresh(ticket)
    assert ticket.status == "open"


def test_confirming_twice_is_no_fault(client, agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Έτοιμο.", at=clock.now())
    enter(client, ticket)
    told = fields(client.get(address(ticket)).text, "/confirm")
    for _ in range(2):
        answer = client.post(address(ticket) + "/confirm", data=told, follow_redirects=True)
        assert answer.status_code == 200


def test_writing_to_a_closed_request_opens_a_new_one_and_shows_it(client, session, agent, ticket):
    tickets.resolve(agent, ticket.id, "solved", "Έτοιμο.", at=NOON)
    tickets.close(agent, ticket.id, at=NOON)
    enter(client, ticket)
    answer = fill_in_on(client, address(ticket), "/messages", text="Έσβησε πάλι.")
    newest = session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    assert newest.id != ticket.id
    assert answer.location == address(newest)
    assert "Έσβησε πάλι." in client.get(answer.location).text


# Files


def test_a_file_of_the_conversation_comes_as_a_download(client, session, ticket):
    enter(client, ticket)
    fill_in_on(client, address(ticket), "/messages", text="Δείτε", files=upload(("σχέδιο.svg", b"<svg onload=x>")))
    link = re.search(rf'href="({address(ticket)}/files/\d+)"', client.get(address(ticket)).text).group(1)
    with client.get(link) as answer:
        assert answer.data == b"<svg onload=x>"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_files_of_notes_of_other_requests_and_of_nobody_are_not_there(client, session, agent, ticket, department):
    replies.note(agent, ticket.id, "Εσωτερικό", attachments=[NewFile("secret.txt", "text/plain", b"s")])
    other = a_ticket(department_id=department.id)
    answers(agent, other, "Ορίστε", attachments=[NewFile("other.txt", "text/plain", b"o")])
    enter(client, ticket)
    ids = session.scalars(select(Attachment.id)).all()
    assert len(ids) == 2
    for attachment_id in (*ids, 999_999_999):
        assert client.get(f"{address(ticket)}/files/{attachment_id}").status_code == 404
    assert client.get(f"{address(other)}/files/{ids[1]}").status_code == 302


def test_limits_hold_here_too(client, ticket):
    enter(client, ticket)
    limiter.enabled = True
    try:
        told = fields(client.get(address(ticket)).text, "/messages") | {"text": ""}
        codes = [client.post(address(ticket) + "/messages", data=told).status_code for _ in range(21)]
    finally:
        count_from_nought()
    assert codes == [422] * 20 + [429]


# How it stands

STANDING = [
    ({"status": "new"}, "will be taken up in turn"),
    ({"status": "new", "department_id": None}, "finding out which department"),
    ({"status": "waiting_requester", "waiting_reason": "needs_document"}, "We need a document from you"),
    ({"status": "waiting_supplier", "waiting_reason": "supplier_works"}, "we wait for others"),
    ({"status": "scheduled", "waiting_until": NOON}, "A date is set: 24 Nov 2026, 12:00."),
    ({"status": "resolved", "resolved_at": NOON}, "we will close it on Tuesday 1 December 2026"),
    ({"status": "closed", "closed_at": NOON}, "closed on Tuesday 24 November 2026"),
    ({"status": "cancelled"}, "ended without being carried out"),
    ({"status": "merged"}, "joined this request"),
]


@pytest.mark.parametrize(("given", "told"), STANDING)
def test_one_sentence_on_top_says_how_it_stands(client, department, given, told):
    ticket = a_ticket(**{"department_id": department.id} | given)
    assert told in enter(client, ticket).text


def test_a_long_conversation_is_read_by_few_statements(client, session, agent, ticket):
    for number in range(30):
        a_message(ticket, text=f"Μήνυμα {number}", at=NOON)
    enter(client, ticket)
    with statements() as told:
        assert client.get(address(ticket)).status_code == 200
    assert len(told) <= 9
