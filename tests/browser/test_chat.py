"""Two browsers talk, also without scripts, without a connection, and on a strict foreign page; in both languages."""

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.site import Site
from tests.browser.test_pages import AXE, RULES, RUN

Visit = Callable[..., Page]
SOON = 20_000


def begin(citizen: Page, words: str, language: str = "en") -> str:
    """Opens a conversation with a person, by keyboard; the number of its request."""
    citizen.goto(f"/{language}/chat")
    citizen.locator("#text").fill(words)
    people = citizen.locator("button[name=people]")
    (people if people.count() else citizen.locator("main form button[type=submit]").first).press("Enter")
    expect(citizen.locator("[data-number-link]")).to_have_text(re.compile(r"\d{6}"))
    return citizen.locator("[data-number-link]").inner_text()


def take(agent: Page, number: str) -> None:
    """The agent opens the request, then its chat, and speaks in it."""
    agent.goto(f"/desk/tickets/{number}?language=en")
    agent.get_by_role("link", name="Open the chat").click()
    agent.get_by_role("button", name="Take over").first.click()
    expect(agent.locator("[data-own] textarea").first).to_be_visible()


@pytest.mark.parametrize("language", ["en", "el"])
def test_two_browsers_talk_and_a_reload_and_a_second_tab_show_the_same(visit: Visit, language: str) -> None:
    citizen, agent, mark = visit(), visit(role="administrator"), uuid4().hex[:8]
    number = begin(citizen, f"The bin overflows {mark}", language)
    take(agent, number)
    pane = agent.locator("[data-own]").filter(has_text=mark)
    expect(citizen.locator("[data-standing]")).not_to_contain_text("{", timeout=SOON)
    pane.locator("textarea[name=text]").first.fill("We come <b>today</b>.")
    pane.locator("textarea[name=text]").first.press("Enter")
    expect(citizen.locator("[data-new]")).to_contain_text("We come <b>today</b>.", timeout=SOON)
    tab = citizen.context.new_page()
    tab.goto(f"/{language}/chat")
    citizen.locator("#text").fill("Thank you very much")
    citizen.locator("#text").press("Enter")
    expect(pane.locator(".chat-log")).to_contain_text("Thank you very much", timeout=SOON)
    expect(tab.locator(".chat")).to_contain_text("Thank you very much", timeout=SOON)
    citizen.reload()
    expect(citizen.locator(".chat-line", has_text="Thank you very much")).to_have_count(1)
    assert citizen.locator(".chat-line[data-seq]").count() == tab.locator(".chat-line[data-seq]").count()


def test_what_is_written_without_a_connection_arrives_once_it_is_back(chromium: Browser, site: Site) -> None:
    context = chromium.new_context(base_url=site.url)  # not watched: its complaints about the network are the test
    citizen = context.new_page()
    begin(citizen, f"Is anybody there {uuid4().hex[:8]}")
    citizen.context.set_offline(True)
    citizen.locator("#text").fill("Written in the tunnel")
    citizen.locator("#text").press("Enter")
    expect(citizen.locator(".chat-line.pending")).to_have_count(1)
    citizen.context.set_offline(False)
    expect(citizen.locator(".chat-line.pending")).to_have_count(0, timeout=SOON)
    expect(citizen.locator(".chat-line[data-seq]", has_text="Written in the tunnel")).to_have_count(1)
    context.close()


def test_without_scripts_one_talks_all_the_same(visit: Visit) -> None:
    citizen, agent, mark = visit(java_script_enabled=False), visit(role="administrator"), uuid4().hex[:8]
    number = begin(citizen, f"No scripts here {mark}")
    take(agent, number)
    pane = agent.locator("[data-own]").filter(has_text=mark)
    pane.locator("textarea[name=text]").first.fill("Read without scripts.")
    pane.locator("textarea[name=text]").first.press("Enter")
    expect(pane.locator(".chat-log")).to_contain_text("Read without scripts.", timeout=SOON)
    citizen.get_by_role("link", name="Look for new answers").click()
    expect(citizen.locator("main")).to_contain_text("Read without scripts.")
    citizen.get_by_label("Your message").fill("Thank you")
    citizen.get_by_role("button", name="Send", exact=True).click()
    expect(citizen.locator("main")).to_contain_text("Thank you")


POLICY = "default-src 'none'; script-src {home}; frame-src {home}"


class Foreign(BaseHTTPRequestHandler):
    """A page of another site with the strictest policy that the chat's manual names."""

    def __init__(self, home: str, *given: object) -> None:
        self.home = home
        super().__init__(*given)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """One page, in English or, at /el, in Greek."""
        tongue = "el" if self.path == "/el" else "en"
        script = (
            f'<script src="{self.home}/widget/v1.js" defer data-widget="browser-test" data-colour="#ffd400"></script>'
        )
        told = f"<title>Foreign</title><main><h1>Another site</h1></main>{script}"
        body = f'<!doctype html><html lang="{tongue}">{told}'.encode()
        self.send_response(200 if self.path in ("/", "/el") else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Security-Policy", POLICY.format(home=self.home))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def foreign(site: Site) -> Iterator[str]:
    """A site of the body elsewhere; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Foreign, site.url))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def keep_place(visit: Visit, origin: str) -> None:
    """An administrator lets that site show the chat."""
    admin = visit(role="administrator")
    admin.goto("/admin/widgets?language=en")
    known = admin.get_by_role("link", name="Browser test")
    if known.count():
        known.first.click()
    else:
        admin.goto("/admin/widgets/new")
        admin.locator("[name='names-en'], [name='names.en']").first.fill("Browser test")
        admin.locator("[name='names-el'], [name='names.el']").first.fill("Δοκιμή")
    admin.locator("[name=origins]").fill(origin)
    admin.locator("[name=colour]").fill("#ffd400")
    admin.locator("main form button[type=submit]").first.click()
    expect(admin.locator("main")).to_contain_text("Browser test")


def test_embedded_on_a_strict_foreign_page_it_opens_talks_and_closes_by_keyboard(
    visit: Visit, chromium: Browser, foreign: str
) -> None:
    keep_place(visit, foreign)
    context = chromium.new_context()
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda told: complaints.append(told.text) if "Content Security Policy" in told.text else None)
    page.goto(foreign)
    launcher = page.get_by_role("button", name="Chat with us")
    expect(launcher).to_be_visible()
    assert not context.cookies() and not page.frames[1:]
    launcher.press("Enter")
    frame = page.frame_locator("iframe")
    frame.locator("#begin-text").fill("From another site")
    frame.locator("[data-begin] button").press("Enter")
    expect(frame.locator("[data-new]")).to_contain_text("From another site", timeout=SOON)
    assert not [one for one in context.cookies() if one["name"] != "language"]
    frame.locator("#text").press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("button[aria-expanded]")).to_be_focused()
    page.reload()
    page.get_by_role("button", name="Chat with us").click()
    expect(page.frame_locator("iframe").locator("[data-new]")).to_contain_text("From another site", timeout=SOON)
    assert not complaints
    context.close()


def faults(frame: Page | Frame) -> list[str]:
    """What axe finds there, whatever the page's policy forbids to scripts of its own."""
    frame.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = frame.evaluate(RUN, RULES)
    return found


@pytest.mark.parametrize(("path", "look"), [("/", "light"), ("/el", "dark")])
def test_on_another_site_button_dialog_and_frame_are_accessible_open_and_closed(
    visit: Visit, chromium: Browser, foreign: str, path: str, look: Literal["light", "dark"]
) -> None:
    keep_place(visit, foreign)
    context = chromium.new_context(color_scheme=look, reduced_motion="reduce")
    page = context.new_page()
    page.goto(foreign + path)
    launcher = page.locator("button[aria-expanded]")
    expect(launcher).to_be_visible()
    assert faults(page) == []
    launcher.press("Enter")
    inside = page.frame_locator("iframe")
    expect(inside.locator("#begin-text")).to_be_focused(timeout=SOON)
    assert faults(page) == [] and faults(page.frames[1]) == []
    inside.locator("#begin-text").fill(f"From {path} of another site")
    inside.locator("[data-begin] button").press("Enter")
    expect(inside.locator("[data-new]")).to_contain_text("of another site", timeout=SOON)
    assert faults(page.frames[1]) == []
    head = inside.locator(".frame-head").evaluate(
        "(one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]"
    )
    assert head == ["rgb(255, 212, 0)", "rgb(0, 0, 0)"]
    context.close()
