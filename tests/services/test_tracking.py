"""Tracking codes: one ticket's, forgiving to the reader, revocable, and valid across a change of keys."""

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from helpdesk.services import tracking

pytestmark = pytest.mark.usefixtures("session")


def test_a_code_opens_its_ticket_and_no_other():
    code = tracking.code_of(100_001, 1)
    assert tracking.check(code, 100_001, 1)
    assert not tracking.check(code, 100_002, 1)


def test_raising_the_version_revokes_earlier_codes():
    assert not tracking.check(tracking.code_of(100_001, 1), 100_001, 2)


def test_a_code_may_be_typed_in_small_letters_without_dashes_and_with_look_alikes():
    code = tracking.code_of(100_007, 1)
    typed = code.lower().replace("-", " ").replace("o", "0").replace("i", "1").replace("b", "8")
    assert tracking.check(typed, 100_007, 1)


@pytest.mark.parametrize("junk", ["", "A", "ABCD-EFGH-JKLM-NOPQ", "κωδικός", "\x00" * 12])
def test_junk_is_no_code(junk):
    assert not tracking.check(junk, 100_001, 1)


def test_a_code_made_under_an_earlier_key_still_opens(app: Flask, monkeypatch):
    code = tracking.code_of(100_001, 1)
    old = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", replace(old, secret_key="n" * 40, old_secret_keys=(old.secret_key,)))
    assert tracking.check(code, 100_001, 1)
    assert tracking.code_of(100_001, 1) != code
    monkeypatch.setitem(app.config, "SETTINGS", replace(old, secret_key="n" * 40))
    assert not tracking.check(code, 100_001, 1)


def test_the_link_is_built_from_the_public_address_and_carries_number_and_code():
    parts = urlsplit(tracking.link(100_001, 1, "en"))
    assert (parts.netloc, parts.path) == ("127.0.0.1:8000", "/en/track")
    assert parse_qs(parts.query) == {"number": ["100001"], "code": [tracking.code_of(100_001, 1)]}


def test_a_letter_that_is_quoted_loses_link_and_code_and_keeps_the_rest():
    code, link = tracking.code_of(100_001, 1), tracking.link(100_001, 1, "en")
    broken = code[:5] + "\n> " + code[5:]
    told = tracking.without_codes(f"Thanks!\n> {link}\n> Code: {code}\n> {broken}", 100_001, "en")
    assert told.count("(only in the letter itself)") == 3
    assert "Thanks!" in told and "code=" not in told and code[:4] not in told


def test_the_code_of_an_earlier_request_that_the_letter_names_goes_too():
    letter = f"Number: 100001\nCode: {tracking.code_of(100_001, 2).lower()}"
    assert tracking.without_codes(letter, 100_002, "el") == "Number: 100001\nCode: (μόνο στο ίδιο το μήνυμα)"


def test_what_merely_looks_like_a_code_stays():
    words = "The printer's serial number is ABCD-EFGH-JKLM, see https://shop.example/track?number=7&code=ABCD-EFGH-JKLM"
    assert tracking.without_codes(words, 100_001, "en") == words


def test_a_mail_full_of_what_looks_like_codes_costs_no_more_than_its_length():
    words = "this-that-what " * 50_000 + " ".join(str(100_000 + count) for count in range(1_000))
    began = time.perf_counter()
    assert tracking.without_codes(words, 100_001, "en") == words
    assert tracking.without_codes("https://" * 100_000 + "-", 100_001, "en").endswith("-")
    assert time.perf_counter() - began < 3
