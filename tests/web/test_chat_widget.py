"""The chat on other sites: framed by those that are named alone, without a cookie; who is signed in there is proven."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.chats import Chat
from helpdesk.services import rulebook
from helpdesk.services.chats import widgets
from tests.builders import NOON, a_department, an_administrator, an_agent

SECRET = "s" * 40
SITE = "https://www.city.example"


@pytest.fixture(autouse=True)
def rules(session):
    rulebook.ensure_defaults(NOON)


def a_place(**given):
    told = {"names": {"el": "Ιστότοπος", "en": "Site"}, "origins": [SITE], "secret": SECRET, "key": "site"} | given
    widgets.save(an_administrator(), None, **told)
    return widgets.find(told["key"])


def part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(secret=SECRET, head=None, **claims):
    told = {"aud": "site", "sub": "42", "jti": f"once-{id(claims)}-{claims}", "exp": clock.now().timestamp() + 200}
    body = f"{part(head or {'alg': 'HS256', 'typ': 'JWT'})}.{part(told | claims)}"
    return f"{body}.{part(hmac.digest(secret.encode(), body.encode(), hashlib.sha256))}"


def begin(client, token=""):
    line = {"text": "Hello", "widget": "site", "identity": token}
    return client.post("/chat/api/conversations", json=line)


def test_the_frame_may_be_shown_by_the_named_sites_alone_and_sets_no_cookie(client):
    a_place()
    answer = client.get("/widget/site?lang=en")
    assert f"frame-ancestors {SITE};" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers and "Set-Cookie" not in answer.headers
    assert "unsafe" not in answer.headers["Content-Security-Policy"] and 'lang="en"' in answer.text
    other = client.get("/en/chat")
    assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
    assert other.headers["X-Frame-Options"] == "DENY"


def test_the_loader_is_small_may_be_loaded_from_elsewhere_and_sets_no_cookie(client):
    answer = client.get("/widget/v1.js")
    assert len(answer.data) < 10_000 and answer.mimetype == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin" and "Set-Cookie" not in answer.headers
    assert "eval(" not in answer.text and "innerHTML" not in answer.text and "document.cookie" not in answer.text
    assert Path("helpdesk/static/js/widget.js").read_bytes() == answer.data


def test_a_place_that_is_not_in_use_is_not_found(client):
    place = a_place()
    widgets.save(an_administrator(), place.id, names=place.names, origins=place.origins, active=False)
    assert client.get("/widget/site").status_code == 404
    assert begin(client).status_code == 404


def test_who_is_proven_is_known_by_name_and_address(client):
    place = a_place(department_id=a_department().id)
    made = begin(client, signed(name="Μαρία", email="maria@example.org"))
    assert made.status_code == 201
    chat = db.session.get_one(Chat, made.json["id"])
    assert (chat.widget_id, chat.proven) == (place.id, True)


BAD = {
    "unsigned": lambda: signed(head={"alg": "none"}).rsplit(".", 1)[0] + ".",
    "by another secret": lambda: signed("x" * 40),
    "another algorithm": lambda: signed(head={"alg": "HS512"}),
    "for another place": lambda: signed(aud="other"),
    "too old": lambda: signed(exp=clock.now().timestamp() - 60),
    "good for too long": lambda: signed(exp=clock.now().timestamp() + 4_000),
    "without an end": lambda: signed(exp=None),
    "of nobody": lambda: signed(sub=""),
    "junk": lambda: "a.b.c",
    "not three parts": lambda: "abc",
}


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
def test_what_proves_nothing_is_refused_whether_identity_is_required_or_not(client, token):
    a_place()
    assert begin(client, token()).status_code == 403


def test_a_proof_is_good_once(client):
    a_place()
    token = signed()
    assert begin(client, token).status_code == 201
    assert begin(client, token).status_code == 403


def test_where_identity_is_required_nobody_chats_without(client):
    a_place(identity_required=True)
    assert begin(client).status_code == 403
    assert begin(client, signed()).status_code == 201


def test_only_administrators_keep_places_and_wrong_sites_and_secrets_are_refused():
    with pytest.raises(Forbidden):
        widgets.save(an_agent(), None, names={"en": "x"}, origins=[SITE])
    for wrong in ({"origins": ["city.example"]}, {"origins": ["https://city.example/path"]}, {"secret": "short"},
                  {"secret": "", "identity_required": True}):  # fmt: skip
        with pytest.raises(Invalid):
            a_place(key="wrong", **wrong)
