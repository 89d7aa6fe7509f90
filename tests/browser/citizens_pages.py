"""Where the pages that citizens and visitors see are looked at."""

from collections.abc import Mapping
from uuid import uuid4

from playwright.sync_api import Page

from tests.browser.site import Site
from tests.browser.ways import Address, linked, plain


def sent(page: Page, site: Site, language: str) -> str:
    """What is seen after a form was sent: the browser may follow that request from now on."""
    page.goto(f"/{language}/ask/other")
    if "/ask/other" not in page.url or page.locator("#subject").count() == 0:
        page.goto(linked("/en/ask", "/ask/")(page, site, language))
    page.fill("#subject", f"Παγκάκι {uuid4().hex[:6]}")
    page.fill("#description", "Λείπουν δύο σανίδες.")
    page.fill("#name", "Άννα Ιωάννου")
    page.click("form[data-autosave] button.govuk-button >> nth=0")
    page.wait_for_selector(".govuk-panel")
    return ""


def followed(page: Page, site: Site, language: str) -> str:
    """The page of a request that was just sent."""
    sent(page, site, language)
    page.click("a.govuk-button")
    page.wait_for_selector(".timeline")
    return ""


def receipt_of_mine(page: Page, site: Site, language: str) -> str:
    """The receipt of an application that was sent by the form of its service."""
    services = site.api("GET", "/services?limit=100")["items"]
    page.goto(f"/{language}/ask/{next(item['key'] for item in services if item['application'])}")
    for box in page.locator(
        "form[data-autosave] :is(input[type='text']:not([name='website']), textarea):visible"
    ).all():
        box.fill("Πιστοποιητικό")
    for question in page.locator("form[data-autosave] fieldset:has(input[type='radio'])").all():
        question.locator("input[type='radio']").first.check()
    for choice in page.locator("form[data-autosave] select").all():
        choice.select_option(index=1)
    page.click("form[data-autosave] button.govuk-button >> nth=0")
    page.wait_for_selector(".govuk-panel")
    return str(page.locator("a[href$='/receipt']").first.get_attribute("href"))


def settled(answer: str) -> Address:
    """The question that a letter's link leads to, of a request that was just sent and resolved."""

    def address(page: Page, site: Site, language: str) -> str:
        followed(page, site, language)
        number = page.url.split("/requests/")[1].split("?")[0]
        site.api("POST", f"/tickets/{number}/actions/resolve", {"code": "solved", "text": "Οι σανίδες μπήκαν."})
        return f"/{language}/requests/{number}/{answer}"

    return address


def saved(page: Page, site: Site, language: str) -> str:
    """What is seen after a form was saved for later."""
    page.goto(linked("/en/ask", "/ask/")(page, site, language))
    page.fill("#subject", "Για αργότερα")
    page.click("button[formaction]")
    page.wait_for_selector(".resume")
    return ""


def time_kept(page: Page, site: Site, language: str) -> str:
    """The page that asks for the number, while a time is kept."""
    page.goto(f"/{language}/callback")
    page.locator("main .choices a").first.click()
    page.locator("input[name='slot']").first.check()
    page.click("main form button.govuk-button")
    page.wait_for_selector("#phone")
    return ""


def called(page: Page, site: Site, language: str) -> str:
    """What is seen after a call was asked for, each time to another number."""
    time_kept(page, site, language)
    page.fill("#phone", f"69{uuid4().int % 10**8:08}")
    page.fill("#name", "Άννα Ιωάννου")
    page.click("main form button.govuk-button")
    page.wait_for_selector(".govuk-panel")
    return ""


def call_of_mine(page: Page, site: Site, language: str) -> str:
    """The call that was just asked for."""
    called(page, site, language)
    return page.url.replace("/called", "/call").removeprefix(site.url)


CASES: Mapping[str, tuple[Address, ...]] = {
    "portal.home": (plain("/el/"),),
    "portal.ask": (plain("/el/ask"),),
    "portal.ask_form": (linked("/el/ask", "/ask/"),),
    "portal.ask_saved": (saved,),
    "portal.callback": (plain("/el/callback"),),
    "portal.callback_details": (time_kept,),
    "portal.track_called": (called,),
    "portal.track_call": (call_of_mine,),
    "portal.chat": (plain("/el/chat"),),
    "portal.contact": (plain("/el/contact"),),
    "portal.help": (plain("/el/help"),),
    "portal.help_article": (linked("/el/help", "/help/"),),
    "portal.privacy": (plain("/el/privacy"),),
    "portal.accessibility": (plain("/el/accessibility"),),
    "portal.track": (plain("/el/track"),),
    "portal.track_list": (plain("/el/requests"),),
    "portal.track_received": (sent,),
    "portal.track_request": (followed,),
    "portal.track_receipt": (receipt_of_mine,),
    "portal.track_ask_confirm": (settled("confirm"),),
    "portal.track_ask_reject": (settled("reject"),),
    "stats.figures": (plain("/stats"),),
    "auth.sign_in": (plain("/auth/sign-in"),),
    "auth.forgotten": (plain("/auth/forgotten"),),
    "auth.new_password": (plain("/auth/new-password/an-old-link"),),
    "auth.account": (plain("/auth/account"),),
}
