"""What a mail brings to the ticket's page: its pictures and files, its look as sent, and who proved to have sent it."""

import base64
import re

import pytest

from helpdesk import kinds, storage
from helpdesk.db import db
from helpdesk.models.people import Person
from helpdesk.models.tickets import Attachment
from helpdesk.services import catalogue, rulebook
from helpdesk.web.desk.as_sent import dress, named
from tests.builders import NOON, a_department, a_message, a_ticket, an_account, an_agent
from tests.web.browsers import Browser
from tests.web.machine import Machine

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 5_000
PDF = b"%PDF-1.7 some pages"


@pytest.fixture
def department(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    return a_department()


@pytest.fixture
def browser(app, department):
    catalogue.changed(NOON)
    return Browser(app, an_agent(department))


def a_file(said, name, data, content_type, content_id=None):
    row = Attachment(
        message_id=said.id,
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=storage.keep(data),
        content_id=content_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def test_pictures_are_seen_at_once_and_a_pdf_opens_beside_the_page(browser, ticket):
    said = a_message(ticket)
    lamp = a_file(said, "lamp.png", PNG, "image/png")
    dot = a_file(said, "dot.png", PNG[:40], "image/png")
    form = a_file(said, "form.pdf", PDF, "application/pdf")
    page = browser.open(f"/desk/tickets/{ticket.id}").text
    assert re.search(rf'<img src="/desk/attachments/{lamp.id}/shown" alt="lamp.png"[^>]* loading="lazy"', page)
    assert f"/desk/attachments/{dot.id}/shown" not in page, "a line or a logo is a file like others"
    assert f'href="/desk/attachments/{form.id}/shown"' in page
    for row, kind in ((lamp, "image/png"), (form, "application/pdf")):
        shown = browser.open(f"/desk/attachments/{row.id}/shown")
        assert (shown.mimetype, shown.headers["Content-Disposition"].split(";")[0]) == (kind, "inline")
        shown.close()
        saved = browser.open(f"/desk/attachments/{row.id}")
        assert saved.headers["Content-Disposition"].startswith("attachment")
        saved.close()


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF8<script>alert(1)</script>",
        b" %PDF-1.7 <script>alert(1)</script>",
    ],
)
def test_what_only_calls_itself_a_picture_is_never_shown(browser, ticket, data):
    assert kinds.honest("image/png", data) == kinds.honest("application/pdf", data) == kinds.OPAQUE
    row = a_file(a_message(ticket), "photo.png", data, "image/png")
    shown = browser.open(f"/desk/attachments/{row.id}/shown")
    assert (shown.mimetype, shown.headers["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert shown.headers["Content-Security-Policy"].startswith("sandbox")
    shown.close()


def test_nobody_looks_at_files_of_tickets_that_they_may_not_read(app, browser, department):
    hidden = a_ticket(department_id=a_department().id, restricted=True)
    row = a_file(a_message(hidden), "lamp.png", PNG, "image/png")
    assert browser.open(f"/desk/attachments/{row.id}/shown").status_code == 404
    assert app.test_client().get(f"/desk/attachments/{row.id}/shown").status_code == 302


def test_pictures_that_came_with_a_mail_stand_in_it_and_those_of_other_mails_do_not(browser, ticket):
    html = '<p>See <img src="cid:lamp%40x" alt="lamp"><img src="cid:other@x" alt="other"><img src="cid:bad@x"></p>'
    said, another = a_message(ticket, html=html), a_message(ticket)
    a_file(said, "lamp.png", PNG, "image/png", "lamp@x")
    a_file(said, "bad.png", b"<svg onload=alert(1)>", "image/png", "bad@x")
    a_file(another, "other.png", PNG, "image/png", "other@x")
    shown = browser.open(f"/desk/messages/{said.id}/as-sent").text
    assert f'<img src="data:image/png;base64,{base64.b64encode(PNG).decode()}" alt="lamp">' in shown
    assert '<img alt="other">' in shown and shown.count("src=") == 1


def test_pictures_of_other_servers_wait_until_the_reader_asks_for_them(browser, ticket):
    said = a_message(ticket, html='<p>Hi</p><img alt="x" data-src="https://shop.example/a.gif">')
    shown = browser.open(f"/desk/messages/{said.id}/as-sent")
    assert "img-src data:;" in shown.headers["Content-Security-Policy"] and " src=" not in shown.text
    assert "1 picture of another server is not shown" in shown.text and 'href="?pictures=all"' in shown.text
    asked = browser.open(f"/desk/messages/{said.id}/as-sent?pictures=all")
    assert '<img alt="x" src="https://shop.example/a.gif">' in asked.text and "is not shown" not in asked.text
    assert "img-src data: https: http:;" in asked.headers["Content-Security-Policy"]
    assert asked.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("html", "host"),
    [
        ('<a href="https://evil.example/login">www.bank.gr</a>', "evil.example"),
        ('<a href="https://bank.gr@evil.example/">bank.gr</a>', "evil.example"),
        ('<a href="https://bаnk.example/">here</a>', "xn--bnk-6cd.example"),
        ('<a href="https://evil.example/"><img alt="bank.gr"></a>', "evil.example"),
        ('<a href="https://shop.example/cart">https://shop.example/cart</a>', None),
        ('<a href="mailto:anna@example.org">write</a>', None),
    ],
)
def test_a_link_says_where_it_leads_unless_its_words_do(html, host):
    shown = dress(html, {}).html
    assert shown == html + (f" <small>[{host}]</small>" if host else "")


def test_content_ids_are_read_as_mail_programs_write_them():
    assert named('<img alt="a" src="cid:one%40x"><img src="cid:&lt;two@x&gt;">') == {"one@x", "two@x"}


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        (
            {"spf": "pass", "dkim": "pass", "aligned": True, "trusted": True},
            "from the sender&#39;s domain (DKIM, SPF)",
        ),
        ({"dmarc": "fail", "spf": "pass", "aligned": False, "trusted": True}, "may be forged"),
        ({"dmarc": "fail", "dkim": "pass", "aligned": True, "trusted": True}, "may be forged"),
        ({"spf": "pass", "aligned": False, "trusted": True}, "Nothing proves the sender&#39;s address"),
        ({"dkim": "pass", "aligned": True, "trusted": False}, "a server that we do not rely on"),
    ],
)
def test_the_page_says_who_proved_to_be_the_sender(browser, ticket, claims, words):
    a_message(ticket, authentication=claims)
    page = browser.open(f"/desk/tickets/{ticket.id}").text
    assert words in page
    assert ("really comes" in page) == ("DKIM, SPF" in words)


def test_what_did_not_arrive_calls_for_a_person_until_the_citizen_was_reached(app, department, ticket):
    catalogue.changed(NOON)
    browser = Browser(app, an_agent(department))
    letter = a_message(ticket, direction="outbound", text="Ours", delivery_state="bounced", delivery_at=NOON)
    db.session.query(Person).filter_by(id=ticket.requester_id).update({"unreachable_since": NOON})
    page = browser.open(f"/desk/tickets/{ticket.id}").text
    assert "Reached another way" in page and "Mail to this address comes back" in page
    done = browser.send(f"/desk/tickets/{ticket.id}/reached", page=f"/desk/tickets/{ticket.id}", message=str(letter.id))
    assert done.status_code == 303
    page = browser.open(f"/desk/tickets/{ticket.id}").text
    assert "the citizen was reached another way" in page and "Reached another way" not in page
    again = browser.send(
        f"/desk/tickets/{ticket.id}/reached", page=f"/desk/tickets/{ticket.id}", message=str(letter.id)
    )
    assert again.status_code == 409


def test_programs_say_it_too(client, department, ticket):
    letter = a_message(ticket, direction="outbound", text="Ours", delivery_state="refused", delivery_at=NOON)
    machine = Machine(client, an_agent(department))
    answer = machine.post(f"/tickets/{ticket.id}/messages/{letter.id}/reached")
    assert (answer.status_code, answer.json["delivery"]["state"]) == (200, "otherwise")
    assert machine.post(f"/tickets/{ticket.id}/messages/{letter.id}/reached").status_code == 409
