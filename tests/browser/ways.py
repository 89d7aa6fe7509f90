"""Ways to a page: how a browser in a language gets to an address, straight or by a link."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.site import Site

Address = Callable[[Page, Site, str], str]
"""Leads a signed-in browser to a page in a language; the address to open, or empty where it is there already."""


def in_language(path: str, language: str) -> str:
    """Citizens' pages say the language in their path, the others are asked for it."""
    if path.startswith(("/el", "/en")):
        return f"/{language}{path[3:]}"
    return f"{path}{'&' if '?' in path else '?'}language={language}"


def plain(path: str) -> Address:
    """A page without arguments."""
    return lambda page, site, language: in_language(path, language)


def linked(path: str, link: str) -> Address:
    """The first page that this one links to by such an address."""

    def address(page: Page, site: Site, language: str) -> str:
        page.goto(in_language(path, language))
        found = page.locator(f"main a[href*='{link}']:not([href*='/new'])").first.get_attribute("href")
        assert found is not None
        return in_language(found.split("?")[0], language)

    return address
