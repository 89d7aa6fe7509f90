"""Safety of every answer: headers, CSRF, limits, error pages in both languages, logs without personal data, health."""

import json
import logging
import re
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO

import pytest
from flask import abort
from sqlalchemy import text

from helpdesk import clock, create_app, i18n, logs
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.services import access, rulebook
from helpdesk.web import safety
from helpdesk.web.guards import guard_of, public
from helpdesk.web.safety import limiter
from tests.builders import NOON, a_department, a_ticket, an_account, an_administrator, an_agent
from tests.web.limits import count_from_nought
from tests.web.machine import Machine
from tests.web.staff_browser import StaffBrowser

TITLES = {
    400: "We could not read that", 403: "You may not do that", 404: "We cannot find this page",
    405: "That is not possible here", 409: "Something changed meanwhile", 413: "The files are too large",
    422: "Something needs correcting", 429: "Please wait a little", 500: "Something went wrong on our side",
}  # fmt: skip
PERSONAL = ("Μαρία Παπαδοπούλου", "maria.p@example.org", "6941234567", "Το παιδί μου είναι άρρωστο")


@contextmanager
def another(app, **changes):
    """An application with other settings."""
    made = create_app(replace(app.config["SETTINGS"], **changes))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def faulty(app):
    """An application with a page for every refusal."""
    made = create_app(app.config["SETTINGS"])
    made.config.update(PROPAGATE_EXCEPTIONS=False)
    raising = {403: Forbidden("no"), 404: NotFound("no"), 409: Stale("no"), 422: Invalid("no")}

    @made.get("/faults/<int:status>")
    @public
    def fault(status):
        if status == 500:
            db.session.execute(text("select :it"), {"it": PERSONAL[0]})
            raise RuntimeError(PERSONAL[0])
        if status in raising:
            raise raising[status]
        abort(status)

    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("status", TITLES)
def test_every_refusal_has_a_page_in_both_languages_and_never_a_trace(faulty, status):
    assert i18n.gettext("el", TITLES[status]) != TITLES[status]
    for language in ("en", "el"):
        answer = faulty.test_client().get(f"/faults/{status}?language={language}")
        assert answer.status_code == status
        assert re.search(r"<h1>(.*?)</h1>", answer.text)[1] == i18n.gettext(language, TITLES[status])
        assert f'<html lang="{language}"' in answer.text
        assert "Traceback" not in answer.text and "RuntimeError" not in answer.text and PERSONAL[0] not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_fault_names_what_to_tell_us(faulty):
    answer = faulty.test_client().get("/faults/500?language=en")
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_fragment_gets_its_refusal_as_a_fragment(faulty):
    answer = faulty.test_client().get("/faults/409?language=en", headers={"HX-Request": "true"})
    assert answer.status_code == 409 and answer.text.startswith('<div class="notice') and "<html" not in answer.text


def test_a_body_that_is_too_large_is_told_so(client, app):
    answer = client.post("/auth/sign-in", data={"email": "a" * (31 * 1024 * 1024)})
    assert answer.status_code == 413 and "<h1>" in answer.text


def test_below_the_api_every_refusal_is_a_problem_document(client):
    for path, status in (("/api/v1/nothing", 404), ("/api/v2/", 404), ("/api/v1/tickets", 401)):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


HEADERS = ("X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Permissions-Policy", "X-Request-Id",
           "Content-Security-Policy", "Cross-Origin-Opener-Policy")  # fmt: skip


def test_every_answer_wears_the_headers_and_no_policy_allows_inline(app, client):
    browser = StaffBrowser(app, an_administrator())
    paths = ["/", "/el/", "/auth/sign-in", "/auth/account", "/nothing", "/health/live", "/api/v1/openapi.json",
             "/api/v1/tickets", "/static/css/base.css", "/metrics", "/desk/updates"]  # fmt: skip
    for path in paths:
        answer = browser.get(path)
        assert not [name for name in HEADERS if name not in answer.headers], path
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
        answer.close()


def test_each_answer_has_a_nonce_and_an_id_of_its_own(client):
    answers = [client.get("/auth/sign-in") for _ in range(2)]
    nonces = [re.search(r"nonce-([\w-]{20,})", answer.headers["Content-Security-Policy"])[1] for answer in answers]
    assert len(set(nonces)) == 2
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == 2
    told = client.get("/auth/sign-in", headers={"X-Request-Id": "forged"})
    assert told.headers["X-Request-Id"] != "forged", "only a trusted proxy may say it"


def test_over_tls_cookies_are_secure_and_browsers_stay_there(app):
    with another(app, public_base_url="https://help.example.org") as over_tls:
        answer = over_tls.test_client().get("/auth/sign-in", base_url="https://help.example.org")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("__Host-helpdesk="))
    assert "Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie


def test_files_are_kept_by_their_mark_and_pages_are_not(client):
    marked = client.get("/static/css/base.css?v=1")
    assert "immutable" in marked.headers["Cache-Control"]
    marked.close()
    assert client.get("/auth/sign-in").headers["Cache-Control"] == "no-store"


def _filled(rule):
    """An address of that rule."""

    def chosen(found):
        words = re.findall(r"[\"']([^\"']+)[\"']", found[0]) or re.findall(r"any\((\w+)", found[0])
        return words[0] if words else "1"

    return re.sub(r"<[^>]+>", chosen, rule.rule)


def test_every_form_needs_its_token_but_at_machine_doors(app, session):
    browser = StaffBrowser(app, an_administrator())
    open_doors = []
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"GET", "HEAD", "OPTIONS"}):
            if guard_of(app.view_functions[rule.endpoint]) == "machine":
                continue
            answer = browser.client.open(_filled(rule), method=method, data={"csrf_token": "forged"})
            if answer.status_code != 400:
                open_doors.append((rule.rule, method, answer.status_code))
    assert not open_doors, f"without the form's token these were not refused: {open_doors}"


def test_a_token_of_another_session_is_refused(app, session):
    mine, theirs = StaffBrowser(app, an_agent()), StaffBrowser(app, an_agent())
    token = re.search(r'csrf_token" value="([^"]+)"', theirs.page("/auth/account"))[1]
    answer = mine.client.post("/auth/sign-out-everywhere", data={"csrf_token": token})
    assert answer.status_code == 400 and mine.get("/auth/account").status_code == 200


def test_too_many_tries_from_one_line_are_slowed_down_with_a_page(app, client):
    limiter.enabled = True
    count_from_nought()
    browser = StaffBrowser(app, None)
    statuses = [browser.send("/auth/forgotten", email="a@example.org").status_code for _ in range(6)]
    count_from_nought()
    assert statuses == [200] * 5 + [429]


def test_an_ipv6_line_counts_as_one(app):
    def told(remote):
        with app.test_request_context(environ_base={"REMOTE_ADDR": remote}):
            return safety.address()

    assert told("2001:db8:1:2::1") == told("2001:db8:1:2:ffff::9") != told("2001:db8:1:3::1")
    assert told("192.0.2.1") != told("192.0.2.2")
    assert "192" not in told("192.0.2.1")


@pytest.fixture
def lines():
    """What the log says meanwhile, as written."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: stream.getvalue()
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_request_is_one_line_of_json_with_its_id_and_its_ticket(app, session, lines):
    ticket = a_ticket()
    answer = StaffBrowser(app, an_administrator()).get(f"/desk/tickets/{ticket.id}")
    told = [json.loads(line) for line in lines().splitlines()]
    [mine] = [line for line in told if line.get("event") == "request"]
    assert mine["request"] == answer.headers["X-Request-Id"] and mine["ticket"] == ticket.id
    assert mine["page"] == "desk.ticket" and mine["status"] == answer.status_code and mine["ms"] >= 0


def test_no_line_holds_what_a_person_wrote(app, client, faulty, lines):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    name, email, phone, words = PERSONAL
    department = a_department()
    actor = an_agent(department, name=name, email=email)
    browser, machine = StaffBrowser(app, None), Machine(client, actor)
    browser.send("/auth/sign-in", email=email, password=words)
    browser.send("/auth/forgotten", email=email)
    browser.get(f"/nothing/{email}?phone={phone}&name={name}")
    browser.get(f"/auth/new-password/{phone}")
    new = {"subject": words, "text": words, "requester": {"name": name, "email": email, "phone": phone}}
    made = machine.post("/tickets", new | {"department": department.key}).json
    machine.post("/tickets", new | {name: phone})
    machine.get(f"/tickets?requester={email}")
    machine.post(f"/tickets/{made['number']}/messages", {"text": words})
    machine.post(f"/tickets/{made['number']}/actions/resolve", {"code": "solved", "text": words})
    faulty.test_client().get("/faults/500", query_string={"who": email})
    assert '"fault"' in lines() and "test_safety.py" in lines() and '"request"' in lines()
    assert not [secret for secret in PERSONAL if secret in lines()]


@pytest.mark.parametrize(
    ("part", "address"),
    [
        ("valkey", {"redis_url": "redis://127.0.0.1:1/0"}),
        ("database", {"database_url": "postgresql://nobody@127.0.0.1:1/none"}),
    ],
)
def test_ready_says_which_part_is_gone(app, part, address):
    assert app.test_client().get("/health/ready").status_code == 200
    with another(app, **address) as crippled:
        answer = crippled.test_client().get("/health/ready")
        assert answer.status_code == 503 and answer.json[part] == "fails" and answer.json["status"] == "fails"
        assert crippled.test_client().get("/health/live").status_code == 200


@pytest.mark.parametrize(("language", "title"), [("en", "We cannot serve you at the moment"), ("el", "Αυτή τη στιγμή")])
def test_while_the_database_is_away_a_page_says_so_kindly_to_everybody(app, session, language, title):
    token = access.open_session(an_agent(a_department()).id, "test", clock.now())
    with another(app, database_url="postgresql://a:b@127.0.0.1:1/x") as dead:
        browser = dead.test_client()
        for address in (f"/{language}/", "/desk"):
            browser.set_cookie("language", language)
            with browser.session_transaction() as kept:
                kept["_user_id"], kept["_fresh"] = token, True
            answer = browser.get(address)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30"), address
            assert title in answer.text and "psycopg" not in answer.text


def test_while_the_database_is_away_machines_get_a_problem_document(app):
    with another(app, database_url="postgresql://a:b@127.0.0.1:1/x") as dead:
        answer = dead.test_client().get("/api/v1/tickets", headers={"Authorization": "Bearer hd_nothing"})
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert (answer.json["code"], answer.headers["Retry-After"]) == ("service-unavailable", "30")


def test_figures_are_for_neighbours_and_tokens(client):
    def status(remote="127.0.0.1", **headers):
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get("/metrics", headers=told, environ_base={"REMOTE_ADDR": remote}).status_code

    assert status() == 200
    assert status(X_Forwarded_For="10.0.0.1") == 401 and status(Forwarded="for=10.0.0.1") == 401
    assert status("10.0.0.1") == 401 and status("10.0.0.1", Authorization="Bearer wrong") == 401
    assert status("10.0.0.1", Authorization="Bearer " + "m" * 40) == 200
    assert b"helpdesk_tickets_open" in client.get("/metrics").data
