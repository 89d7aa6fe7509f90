"""Our addresses: kept with secrets nobody reads again, tried for real; and the sink that shows what left."""

from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import current_app
from sqlalchemy import select, text

from helpdesk.db import db
from helpdesk.models.post import ChannelAccount
from helpdesk.services import accounts, addresses, body, catalogue, outbox, outgoing, rulebook
from helpdesk.up.options import free_port
from tests.builders import NOON, a_department, a_supervisor, an_account, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser, visible

HERE = "/admin/mail-accounts"
INFO = {"address": "Info@City.example", "name": "Δήμος", "active": "yes", "is_default": "yes", "timeout_seconds": "5"}
SECRET = "smtp://user:hunter22@203.0.113.7:2525"


@pytest.fixture(autouse=True)
def house_in_order(session):
    rulebook.ensure_defaults(NOON)
    current_app.extensions.pop("catalogue", None)
    body.forget_name()
    before = current_app.config["SETTINGS"]
    yield
    current_app.config["SETTINGS"] = before
    current_app.extensions.pop("catalogue", None)
    body.forget_name()


@pytest.fixture
def root(app):
    return StaffBrowser(app, an_administrator())


def settings(**given):
    current_app.config["SETTINGS"] = replace(current_app.config["SETTINGS"], **given)


def the_account():
    return db.session.execute(
        select(ChannelAccount).where(ChannelAccount.kind == "email").execution_options(populate_existing=True)
    ).scalar_one()


def test_an_address_is_made_and_its_secret_is_never_shown_again(root):
    settings(private_hosts=("203.0.113.0/24",))
    made = root.send_fields(f"{HERE}/new", INFO | {"smtp_url": SECRET})
    row = the_account()
    assert (row.address, row.is_default, row.settings) == ("info@city.example", True, {"timeout_seconds": 5})
    assert b"hunter22" not in row.secrets
    assert accounts.secrets_of(accounts.book().by_id[row.id]) == {"smtp_url": SECRET}
    for page in (made.location, HERE, "/admin/log"):
        assert "hunter22" not in root.page(page)
    assert "is not shown" in visible(root.page(made.location))
    assert "hunter22" not in str(db.session.execute(text("select data from house_event")).scalars().all())


def test_a_secret_stays_until_it_is_replaced_or_forgotten(root):
    settings(private_hosts=("203.0.113.0/24",))
    made = root.send_fields(f"{HERE}/new", INFO | {"smtp_url": SECRET})
    root.send_fields(made.location, INFO | {"name": "Νέο όνομα"})
    assert accounts.secrets_of(accounts.book().by_id[the_account().id]) == {"smtp_url": SECRET}
    root.send_fields(made.location, INFO | {"forget-smtp_url": "yes"})
    assert accounts.secrets_of(accounts.book().by_id[the_account().id]) == {}


@pytest.mark.parametrize(("given", "field"), [
    ({"address": "nobody"}, "address"),
    ({"address": "info+5@city.example"}, "address"),
    ({"address": "taken@city.example"}, "address"),
    ({"timeout_seconds": "soon"}, "timeout_seconds"),
    ({"department_id": "99999"}, "department_id"),
    ({"smtp_url": "file:///etc"}, "smtp_url"),
    ({"smtp_url": "smtp://127.0.0.1:22"}, "smtp_url"),
    ({"smtp_url": "smtp://10.0.0.1"}, "smtp_url"),
    ({"smtp_url": "smtp://[::ffff:169.254.169.254]"}, "smtp_url"),
    ({"smtp_url": "gopher://city.example"}, "smtp_url"),
])  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_and_nothing_secret_comes_back(root, given, field):
    an_account(address="taken@city.example")
    answer = root.send_fields(f"{HERE}/new", INFO | given, status=422)
    assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert given.get("smtp_url", "nothing of the kind") not in answer.text


@pytest.mark.parametrize(("url", "listed", "good"), [
    ("smtp://127.0.0.1:25", (), False),
    ("smtp://127.0.0.1:25", ("127.0.0.0/8",), True),
    ("smtp://localhost:25", ("localhost",), True),
    ("smtp://192.168.1.5", ("10.0.0.0/8",), False),
    ("smtp://8.8.8.8", (), True),
    ("smtp://[::1]", (), False),
    ("smtp://no-such-host.invalid", (), False),
    ("smtp://host:port", (), False),
    ("http://8.8.8.8", (), False),
])  # fmt: skip
def test_private_networks_are_reached_only_where_the_operator_lists_them(session, url, listed, good):
    settings(private_hosts=listed)
    assert (outgoing.why_not(url) == "") is good


def test_there_is_one_address_that_speaks_for_the_whole_body(root):
    other = an_account(address="other@city.example", is_default=True)
    root.send_fields(f"{HERE}/new", INFO)
    db.session.refresh(other)
    assert not other.is_default


class Taken:
    """Takes every letter."""

    async def handle_DATA(self, server, session, envelope):
        return "250 taken"


@pytest.fixture
def server():
    """A real SMTP server on a port of its own."""
    controller = Controller(Taken(), hostname="127.0.0.1", port=free_port("127.0.0.1", 0, "--port"))
    controller.start()
    yield controller.port
    controller.stop()


def test_the_test_connects_for_real_and_sends_a_letter(root, server):
    settings(private_hosts=("127.0.0.1/32",))
    made = root.send_fields(f"{HERE}/new", INFO | {"smtp_url": f"smtp://127.0.0.1:{server}"})
    root.send_fields(f"{made.location}/test", {}, at=made.location)
    page = visible(root.page(made.location))
    assert "The outgoing server answered." in page and "The letter leaves in a moment." in page
    outbox.deliver()
    assert "The letter was handed over." in visible(root.page(made.location))


def test_a_server_that_does_not_answer_is_said_in_plain_words(root):
    settings(private_hosts=("127.0.0.1/32",))
    made = root.send_fields(f"{HERE}/new", INFO | {"smtp_url": "smtp://127.0.0.1:1"})
    root.send_fields(f"{made.location}/test", {}, at=made.location)
    page = visible(root.page(made.location))
    assert "The outgoing server did not let us in." in page and "ConnectionRefusedError" in page
    assert db.session.execute(text("select count(*) from outbound")).scalar() == 0


def test_a_letter_that_comes_in_again_is_found(root):
    made = root.send_fields(f"{HERE}/new", INFO)
    root.send_fields(f"{made.location}/test", {}, at=made.location)
    id_ = the_account().id
    name = db.session.execute(text("select external_id from outbound")).scalar_one()
    assert not addresses.last_trial(id_).came_back
    at = db.session.execute(text("select at from house_event where act = 'tested'")).scalar_one()
    db.session.execute(
        text("insert into inbound (kind, account_id, external_id, raw, received_at, due_at)"
             " values ('email', :id, 'x', :raw, :at, :at)"),
        {"id": id_, "raw": f"Message-ID: <{name}>\r\n\r\nΔοκιμή".encode(), "at": at},
    )  # fmt: skip
    assert addresses.last_trial(id_).came_back
    assert "works in both directions" in visible(root.page(made.location))


def test_an_address_out_of_use_is_not_tested(root):
    row = an_account(active=False)
    answer = root.send_fields(f"{HERE}/{row.id}/test", {}, at=f"{HERE}/{row.id}", status=404)
    assert answer.status_code == 404


def test_only_administrators_keep_addresses_and_read_the_sink(app):
    row, place = an_account(), a_department()
    catalogue.changed(NOON)
    for other in (an_agent(place), a_supervisor(place)):
        browser = StaffBrowser(app, other)
        for path in (HERE, f"{HERE}/new", f"{HERE}/{row.id}", "/admin/mail-sink", "/admin/settings", "/admin/rulebook"):
            browser.page(path, 403)


def a_fallen_letter(number, html=""):
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "info@city.example", "anna@example.org", f"Απάντηση {number}"
    letter.set_content("Καλημέρα <b>σας</b>")
    if html:
        letter.add_alternative(html, subtype="html")
    name = f"{int(datetime(2026, 11, 24).timestamp()) + number}000000000-0123abcd.eml"
    (Path(current_app.config["SETTINGS"].smtp_url.removeprefix("file://")) / name).write_bytes(bytes(letter))
    return name


@pytest.fixture
def own_sink(tmp_path, session):
    settings(smtp_url=tmp_path.as_uri())
    return tmp_path


def test_the_sink_lists_the_newest_letter_first_and_pages(root, own_sink):
    for number in range(53):
        a_fallen_letter(number)
    page = visible(root.page("/admin/mail-sink"))
    assert page.index("Απάντηση 52") < page.index("Απάντηση 51")
    assert "Απάντηση 2 " not in page
    older = root.page("/admin/mail-sink").split("before=")[1].split('"')[0]
    assert "Απάντηση 2 " in visible(root.page(f"/admin/mail-sink?before={older}"))


def test_a_letter_is_shown_as_text_and_its_page_in_a_sandbox(root, own_sink):
    name = a_fallen_letter(1, "<p>Hello</p><script>alert(1)</script>")
    answer = root.get(f"/admin/mail-sink/{name}")
    assert "Καλημέρα &lt;b&gt;σας&lt;/b&gt;" in answer.text
    assert "<iframe" in answer.text and "sandbox src=" in answer.text
    page = root.get(f"/admin/mail-sink/{name}/page")
    assert page.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", [
    "../secrets.json", "..%2f..%2fetc%2fpasswd", "secrets.json", "%2e%2e", "1-0123abcd.eml", ".eml",
    "17956512000000000000-0123abcd.eml%00.txt",
])  # fmt: skip
def test_no_other_file_is_ever_read(root, own_sink, name):
    (own_sink.parent / "secrets.json").write_text("hidden words")
    (own_sink / "secrets.json").write_text("hidden words")
    for path in (f"/admin/mail-sink/{name}", f"/admin/mail-sink/{name}/page"):
        answer = root.get(path)
        assert answer.status_code in {302, 308, 404} and "hidden words" not in answer.text


def test_a_link_in_the_sink_leads_nowhere(root, own_sink):
    (own_sink.parent / "secret.txt").write_text("hidden words")
    (own_sink / "1795651200000000000-0123abcd.eml").symlink_to(own_sink.parent / "secret.txt")
    root.page("/admin/mail-sink/1795651200000000000-0123abcd.eml", 404)
    assert "0123abcd" not in root.page("/admin/mail-sink")


def test_where_mail_really_leaves_there_is_no_sink(root):
    settings(smtp_url="smtp://127.0.0.1:25")
    assert "really leaves here" in visible(root.page("/admin/mail-sink"))
    root.page("/admin/mail-sink/1795651200000000000-0123abcd.eml", 404)
