"""The carrier's port: numbers, whom we do not ring, the proof of a hook, and how a broken line is told."""

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from channels import carrier, twilio_carrier
from channels.carrier import Busy, Dial, Refused, e164
from channels.port import BadSignature, Hook
from channels.twilio_carrier import Account, Secrets, TwilioCarrier, sign, verify

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SECRET, OLDER = "s" * 32, "o" * 32
BASE = "https://help.example.org"
VECTORS = Path(__file__).parents[3] / "shared" / "data" / "twilio" / "signature_vectors.json"


def a_hook(path="/hooks/phone/1/voice/inbound?a=1", secret=SECRET, base=BASE, **given) -> Hook:
    body = urlencode({"CallSid": "CA1", "From": "+302101234567", "Blank": ""} | given).encode()
    return Hook("voice/inbound", body, {"x-twilio-signature": sign(base + path, body, secret)}, target=path)


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("210 32 14/567", "+302103214567"),
        ("+30 694 412 3456", "+306944123456"),
        ("0030 2103214567", "+302103214567"),
        ("+266696687", ""),
        ("Anonymous", ""),
        ("", ""),
        ("κάτι", ""),
    ],
)
def test_a_number_is_kept_in_one_form_and_a_withheld_one_is_none(told, number):
    assert e164(told) == number


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+302103214567", ""),
        ("+306944123456", ""),
        ("+309011234567", "premium-rate"),
        ("+308011234567", "shared-cost"),
        ("+442079460000", "abroad"),
        ("+30112", "invalid"),
        ("1520", "no-number"),
    ],
)
def test_only_land_lines_and_mobiles_of_the_country_are_rung(number, why):
    assert carrier.refusal(number) == why


def test_a_signed_hook_passes_by_our_own_address_whatever_host_it_names():
    verify(a_hook(), Secrets(SECRET), BASE, NOW)
    verify(a_hook(base=BASE + "/prefix"), Secrets(SECRET), BASE + "/prefix/", NOW)


def test_the_secret_before_passes_until_its_moment():
    secrets = Secrets(SECRET, OLDER, (NOW + timedelta(hours=1)).isoformat())
    verify(a_hook(secret=OLDER), secrets, BASE, NOW)
    with pytest.raises(BadSignature, match="mismatch"):
        verify(a_hook(secret=OLDER), secrets, BASE, NOW + timedelta(hours=2))


@pytest.mark.parametrize(
    ("hook", "why"),
    [
        (a_hook(secret="x" * 32), "mismatch"),
        (a_hook(base="https://evil.example"), "mismatch"),
        (Hook("", b"A=1", {}, target="/hooks"), "missing"),
        (Hook("", b"\xff\xfe", {"x-twilio-signature": "a"}, target="/hooks"), "unreadable"),
        (Hook("", b'{"json": 1}', {"x-twilio-signature": "a"}, target="/hooks"), "unreadable"),
        (Hook("", b"A=1", {"x-twilio-signature": "ώ"}, target="/hooks"), "mismatch|unreadable"),
    ],
)
def test_any_doubt_is_a_refusal_with_its_reason(hook, why):
    with pytest.raises(BadSignature, match=why):
        verify(hook, Secrets(SECRET), BASE, NOW)


def test_without_a_secret_nothing_passes():
    with pytest.raises(BadSignature, match="unset"):
        verify(a_hook(secret=""), Secrets(""), BASE, NOW)


def test_what_a_request_asks_for_as_an_algorithm_is_not_heard():
    hook = a_hook(secret="x" * 32)
    settings = {"x-twilio-webhooks-signature-settings": "key=x,algorithm=none"}
    with pytest.raises(BadSignature):
        verify(Hook(hook.path, hook.body, {**hook.headers, **settings}, target=hook.target), Secrets(SECRET), BASE, NOW)


def _vectors():
    known = json.loads(VECTORS.read_text()) if VECTORS.exists() else {"vectors": []}
    return [item for item in known["vectors"] if "params" in item]


@pytest.mark.skipif(not VECTORS.exists(), reason="published vectors are not on this machine")
@pytest.mark.parametrize("vector", _vectors(), ids=lambda item: item["id"])
def test_the_published_vectors_hold(vector, monkeypatch):
    monkeypatch.setattr(twilio_carrier, "SHORTEST_SECRET", 1)
    base, _, rest = vector["url"].partition("/myapp")
    body = urlencode([tuple(pair) for pair in vector["params"]]).encode()
    hook = Hook("", body, {"x-twilio-signature": vector["signature"]}, target="/myapp" + rest)
    proven = True
    try:
        verify(hook, Secrets("12345"), base, NOW)
    except BadSignature:
        proven = False
    assert proven is vector["valid"]


def test_a_carrier_that_cannot_be_reached_has_done_nothing():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        account = Account("AC" + "0" * 32, SECRET, f"http://127.0.0.1:{port}")
        with pytest.raises(Busy):
            TwilioCarrier(account).dial(Dial("+302103214567", "+302101111111", "http://a/b", "http://a/c", "k"))


def test_our_secret_goes_to_the_carrier_alone():
    account = Account("AC" + "0" * 32, SECRET, "http://127.0.0.1:1")
    with pytest.raises(Refused, match="does not lie"):
        TwilioCarrier(account).fetch_media("http://169.254.169.254/latest", 1000)
