"""Stories in real browsers: a request seen at once, answered, read by link; without a mouse, without scripts."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site

Visit = Callable[..., Page]
SOON = 20_000


def a_subject() -> str:
    """Words that stand on one request alone."""
    return f"Broken bench {uuid4().hex[:8]}"


def fill_in(citizen: Page, subject: str) -> None:
    """The form for whatever fits no service."""
    citizen.goto("/en/ask")
    citizen.get_by_role("link", name="Other / I do not know").click()
    citizen.get_by_label("In a few words").fill(subject)
    citizen.get_by_label("Describe what you need").fill("Two boards are missing. Somebody could fall.")
    citizen.get_by_label("Your name").fill("Μαρία Παπαδοπούλου")
    citizen.locator("#email").fill("maria.p@example.org")


def number_on(citizen: Page) -> str:
    """The number that the confirmation tells."""
    expect(citizen.locator("h1")).to_contain_text("We received your request")
    return citizen.locator(".govuk-panel strong").inner_text()


def test_an_agent_sees_a_request_at_once_and_the_citizen_reads_the_answer_by_link(visit: Visit) -> None:
    agent, citizen, subject = visit(role="agent"), visit(), a_subject()
    agent.goto("/desk?view=all&sort=newest")
    expect(agent.locator("[data-live]")).to_have_attribute("data-state", "live")
    fill_in(citizen, subject)
    citizen.get_by_role("button", name="Send the request").click()
    number = number_on(citizen)
    link = citizen.locator(".resume a").get_attribute("href")
    assert link is not None

    agent.locator(f"#t{number} .subject a").click(timeout=SOON)
    expect(agent.locator("h1")).to_contain_text(subject)
    agent.locator("#text").fill("Thank you. A crew comes on Tuesday.")
    agent.locator("#composer button.for-public").click()
    expect(agent.locator("#timeline")).to_contain_text("A crew comes on Tuesday.")

    friend = visit()
    limit = time.monotonic() + 40
    while "A crew comes on Tuesday." not in _read_by(friend, link):
        assert time.monotonic() < limit, "the answer never reached the citizen's page"
        time.sleep(1)
    expect(friend.locator("main")).to_contain_text(number)


def _read_by(page: Page, link: str) -> str:
    page.goto(link)
    return page.locator("main").inner_text()


def test_an_open_ticket_shows_what_the_citizen_adds_without_losing_what_is_being_typed(visit: Visit) -> None:
    agent, citizen, subject = visit(role="agent"), visit(), a_subject()
    fill_in(citizen, subject)
    citizen.get_by_role("button", name="Send the request").click()
    number = number_on(citizen)
    agent.goto(f"/desk/tickets/{number}")
    expect(agent.locator("[data-live]")).to_have_attribute("data-state", "live")
    agent.locator("#text").fill("I am still writing")
    citizen.get_by_role("link", name="See your request").click()
    citizen.get_by_label("Your message").fill("A third board broke as well.")
    citizen.get_by_role("button", name="Send", exact=True).click()
    expect(agent.locator("#timeline")).to_contain_text("A third board broke as well.", timeout=SOON)
    assert agent.locator("#text").input_value() == "I am still writing"


def test_without_scripts_a_request_is_sent_and_followed(visit: Visit) -> None:
    citizen, subject = visit(java_script_enabled=False), a_subject()
    fill_in(citizen, subject)
    citizen.locator("input[type=file]").set_input_files(
        {"name": "φωτογραφία.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 64}
    )
    citizen.get_by_role("button", name="Send the request").click()
    number_on(citizen)
    citizen.get_by_role("link", name="See your request").click()
    expect(citizen.locator("h1")).to_contain_text(subject)
    expect(citizen.locator("main")).to_contain_text("φωτογραφία.png")


def test_an_empty_form_says_what_is_missing_beside_each_field_and_first_of_all(visit: Visit) -> None:
    citizen = visit()
    citizen.goto("/en/ask")
    citizen.get_by_role("link", name="Other / I do not know").click()
    citizen.get_by_role("button", name="Send the request").click()
    summary = citizen.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(citizen.get_by_label("In a few words")).to_be_focused()
    expect(citizen.locator(".govuk-error-message").first).to_be_visible()


def _tab_to(page: Page, name: str, most: int = 80) -> None:
    """Presses Tab until what has the focus carries that name."""
    told = "() => (document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || '').trim()"
    for _ in range(most):
        page.keyboard.press("Tab")
        if re.search(name, page.evaluate(told)):
            return
    pytest.fail(f"Tab never reached {name}")


def test_a_citizen_sends_a_request_by_keyboard_alone(visit: Visit) -> None:
    citizen, subject = visit(), a_subject()
    citizen.goto("/en/")
    for name, leads_to in (("Send a request", "/en/ask"), ("Other / I do not know", "/en/ask/*")):
        _tab_to(citizen, name)
        citizen.keyboard.press("Enter")
        citizen.wait_for_url(f"**{leads_to}")
    for name, words in (("In a few words", subject), ("Describe what", "It is broken."), ("Your name", "Anna Ioannou")):
        _tab_to(citizen, name)
        citizen.keyboard.type(words)
    _tab_to(citizen, "Send the request")
    citizen.keyboard.press("Enter")
    assert number_on(citizen)


def test_an_agent_takes_answers_and_goes_on_by_keyboard_alone(visit: Visit, site: Site) -> None:
    made = site.api("POST", "/tickets", {"subject": a_subject(), "text": "A lamp is out.", "requester": _somebody()})
    agent = visit(role="agent")
    agent.goto(f"/desk?q={made['number']}")
    agent.keyboard.press("j")
    agent.keyboard.press("Enter")
    expect(agent.locator("h1")).to_contain_text(made["subject"])
    agent.wait_for_load_state()  # the heading stands there before the keys are listened to
    agent.keyboard.press("r")
    expect(agent.locator("#text")).to_be_focused()
    agent.keyboard.type("We shall mend it.")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#timeline")).to_contain_text("We shall mend it.")
    agent.keyboard.press("n")
    expect(agent.locator("#text")).to_be_focused()
    agent.keyboard.type("Ask the electrician.")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#timeline")).to_contain_text("Ask the electrician.")
    agent.keyboard.press("u")
    agent.wait_for_url(re.compile(r"/desk(\?|$)"))


def _somebody() -> dict[str, str]:
    return {"name": "Anna", "email": f"anna-{uuid4().hex[:8]}@example.org"}


def _press_greek(page: Page, letter: str, key: str) -> None:
    """A key of a keyboard that is set to Greek."""
    event = {"key": letter, "code": f"Key{key.upper()}", "bubbles": True}
    page.evaluate("event => document.body.dispatchEvent(new KeyboardEvent('keydown', event))", event)


def test_the_keys_of_the_desk_search_tell_themselves_and_work_in_greek_until_they_are_switched_off(
    visit: Visit, site: Site
) -> None:
    made = site.api("POST", "/tickets", {"subject": a_subject(), "text": "A lamp is out.", "requester": _somebody()})
    agent = visit(role="agent")
    agent.goto("/desk")
    agent.keyboard.press("/")
    expect(agent.locator("#q")).to_be_focused()
    agent.keyboard.press("n")
    expect(agent.locator("#q")).to_have_value("n")
    agent.goto(f"/desk/tickets/{made['number']}")
    _press_greek(agent, "ν", "n")
    expect(agent.locator("#text")).to_be_focused()
    expect(agent.locator("#audience-internal")).to_be_checked()
    agent.locator("h1").focus()
    agent.keyboard.press("?")
    keys = agent.locator("#keys")
    expect(keys).to_be_visible()
    agent.get_by_label("Letter keys on").uncheck()
    agent.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    agent.reload()
    agent.locator("h1").focus()
    for key in ("?", "u", "r", "n", "t", "/"):
        agent.keyboard.press(key)
    expect(keys).to_be_hidden()
    assert agent.url.split("#")[0].endswith(f"/desk/tickets/{made['number']}")
    agent.get_by_role("button", name="Keys").click()
    expect(agent.get_by_label("Letter keys on")).not_to_be_checked()
    agent.get_by_label("Letter keys on").check()
    agent.keyboard.press("Escape")
    agent.locator("h1").focus()
    agent.keyboard.press("u")
    agent.wait_for_url(re.compile(r"/desk(\?|$)"))


def test_the_side_panel_stays_folded_away_from_page_to_page(visit: Visit, site: Site) -> None:
    made = site.api("POST", "/tickets", {"subject": a_subject(), "text": "A lamp is out.", "requester": _somebody()})
    agent = visit(role="agent")
    agent.goto(f"/desk/tickets/{made['number']}")
    fold, panel = agent.locator("#side > summary"), agent.locator("#ticket-side")
    expect(panel).to_be_visible()
    fold.click()
    expect(panel).to_be_hidden()
    agent.reload()
    expect(panel).to_be_hidden()
    fold.click()
    agent.reload()
    expect(panel).to_be_visible()
