"""Every page of the route table: no violation that axe knows of, nothing wider than a small phone, two languages."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from helpdesk import create_app
from helpdesk.config import Settings
from helpdesk.web.guards import guard_of
from tests.browser.routes import CASES, LOOKED_AT_BY, NOT_PAGES
from tests.browser.site import ROOT, Site

AXE = ROOT / "helpdesk" / "static" / "vendor" / "test" / "axe.min.js"
ROLES = {"public": "", "citizen": "", "agent": "agent", "supervisor": "supervisor", "admin": "administrator"}
LOOKS = {"el": "light", "en": "dark"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (tags) => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  const where = (nodes) => nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ");
  return found.violations.map((one) => `${one.id}: ${one.help} at ${where(one.nodes)}`);
}"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _pages() -> dict[str, str]:
    """Every endpoint that answers a GET to a person, with its guard."""
    app = create_app(Settings(database_url="postgresql://nowhere/nothing", redis_url="redis://127.0.0.1:1/0"))
    found = {}
    for rule in app.url_map.iter_rules():
        guard = guard_of(app.view_functions[rule.endpoint])
        if "GET" in (rule.methods or set()) and guard != "machine":
            found[rule.endpoint] = guard
    return found


PAGES = _pages()
LOOKED_AT = [(endpoint, which) for endpoint in sorted(CASES) for which in range(len(CASES[endpoint]))]


def test_every_route_that_shows_a_page_has_a_case() -> None:
    assert set(PAGES) - set(CASES) - set(NOT_PAGES) == set(), "say in tests/browser/routes.py where each is looked at"
    assert (set(CASES) | set(NOT_PAGES)) - set(PAGES) == set(), "take what is gone out of tests/browser/routes.py"


@pytest.fixture(scope="module")
def browsers(chromium: Any, site: Site) -> Iterator[Callable[[str, str], Page]]:
    """One signed-in browser a role and language, for all pages."""
    from tests.browser.conftest import sign_in  # noqa: PLC0415 - pytest imports conftest by itself

    opened: dict[tuple[str, str], Page] = {}

    def for_whom(role: str, language: str) -> Page:
        if (role, language) not in opened:
            context = chromium.new_context(base_url=site.url, color_scheme=LOOKS[language], reduced_motion="reduce")
            context.set_default_timeout(15_000)
            page = opened[role, language] = context.new_page()
            if role:
                sign_in(page, site, role)
        return opened[role, language]

    yield for_whom
    for page in opened.values():
        page.context.close()


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize(("endpoint", "which"), LOOKED_AT)
def test_a_page_is_accessible_to_everybody_and_fits_a_phone(
    browsers: Callable[[str, str], Page], site: Site, endpoint: str, which: int, language: str
) -> None:
    page = browsers(LOOKED_AT_BY.get(endpoint, ROLES[PAGES[endpoint]]), language)
    page.set_viewport_size({"width": 1280, "height": 900})
    address = CASES[endpoint][which](page, site, language)
    if address:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address} answered {answer.status}"
    assert page.locator("html").get_attribute("lang") == language
    page.evaluate(AXE.read_text())
    assert page.evaluate(RUN, RULES) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(WIDER) <= 0, "something is wider than 320 px"
