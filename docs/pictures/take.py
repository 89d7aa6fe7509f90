"""Takes the pictures of the README from a running demo: ``python docs/pictures/take.py READY_FILE``."""

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
CHROMIUM = "/usr/bin/chromium"


def main(ready_file: str) -> None:
    """Both pictures, in Greek, as a person would see them first."""
    facts = json.loads(Path(ready_file).read_text())
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        look = {"locale": "el-GR", "color_scheme": "light", "device_scale_factor": 2}
        take_citizens_page(browser.new_page(viewport={"width": 1100, "height": 800}, **look), facts)
        take_queue(browser.new_page(viewport={"width": 1280, "height": 800}, **look), facts)
        browser.close()


def take_citizens_page(page: Page, facts: dict[str, Any]) -> None:
    """The form of the first service offered."""
    page.goto(f"{facts['url']}/el/ask")
    forms = page.locator('main a[href*="/ask/"]:not([href$="/other"])')
    page.goto(f"{facts['url']}{forms.first.get_attribute('href')}", wait_until="networkidle")
    page.screenshot(path=HERE / "citizen.png")


def take_queue(page: Page, facts: dict[str, Any]) -> None:
    """What a supervisor sees in the morning: first what is due next."""
    account = next(item for item in facts["accounts"] if item["role"] == "supervisor")
    page.goto(f"{facts['url']}/auth/sign-in")
    page.fill('[name="email"]', account["email"])
    page.fill('[name="password"]', account["password"])
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/desk*")
    page.goto(f"{facts['url']}/desk?view=all")
    page.locator("main a[href*='/desk/tickets/']").first.wait_for()
    page.screenshot(path=HERE / "queue.png")


if __name__ == "__main__":
    main(sys.argv[1])
