"""Getting in: sign-in, delay, sessions that end, passwords by mail, one's own account, the first administrator."""

import re
from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.db import db
from helpdesk.errors import Invalid
from helpdesk.models.access import LoginSession, PasswordReset
from helpdesk.models.people import Person, Staff
from helpdesk.models.post import Outbound
from helpdesk.services import access, replies, rulebook
from helpdesk.services.access import passwords
from helpdesk.web.auth import browser_name
from tests.builders import a_citizen, a_department, a_ticket, an_account, an_agent
from tests.web.staff_browser import StaffBrowser, visible

PASSWORD = "four words are enough"
HASH = passwords.hashed(PASSWORD)


@pytest.fixture
def agent(session):
    return an_agent_with_password()


def an_agent_with_password(**given):
    actor = an_agent(**given)
    db.session.get_one(Staff, actor.id).password_hash = HASH
    db.session.flush()
    return actor


def email_of(actor):
    return db.session.get_one(Person, actor.id).email


@pytest.fixture
def browser(app, session):
    return StaffBrowser(app, None)


def signs_in(browser, actor, password=PASSWORD, **more):
    return browser.send("/auth/sign-in", email=email_of(actor), password=password, **more)


def is_in(browser):
    return browser.get("/auth/account").status_code == 200


def test_the_right_pair_opens_the_desk(browser, agent):
    answer = signs_in(browser, agent)
    assert answer.status_code == 303 and answer.location == "/desk"
    assert is_in(browser)


def test_the_address_is_taken_in_any_case_of_its_letters(browser, agent):
    answer = browser.send("/auth/sign-in", email=f" {email_of(agent).upper()} ", password=PASSWORD)
    assert answer.status_code == 303


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(browser, agent):
    wrong = signs_in(browser, agent, "not this one at all")
    unknown = browser.send("/auth/sign-in", email="nobody@example.org", password="not this one at all")
    assert wrong.status_code == unknown.status_code == 422
    told = [visible(page.text) for page in (wrong, unknown)]
    assert told[0] == told[1] and "do not belong together" in told[0]
    assert not is_in(browser)


def test_an_unknown_address_costs_the_same_work(session, agent, monkeypatch):
    verified = []
    monkeypatch.setattr(passwords, "_verify", lambda kept, given: verified.append(kept))
    for email in (email_of(agent), "nobody@example.org"):
        with pytest.raises(Invalid):
            access.sign_in(email, "whatever it was", address="a")
    assert verified == [HASH, None]


def test_a_leaver_and_a_citizen_cannot_sign_in(browser, agent):
    db.session.get_one(Staff, agent.id).active = False
    assert signs_in(browser, agent).status_code == 422
    citizen = a_citizen()
    assert browser.send("/auth/sign-in", email=citizen.email, password=PASSWORD).status_code == 422


def test_the_page_keeps_the_address_that_was_written_and_never_the_password(browser, agent):
    page = signs_in(browser, agent, "wrong and secret words").text
    assert f'value="{email_of(agent)}"' in page and "wrong and secret words" not in page


def test_failures_make_the_next_try_wait_ever_longer_and_lock_nobody_out(browser, agent):
    for _ in range(5):
        assert signs_in(browser, agent, "not this one at all").status_code == 422
    refused = signs_in(browser, agent)
    assert refused.status_code == 429 and 1 <= int(refused.headers["Retry-After"]) <= 3
    assert "seconds" in refused.text
    elsewhere = browser.client.application.test_client()
    page = elsewhere.get("/auth/sign-in", environ_base={"REMOTE_ADDR": "10.0.0.9"}).text
    form = {"csrf_token": re.search(r'csrf_token" value="([^"]+)', page)[1], "email": email_of(agent)}
    form["password"] = PASSWORD
    assert elsewhere.post("/auth/sign-in", data=form, environ_base={"REMOTE_ADDR": "10.0.0.9"}).status_code == 303


def test_a_sign_in_without_the_forms_token_is_refused(browser, agent):
    answer = browser.client.post("/auth/sign-in", data={"email": email_of(agent), "password": PASSWORD})
    assert answer.status_code == 400 and not is_in(browser)


@pytest.mark.parametrize(
    ("wish", "leads"),
    [
        ("/desk/tickets/100001", "/desk/tickets/100001"), ("/desk?q=a&view=any", "/desk?q=a&view=any"), ("", "/desk"),
        ("https://evil.example/", "/desk"), ("//evil.example", "/desk"), ("/\\evil.example", "/desk"),
        ("\\\\evil.example", "/desk"), ("/\t/evil.example", "/desk"), ("javascript:alert(1)", "/desk"),
        ("///evil.example", "/desk"), ("/\r\nSet-Cookie: a=b", "/desk"), ("desk", "/desk"),
    ],
)  # fmt: skip
def test_after_the_sign_in_one_stays_in_the_house(browser, agent, wish, leads):
    assert signs_in(browser, agent, next=wish).location == leads


def test_who_is_signed_in_already_is_led_on_within_the_house(app, agent):
    browser = StaffBrowser(app, agent)
    assert browser.get("/auth/sign-in?next=//evil.example").location == "/desk"
    assert browser.get("/auth/sign-in?next=/supervise").location == "/supervise"


def test_a_page_for_staff_leads_to_the_sign_in_and_back(browser, agent):
    sent = browser.get("/desk?view=all")
    assert sent.status_code == 302 and sent.location.startswith("/auth/sign-in?next=")
    assert signs_in(browser, agent, at=sent.location, next="/desk?view=all").location == "/desk?view=all"


def test_a_session_planted_before_the_sign_in_gains_nothing(app, agent):
    victim, planter = StaffBrowser(app, None), StaffBrowser(app, None)
    planter.get("/auth/sign-in")
    planted = planter.client.get_cookie("helpdesk").value
    victim.client.set_cookie("helpdesk", planted)
    signs_in(victim, agent)
    assert victim.client.get_cookie("helpdesk").value != planted
    assert is_in(victim) and not is_in(planter)
    with victim.client.session_transaction() as kept:
        assert set(kept) <= {"_user_id", "_fresh", "_permanent", "csrf_token"}


def test_the_database_knows_only_the_hash_of_a_session(app, agent):
    token = access.open_session(agent.id, "Firefox", clock.now())
    kept = db.session.query(LoginSession).one()
    assert token.encode() not in kept.token_hash and kept.browser == "Firefox"
    assert access.find_session(kept.token_hash.hex(), clock.now()) is None


def test_signing_out_ends_the_session_and_not_only_the_cookie(browser, agent):
    signs_in(browser, agent)
    stolen = browser.client.get_cookie("helpdesk").value
    assert browser.send("/auth/sign-out", at="/auth/account").status_code == 303
    assert not is_in(browser)
    browser.client.set_cookie("helpdesk", stolen)
    assert not is_in(browser)


def test_one_of_ones_sessions_can_be_ended_and_nobody_elses(app, agent):
    here, there = StaffBrowser(app, agent), StaffBrowser(app, agent)
    other = StaffBrowser(app, an_agent())
    ids = [row.id for row in access.sessions_of(agent.id, clock.now())]
    for number in ids:
        assert other.send(f"/auth/sessions/{number}/revoke", at="/auth/account").status_code == 404
    assert is_in(here) and is_in(there)
    page = here.page("/auth/account")
    [ended] = re.findall(r"/auth/sessions/(\d+)/revoke", page)
    assert here.send(f"/auth/sessions/{ended}/revoke", at="/auth/account").location == "/auth/account"
    assert is_in(here) and not is_in(there) and is_in(other)


def test_signing_out_everywhere_ends_all(app, agent):
    here, there = StaffBrowser(app, agent), StaffBrowser(app, agent)
    here.send("/auth/sign-out-everywhere", at="/auth/account")
    assert not is_in(here) and not is_in(there)


def test_a_session_ends_after_its_time_unused_or_when_its_person_leaves(session, agent):
    at = clock.now()
    token = access.open_session(agent.id, "", at)
    assert access.find_session(token, at + timedelta(days=2))
    assert access.find_session(token, at + timedelta(days=4)) is None
    access.saw(access.find_session(token, at).session_id, at + timedelta(days=13))
    assert access.find_session(token, at + timedelta(days=13, hours=23))
    assert access.find_session(token, at + timedelta(days=14, hours=1)) is None
    db.session.get_one(Staff, agent.id).active = False
    db.session.flush()
    assert access.find_session(token, at) is None


def test_asking_for_a_new_password_is_answered_the_same_for_everybody(browser, agent):
    an_account(is_default=True)
    known = browser.send("/auth/forgotten", email=email_of(agent))
    unknown = browser.send("/auth/forgotten", email="nobody@example.org")
    assert known.status_code == unknown.status_code == 200
    assert visible(known.text) == visible(unknown.text)
    assert [row.payload["to_address"] for row in db.session.query(Outbound)] == [email_of(agent)]


def test_nobody_can_fill_a_colleagues_mailbox_with_links(browser, agent):
    an_account(is_default=True)
    for _ in range(8):
        assert browser.send("/auth/forgotten", email=email_of(agent)).status_code == 200
    assert db.session.query(Outbound).count() == 5


def a_link(browser, actor):
    an_account(is_default=True)
    browser.send("/auth/forgotten", email=email_of(actor))
    mail = db.session.query(Outbound).order_by(Outbound.id.desc()).first()
    return re.search(r"http://127\.0\.0\.1:8000(/auth/new-password/\S+)", mail.payload["text"])[1]


def test_the_link_sets_a_password_once_and_ends_every_session(app, browser, agent):
    elsewhere, link = StaffBrowser(app, agent), a_link(browser, agent)
    assert "choose" in browser.page("/auth/forgotten") and browser.get(link).status_code == 200
    short = browser.send(link, password="short")
    assert short.status_code == 422 and "at least 12" in short.text
    assert browser.send(link, password="another four good words").location == "/desk"
    assert is_in(browser) and not is_in(elsewhere)
    assert "used already" in StaffBrowser(app, None).page(link)
    fresh = StaffBrowser(app, None)
    assert signs_in(fresh, agent).status_code == 422
    assert signs_in(fresh, agent, "another four good words").status_code == 303


def test_a_link_dies_after_an_hour_and_with_the_old_password(app, browser, agent):
    link = a_link(browser, agent)
    at = clock.now()
    token = link.rpartition("/")[2]
    assert access.reset_is_good(token, at) and not access.reset_is_good(token, at + timedelta(minutes=61))
    access.change_password(agent, PASSWORD, "another four good words", at)
    assert not access.reset_is_good(token, at)
    assert db.session.query(PasswordReset).one().used_at == at


def test_changing_the_password_needs_the_present_one_and_keeps_this_browser(app, agent):
    here, there = StaffBrowser(app, agent), StaffBrowser(app, agent)
    new = {"password": "another four good words"}
    wrong = here.send("/auth/password", at="/auth/account", present="not this", **new)
    assert wrong.status_code == 422 and 'href="#present"' in wrong.text and is_in(there)
    done = here.send("/auth/password", at="/auth/account", present=PASSWORD, **new)
    assert done.location == "/auth/account"
    assert "other browsers were signed out" in here.page("/auth/account")
    assert is_in(here) and not is_in(there)


def test_ones_language_and_signature_are_ones_own(app, agent):
    browser = StaffBrowser(app, agent)
    saved = browser.send("/auth/account", language="en", signature="  Niki\r\nRoads ")
    assert saved.status_code == 303 and browser.client.get_cookie("language") is None
    assert access.profile_of(agent) == access.Profile("en", "Niki\nRoads")
    page = browser.page("/auth/account")
    assert "Your choices were saved." in page and "Niki\nRoads</textarea>" in page and '<html lang="en"' in page
    browser.send("/auth/account", language="el", signature="")
    assert 'lang="el"' in browser.page("/auth/account")


@pytest.mark.parametrize(
    ("given", "field"), [({"language": "xx"}, "language"), ({"language": "en", "signature": "a" * 1001}, "signature")]
)
def test_a_choice_that_cannot_be_is_named(app, agent, given, field):
    refused = StaffBrowser(app, agent).send("/auth/account", **given)
    assert refused.status_code == 422 and f'href="#{field}"' in refused.text
    assert access.profile_of(agent) == access.Profile("el", "")


def test_the_desk_leads_to_ones_account(app, agent):
    browser = StaffBrowser(app, agent)
    assert 'href="/auth/account"' in browser.page("/desk/new")


def test_the_pages_speak_greek(app, agent):
    assert "Σύνδεση" in StaffBrowser(app, None, "el").page("/auth/sign-in")
    assert "Πού είστε συνδεδεμένοι" in StaffBrowser(app, agent, "el").page("/auth/account")


def test_the_first_administrator_is_made_once_by_the_token_of_the_start(app, browser):
    token = access.first_token(clock.now())
    form = {"name": "Άννα", "email": "anna@example.org", "password": PASSWORD}
    a_citizen(email="anna@example.org")
    assert browser.send("/auth/first", token="wrong", **form).status_code == 404
    short = browser.send("/auth/first", token=token, **form | {"password": "short"})
    assert short.status_code == 422 and 'value="Άννα"' in short.text
    assert browser.send("/auth/first", at=f"/auth/first?token={token}", token=token, **form).location == "/admin"
    assert db.session.query(Staff).one().role == "administrator"
    assert access.first_token(clock.now()) is None
    assert StaffBrowser(app, None).get("/auth/first").status_code == 404


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18 Safari/605", "Safari, macOS"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537 Chrome/140 Safari/537 Edg/140", "Edge, Linux"),
        ("curl/8", "curl/8"),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_a_person_knows_it(agent, name):
    assert browser_name(agent) == name


def test_an_answer_is_signed_as_the_agent_chose(session):
    rulebook.ensure_defaults(clock.now())
    an_account(is_default=True)
    department = a_department()
    actor, ticket = an_agent(department), a_ticket(department_id=department.id)
    for signature, line in (("", actor.name), ("Niki\nRoads", "Niki\nRoads")):
        access.change_profile(actor, access.Profile("el", signature))
        said = replies.reply(actor, ticket.id, "Έρχεται συνεργείο.")
        sent = db.session.query(Outbound).filter_by(message_id=said.id).one().payload
        assert line in sent["text"] and line.replace("\n", "<br>") in sent["html"]
