"""Who may enter which page: by role, and how those who may not are told."""

import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.web.guards import agent, guard_of, public
from tests.builders import a_supervisor, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser

OPEN = {
    "/desk/new": {"agent", "supervisor", "administrator"},
    "/supervise": {"supervisor", "administrator"},
    "/admin/": {"administrator"},
}


@pytest.mark.parametrize("page", OPEN)
def test_a_page_opens_for_its_roles_and_is_refused_to_others(app, session, page):
    people = {"agent": an_agent(), "supervisor": a_supervisor(), "administrator": an_administrator()}
    for role, actor in people.items():
        status = StaffBrowser(app, actor).get(page).status_code
        assert status == (200 if role in OPEN[page] else 403), role


@pytest.mark.parametrize("page", OPEN)
def test_who_is_not_signed_in_is_led_to_the_sign_in(client, page):
    sent = client.get(page)
    assert sent.status_code == 302 and sent.location == f"/auth/sign-in?next={page}"


def test_a_fragment_of_somebody_signed_out_leads_the_whole_page_there(client):
    answer = client.get("/desk/rows", headers={"HX-Request": "true"})
    assert answer.status_code == 401 and answer.headers["HX-Redirect"] == "/auth/sign-in"


def test_a_form_of_somebody_signed_out_is_told_that_nothing_was_sent(app, session):
    browser = StaffBrowser(app, None)
    answer = browser.send("/auth/sign-out-everywhere", at="/auth/sign-in")
    assert answer.status_code == 401 and "nothing was sent" in answer.text


def test_a_view_wears_one_guard_and_not_two():
    def view():
        return ""

    assert guard_of(public(view)) == "public" and guard_of(view) == "" and guard_of(None) == ""
    with pytest.raises(TypeError, match="one is enough"):
        agent(public(view))


STALL = """
from gevent import monkey
monkey.patch_all()
import time, gevent
from helpdesk.services.access import passwords
kept = passwords.hashed("four words are enough")
begin = time.perf_counter()
passwords._verify(kept, "not these")
alone, gaps, running = time.perf_counter() - begin, [], True
def tick():
    last = time.perf_counter()
    while running:
        gevent.sleep(0.001)
        at = time.perf_counter()
        gaps.append(at - last)
        last = at
def stalls(act):
    gaps.clear()
    ticker = gevent.spawn(tick)
    gevent.sleep(0.01)
    act()
    gevent.sleep(0.01)
    ticker.kill()
    return max(gaps)
kind = [min(stalls(lambda: passwords.matches(kept, "not these")) for _ in range(5)) for kept in (kept, None)]
print(alone, max(kind))
"""


def test_a_sign_in_does_not_stall_the_other_requests_of_its_process():
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", STALL], cwd=root, capture_output=True, text=True, check=True)
    alone, stalled = map(float, done.stdout.split())
    assert stalled < alone / 2, f"a hash takes {alone:.3f} s and the loop stood still for {stalled:.3f} s"
