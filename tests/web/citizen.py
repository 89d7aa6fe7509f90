"""A citizen at a browser: reads pages, fills in their forms, sends them with the hidden fields they hold."""

import io
import re
from html.parser import HTMLParser
from typing import Any

from flask import g
from flask.testing import FlaskClient


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "textarea":
            self._area = name
            self.values[name] = ""
        elif (tag == "input" and name and given.get("type") not in {"file", "radio"}) or (
            "checked" in given and given.get("type") == "radio"
        ):
            self.values[name] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""


def fields(page: str, action: str = "") -> dict[str, str]:
    """What the form of a page says, hidden fields too; of several forms the one whose address ends so."""
    forms = re.findall(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", page, re.DOTALL)
    chosen = next(form for form in forms if re.search(rf'action="[^"]*{re.escape(action)}"', form))
    reader = _Fields()
    reader.feed(chosen)
    return reader.values


def upload(*files: tuple[str, bytes]) -> list[tuple[io.BytesIO, str]]:
    """Files as the test client sends them."""
    return [(io.BytesIO(data), name) for name, data in files]


def fill_in(client: FlaskClient, address: str, **given: Any) -> Any:
    """Opens a form's page, fills it in and sends it; the answer."""
    return client.post(address, data=fields(client.get(address).text, address) | given)


def another_browser(client: FlaskClient) -> FlaskClient:
    """Somebody else's, or the same person's at home; in a test all of them share one context, which keeps a token."""
    g.pop("csrf_token", None)
    return client.application.test_client()


def errors(page: str) -> list[str]:
    """The fields that the summary of errors leads to, in its order."""
    found = re.search(r'class="govuk-error-summary".*?</div>\s*</div>\s*</div>', page, re.DOTALL)
    return re.findall(r'href="#([^"]+)"', found.group(0)) if found else []
