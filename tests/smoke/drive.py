"""Drives a fresh clone as a newcomer does: ``./dev up``, one mail, one form, the answers, the end.

Needs only the standard library: ``python3 tests/smoke/drive.py`` from the root of the clone.
"""

import json
import os
import re
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.ground.processes import MARK, processes_of  # noqa: E402

FIRST_START_SECONDS, LATER_START_SECONDS, STOP_SECONDS, ANSWER_SECONDS = 600, 10, 10, 60
DATA = ROOT / "var"


def say(line: str) -> None:
    print(f"smoke: {line}", flush=True)


def wait_for(what: str, find: Callable[[], Any], seconds: float) -> Any:
    """What ``find`` returns as soon as it is something."""
    limit = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < limit, f"after {seconds} s there is still no {what}"
        time.sleep(0.1)
    return found


class Up:
    """One ``./dev up`` from start to end."""

    def __init__(self, seconds: float) -> None:
        self.mark = uuid4().hex
        self.folder = tempfile.TemporaryDirectory(prefix="helpdesk-smoke-")
        self.ready = Path(self.folder.name) / "ready.json"
        began = time.monotonic()
        self.process = subprocess.Popen(
            ["./dev", "up", "--port", "0", "--smtp-port", "0", "--ready-file", str(self.ready)],
            cwd=ROOT, env={**os.environ, MARK: self.mark},
        )  # fmt: skip
        try:
            wait_for("ready file", lambda: self.ready.exists() or self.process.poll() is not None, seconds)
        except AssertionError:
            self.process.terminate()
            raise
        assert self.process.poll() is None, "./dev up ended"
        self.seconds = time.monotonic() - began
        self.facts = json.loads(self.ready.read_text())

    def stop(self) -> float:
        """Ends it; the seconds until no process of it was left."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60)
        left = processes_of(DATA, self.mark)
        assert status == 0, f"./dev up ended with {status}"
        assert not left, f"left running: {left}"
        took = time.monotonic() - began
        assert took < STOP_SECONDS, f"it took {took:.1f} s to stop"
        return took

    def api(self, path: str) -> Any:
        """What the API answers to a GET."""
        headers = {"Authorization": f"Bearer {self.facts['api_token']}"}
        request = urllib.request.Request(f"{self.facts['url']}/api/v1{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def ticket_about(self, subject: str) -> dict[str, Any] | None:
        """The newest tickets, by subject."""
        items = self.api("/tickets?limit=20")["items"]
        return next((item for item in items if item["subject"] == subject), None)

    def letters_to(self, address: str) -> Iterator[EmailMessage]:
        """Outgoing mail to the address, from the sink."""
        for path in Path(self.facts["mail_sink"]).rglob("*.eml"):
            letter = message_from_bytes(path.read_bytes(), policy=default)
            if address in str(letter["To"]):
                yield letter


def _is_filled(given: dict[str, str | None]) -> bool:
    return bool(given.get("name")) and given.get("type") not in {"checkbox", "radio", "file", "submit"}


class Form(HTMLParser):
    """The fields of the page's form that posts, with what they hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.action: str | None = None
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = (given.get("method") or "").lower() == "post" and self.action is None
            if self._inside:
                self.action = given.get("action") or ""
        elif self._inside and tag in {"input", "textarea", "select"} and _is_filled(given):
            self.fields[str(given["name"])] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


def drive_mail(up: Up) -> None:
    """A mail becomes a ticket with a department and clocks, and is acknowledged in its thread."""
    smtp = up.facts["smtp"]
    sender, subject = f"smoke-{uuid4().hex[:8]}@example.org", f"Σπασμένο φως {uuid4().hex[:8]}"
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, smtp["address"], subject
    letter["Message-ID"] = f"<{uuid4()}@example.org>"
    letter.set_content("Καλημέρα, ο φωτισμός στην πλατεία δεν λειτουργεί. Ευχαριστώ.")
    with smtplib.SMTP(smtp["host"], smtp["port"], timeout=10) as client:
        client.send_message(letter)
    ticket = wait_for("ticket of the mail", lambda: up.ticket_about(subject), ANSWER_SECONDS)
    assert ticket["department"], ticket
    assert ticket["channel"] == "email", ticket
    answer = wait_for("acknowledgement", lambda: next(up.letters_to(sender), None), ANSWER_SECONDS)
    assert ticket["number"] in str(answer["Subject"]) + str(answer.get_body()), answer
    assert letter["Message-ID"] in str(answer["In-Reply-To"]), answer
    assert up.api(f"/tickets/{ticket['number']}/clocks"), "the ticket has no clocks"
    say(f"mail became {ticket['number']} and was acknowledged")


def drive_form(up: Up) -> None:
    """A form becomes a ticket, and its page tells the number."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    services = browser.open(f"{up.facts['url']}/en/ask", timeout=10).read().decode()
    link = re.search(r'href="([^"]*/ask/[^"?#]+)"', services)
    assert link, "the list of services has no link to a form"
    address = urljoin(f"{up.facts['url']}/en/ask", link.group(1))
    form = Form(browser.open(address, timeout=10).read().decode())
    subject = f"Street light {uuid4().hex[:8]}"
    mine = {
        "subject": subject,
        "description": "The light on the square is out.",
        "name": "Alice",
        "email": "alice@example.org",
    }
    body = urlencode({**form.fields, **{name: value for name, value in mine.items() if name in form.fields}})
    page = browser.open(urljoin(address, form.action or address), body.encode(), timeout=10).read().decode()
    ticket = wait_for("ticket of the form", lambda: up.ticket_about(subject), ANSWER_SECONDS)
    assert ticket["number"] in page, "the page after the form does not tell the number"
    say(f"form became {ticket['number']}")


def main() -> None:
    up = Up(FIRST_START_SECONDS)
    say(f"set-up and first start took {up.seconds:.1f} s")
    try:
        drive_mail(up)
        drive_form(up)
        say(f"stopped in {up.stop():.1f} s, nothing left running")
        up = Up(LATER_START_SECONDS)
        say(f"a later start took {up.seconds:.1f} s")
        say(f"stopped in {up.stop():.1f} s, nothing left running")
    finally:
        up.process.terminate()


main()
