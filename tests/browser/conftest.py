"""Chromium on a whole installation; every page is watched for errors, refused scripts and foreign addresses."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.site import Site, standing
from tests.servers import worker_redis

NAMES = ("chromium", "chromium-browser", "google-chrome")
REQUIRED = "HELPDESK_REQUIRE_BROWSER"
SECONDS = 15_000
CARRIER = "gw14"
"""A number of Valkey's that no worker of the tests has: an installation's jobs are for its own workers alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks them all."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium; its absence is a visible skip, and a failure where it is required."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        told = f"no Chromium on the path ({', '.join(NAMES)})"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(worker_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The installation that all of the browser's tests look at; its carrier is nobody else's."""
    with standing(f"site_{worker_name}", worker_redis(CARRIER), tmp_path_factory.mktemp("site")) as found:
        yield found


class Watch:
    """What a page complained about."""

    def __init__(self, site: Site) -> None:
        self.site, self.complaints = site, list[str]()

    def over(self, page: Page) -> None:
        """Listens to a page: its scripts' errors, what the policy refused, where it sends requests."""
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.complaints.append(f"a request left for {request.url}")


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Opens a browser of its own for somebody: ``visit()`` a citizen's, ``visit(role="agent")`` a signed-in one."""
    watch, contexts = Watch(site), list[BrowserContext]()

    def open_page(role: str = "", **given: Any) -> Page:
        context = chromium.new_context(base_url=site.url, **given)
        context.set_default_timeout(SECONDS)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        if role:
            sign_in(page, site, role)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not watch.complaints, watch.complaints


def sign_in(page: Page, site: Site, role: str) -> None:
    """Through the form, as people do."""
    account = site.account(role)
    page.goto("/auth/sign-in?language=en")
    page.fill("#email", account["email"])
    page.fill("#password", account["password"])
    page.click("main form button")
    page.wait_for_url(lambda url: "/auth/sign-in" not in url)
