"""What channels work with: tokens fetched from a provider over real TLS, kept, renewed, and never sent astray."""

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from flask import current_app

from channels import registry
from channels.port import Refused, Retry
from helpdesk.services import accounts, equipment
from tests.builders import an_account
from tests.certificates import certificate_for

EMAIL = registry.get("email")


class Provider(BaseHTTPRequestHandler):
    """Answers what it is told to, and remembers what it was asked."""

    asked: list[dict[str, str]]
    answers: list[tuple[int, dict[str, object]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append({name: value[0] for name, value in parse_qs(body).items()})
        status, told = self.answers.pop(0)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def provider(app, session, tmp_path) -> Iterator[type[Provider]]:
    place = certificate_for("127.0.0.1", tmp_path)
    handler = type("Answering", (Provider,), {"asked": [], "answers": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(place)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    before = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(before, private_hosts=("127.0.0.1",))
    current_app.extensions["trust"] = ssl.create_default_context(cafile=place)
    handler.url = f"https://127.0.0.1:{server.server_port}/token"
    yield handler
    current_app.config["SETTINGS"] = before
    current_app.extensions.pop("trust")
    current_app.extensions.pop("provider_tokens", None)
    server.shutdown()
    thread.join()
    server.server_close()


def an_account_with_token(provider, **secrets):
    own = {"token_url": provider.url, "client_id": "app", "imap_url": "imap://127.0.0.1", "token_scope": "mail"}
    row = an_account(settings=own, secrets=accounts.seal({"client_secret": "hush"} | secrets))
    accounts.changed()
    return accounts.book().by_id[row.id]


def test_a_refresh_token_becomes_an_access_token_which_is_kept_until_it_ends(provider):
    provider.answers += [(200, {"access_token": "one", "expires_in": 3600})]
    account = an_account_with_token(provider, refresh_token="again")
    assert [equipment.settings_of(EMAIL, account).access_token for _ in range(3)] == ["one"] * 3
    assert provider.asked == [
        {"grant_type": "refresh_token", "refresh_token": "again", "client_id": "app", "client_secret": "hush",
         "scope": "mail"}
    ]  # fmt: skip


def test_a_token_near_its_end_is_fetched_anew(provider, monkeypatch):
    provider.answers += [(200, {"access_token": "one", "expires_in": 200}), (200, {"access_token": "two"})]
    account = an_account_with_token(provider)
    assert equipment.settings_of(EMAIL, account).access_token == "one"
    now = equipment.monotonic()
    monkeypatch.setattr(equipment, "monotonic", lambda: now + 100)
    assert equipment.settings_of(EMAIL, account).access_token == "two"
    assert provider.asked[0]["grant_type"] == "client_credentials"


def test_a_new_refresh_token_replaces_the_old_one_and_the_other_secrets_stay(provider):
    provider.answers += [(200, {"access_token": "one", "refresh_token": "next"})]
    account = an_account_with_token(provider, refresh_token="again", imap_password="x")
    equipment.settings_of(EMAIL, account)
    held = accounts.secrets_of(accounts.book().by_id[account.id])
    assert held == {"client_secret": "hush", "refresh_token": "next", "imap_password": "x"}


@pytest.mark.parametrize(("status", "told", "error", "words"), [
    (400, {"error": "invalid_grant", "error_description": "AADSTS70: expired\nTrace"}, Refused, "AADSTS70: expired"),
    (401, {"error": "invalid_client"}, Refused, "invalid_client"),
    (503, {}, Retry, "503"),
    (429, {}, Retry, "429"),
    (302, {}, Refused, "302"),
    (200, {"token": "?"}, Refused, "200"),
])  # fmt: skip
def test_a_provider_that_gives_none_says_why(provider, status, told, error, words):
    provider.answers += [(status, told)]
    with pytest.raises(error, match=words) as why:
        equipment.settings_of(EMAIL, an_account_with_token(provider, refresh_token="again"))
    assert "again" not in str(why.value)
    assert "hush" not in str(why.value)


def test_a_token_endpoint_in_a_private_network_is_not_asked(provider):
    current_app.config["SETTINGS"] = replace(current_app.config["SETTINGS"], private_hosts=())
    with pytest.raises(Retry, match="PRIVATE_HOSTS"):
        equipment.settings_of(EMAIL, an_account_with_token(provider))
    assert provider.asked == []


def test_a_certificate_that_nobody_vouches_for_gets_no_secret(provider):
    current_app.extensions["trust"] = ssl.create_default_context()
    with pytest.raises(Retry, match="certificate"):
        equipment.settings_of(EMAIL, an_account_with_token(provider))
    assert provider.asked == []
