"""A citizen calls and an agent answers; another keeps their place and is rung: telephones of a simulated carrier."""

import json
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.site import Site, standing
from tests.servers import worker_redis

CARRIER = "gw13"
"""A number of Valkey's that no worker of the tests has, nor the other installation."""
OURS = "+302100000100"
PATIENCE, SOON = 180.0, 60_000
Line = Mapping[str, Any]


@pytest.fixture(scope="module")
def house(worker_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation of its own with a carrier: what its clock does is nobody else's business."""
    folder = tmp_path_factory.mktemp("telephones")
    with standing(f"calls_{worker_name}", worker_redis(CARRIER), folder, telephones=True) as found:
        yield found


class Telephones:
    """The hands on the telephones of the town."""

    def __init__(self, site: Site) -> None:
        self.url = site.environment["TWILIO_BASE_URL"]

    def do(self, act: str = "", **given: str) -> list[Line]:
        """One act; the newest lines, as the carrier shows them."""
        data = urllib.parse.urlencode(given).encode()
        request = urllib.request.Request(f"{self.url}/sim/{act}", data, method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            return list(json.load(answer)["lines"])

    def until(self, wanted: Callable[[Line], bool], told: str) -> Line:
        """The line of which that becomes true."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            found = next((line for line in self.do() if wanted(line)), None)
            if found is not None:
                return found
            time.sleep(0.2)
        pytest.fail(f"{told}: {[(one['caller'], one['called'], one['status'], one['heard']) for one in self.do()]}")

    def hears(self, sid: str, words: str) -> Line:
        """Waits until something is said on a line."""
        return self.until(lambda one: one["sid"] == sid and words in " ".join(map(str, one["heard"])), words)

    def presses(self, sid: str, keys: str) -> None:
        """Presses keys."""
        self.do("press", sid=sid, keys=keys)

    def takes(self, called: str) -> str:
        """Somebody lifts the receiver of a telephone that rings; the line."""
        sid = str(self.rings(called)["sid"])
        self.do("answer", sid=sid)
        self.until(lambda one: one["sid"] == sid and one["status"] == "in-progress", f"{called} is not answered")
        return sid

    def rings(self, called: str) -> Line:
        """Waits until that telephone rings."""
        return self.until(lambda one: one["called"] == called and one["status"] == "ringing", f"{called} does not ring")

    def calls(self, caller: str) -> str:
        """Somebody rings us, in Greek, and asks for the first department; the line."""
        lines = self.do("call", caller=caller, called=OURS)
        sid = str(next(one["sid"] for one in lines if one["caller"] == caller and not one["over"]))
        self.hears(sid, "English")
        self.presses(sid, "1")
        self.hears(sid, "1")
        self.presses(sid, "1")
        return sid


@pytest.fixture
def telephones(house: Site) -> Telephones:
    """Once the carrier answers."""
    found, limit = Telephones(house), time.monotonic() + PATIENCE
    while True:
        try:
            found.do()
            return found
        except OSError:
            assert time.monotonic() < limit, "the carrier did not become ready"
            time.sleep(0.2)


@pytest.fixture
def visit(chromium: Browser, house: Site) -> Iterator[Callable[[str], Page]]:
    """A browser of somebody who works there."""
    contexts = []

    def opened(role: str) -> Page:
        context = chromium.new_context(base_url=house.url)
        context.set_default_timeout(SOON)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, house, role)
        return page

    yield opened
    for context in contexts:
        context.close()


def save(admin: Page) -> None:
    """Sends the form that has the hours, and waits until that is done."""
    with admin.expect_response(lambda answer: answer.request.method == "POST") as sent:
        admin.locator("main form:has(#calendar_key) button[type=submit]").first.click()
    assert sent.value.status == 303


def open_always(admin: Page) -> None:
    """The first department and whoever answers there work around the clock, so that the test has no hour of its own."""
    admin.goto("/admin/departments")
    admin.locator("main a[href^='/admin/departments/']", has_text="Citizen Service").first.click()
    admin.locator("#calendar_key").select_option("always")
    save(admin)
    admin.goto("/admin/people")
    admin.locator("main a[href^='/admin/people/']", has_text="Μαρία Ιωάννου").first.click()
    admin.locator("#calendar_key").select_option("always")
    save(admin)


def test_a_call_is_answered_with_its_history_and_a_place_that_was_kept_is_rung_in_turn(
    house: Site, telephones: Telephones, visit: Callable[[str], Page]
) -> None:
    phone, subject = f"+3069{uuid4().int % 10**8:08}", f"A bench {uuid4().hex[:6]}"
    citizen = {"name": "Μαρία Παπαδοπούλου", "email": f"{uuid4().hex[:8]}@example.org", "phone": phone}
    house.api("POST", "/tickets", {"subject": subject, "text": "Two boards are missing.", "requester": citizen})
    open_always(visit("administrator"))
    agent = visit("agent")
    agent.goto("/desk/phone")
    desk = agent.locator("#phone-telephone").input_value()
    assert desk

    line = telephones.calls(phone)
    ringing = telephones.rings(desk)
    expect(agent.locator(".phone-call.offered")).to_contain_text(subject, timeout=SOON)
    assert not ringing["together"], "the history stands there before anybody answers"
    own = telephones.takes(desk)
    telephones.presses(own, "1")
    telephones.until(lambda one: one["sid"] == line and one["together"], "they do not talk")
    expect(agent.locator(".phone-call.talking")).to_be_visible(timeout=SOON)
    telephones.do("hang-up", sid=line)
    expect(agent.locator(".phone-call.wrap_up")).to_be_visible(timeout=SOON)
    agent.get_by_label("Settled on the telephone").check()
    agent.get_by_label("What was said").fill("The crew comes on Tuesday.")
    agent.get_by_role("button", name="Save, and be ready again").click()
    expect(agent.locator("#timeline")).to_contain_text("The crew comes on Tuesday.", timeout=SOON)

    other = f"+3069{uuid4().int % 10**8:08}"
    waiting = telephones.calls(other)
    telephones.presses(waiting, "1")
    telephones.presses(waiting, "1")
    telephones.until(lambda one: one["sid"] == waiting and one["over"], "the place was not noted")
    agent.goto("/desk/phone")
    own = telephones.takes(desk)
    telephones.presses(own, "1")
    rung = telephones.takes(other)
    telephones.until(lambda one: one["sid"] == rung and one["together"], "the citizen is not connected")
    expect(agent.locator(".phone-call.talking")).to_be_visible(timeout=SOON)
    telephones.do("hang-up", sid=rung)
    expect(agent.locator(".phone-call.wrap_up")).to_be_visible(timeout=SOON)
    limit = time.monotonic() + PATIENCE
    while house.api("GET", "/callbacks")["items"] and _owed(house, "queue"):
        assert time.monotonic() < limit, "the promise was not kept"
        time.sleep(0.5)
    lines = [one for one in telephones.do() if one["called"] == other]
    assert len(lines) == 1, "the citizen was rung more than once"


def _owed(house: Site, origin: str) -> list[Any]:
    return [one for one in house.api("GET", "/callbacks")["items"] if one["origin"] == origin]
