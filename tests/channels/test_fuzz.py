"""Mutated mails: no exception, no stall, no hunger. Short here; long by ``HELPDESK_FUZZ_MAILS=100000 ./dev test …``."""

import os
import random
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels import registry
from channels.email.parse import parse
from channels.port import Unreadable

MAILS = int(os.environ.get("HELPDESK_FUZZ_MAILS", "300"))
SEED = int(os.environ.get("HELPDESK_FUZZ_SEED", "20261124"))
SECONDS, TIMES, EXTRA = 2.0, 10, 64 * 1024 * 1024
SAMPLES = [path.read_bytes() for path in sorted((Path(registry.__file__).parent / "email/samples").glob("*.eml"))]
MORSELS = [
    b"\r\n", b"\n\n", b"--", b"\x00", b"\xff\xfe", b"=?utf-8?B?", b"=?iso-8859-7?Q?=C1", b"?=", b'"', b"<", b">", b"(",
    b"charset=utf-7", b"charset=x-unknown", b"boundary=", b"Content-Type: message/rfc822\r\n\r\n", b"filename*0*=",
    b"Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22", b"<div><table><tr><td>", b"</div>" * 20, b"> " * 50,
    b"On Tue, 24 Nov 2026 a@b.c wrote:\r\n", "Στις 24 Νοε 2026 έγραψε:\r\n".encode(), b"begin 644 f\r\n", b"&#x0;",
    b"Date: Tue, 99 Foo 99999 99:99:99 +9999\r\n", b"References: " + b"<a@b> " * 40, b"=\r\n", b"\x1b$B", b"+AGE-",
]  # fmt: skip


def mutated(chance: random.Random) -> bytes:
    """A sample after a few blows: bytes changed, cut, doubled, spliced with another, morsels thrown in."""
    raw = bytearray(chance.choice(SAMPLES))
    for _ in range(chance.randrange(1, 12)):
        at, end = sorted(chance.randrange(len(raw) + 1) for _ in range(2))
        blow = chance.randrange(6)
        if blow == 0 and raw:
            raw[min(at, len(raw) - 1)] = chance.randrange(256)
        elif blow == 1:
            del raw[at : min(end, at + 400)]
        elif blow == 2:
            raw[at:at] = raw[at : min(end, at + 2_000)] * chance.randrange(1, 5)
        elif blow == 3:
            other = chance.choice(SAMPLES)
            raw[at:end] = other[len(other) // 3 :]
        else:
            raw[at:at] = chance.choice(MORSELS) * chance.randrange(1, 4)
    return bytes(raw[:2_000_000])


def mails(count: int, seed: int) -> Iterator[bytes]:
    """As many mutated mails; the same for the same seed."""
    chance = random.Random(seed)
    return (mutated(chance) for _ in range(count))


def understood(raw: bytes) -> None:
    try:
        parse(raw, {"recipients": ["info@city.example"], "instance": "x"}).to_json()
    except Unreadable:
        return


@pytest.mark.slow
def test_mutated_mails_are_all_understood_in_time():
    for number, raw in enumerate(mails(MAILS, SEED)):
        began = time.process_time()
        try:
            understood(raw)
        except Exception as why:
            pytest.fail(f"mail {number} of seed {SEED}: {type(why).__name__}: {why}")
        spent = time.process_time() - began
        assert spent < SECONDS, f"mail {number} of seed {SEED} took {spent:.1f} s for {len(raw)} bytes"


@pytest.mark.slow
def test_mutated_mails_need_no_more_memory_than_is_theirs():
    tracemalloc.start()
    try:
        for number, raw in enumerate(mails(max(MAILS // 20, 20), SEED + 1)):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            understood(raw)
            used = tracemalloc.get_traced_memory()[1] - before
            assert used < TIMES * len(raw) + EXTRA, f"mail {number} of seed {SEED + 1} took {used:,} bytes"
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("mail", [
    b"From: a@b.c\r\n\r\n" + b"x" * 20_000_000,
    b"From: a@b.c\r\nContent-Type: text/html\r\n\r\n" + b"<p>word</p>\n" * 500_000,
    b"From: a@b.c\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * 5_000_000,
], ids=["text", "page", "file"])  # fmt: skip
def test_a_large_mail_needs_a_small_multiple_of_itself(mail):
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        understood(mail)
        used = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert used < TIMES * len(mail) + EXTRA


@pytest.mark.parametrize("mail", [
    b"From: " + b"a" * 60_000 + b"\r\n\r\nx",
    b"From: " + b'\\"' * 30_000 + b"\r\n\r\nx",
    b"From: mailer-daemon@b.cc\r\nSubject: Undelivered mail\r\n\r\n" + b"\n" * 200_000,
    b"From: mailer-daemon@b.cc\r\nSubject: Undelivered mail\r\n\r\n" + b"-" * 1_000_000,
    b"From: a@b.cc\r\nContent-Type: text/plain; format=flowed\r\n\r\n" + b"a \n" * 400_000,
    b"From: a@b.cc\r\nContent-Type: text/html\r\n\r\n" + b"&amp;\n" * 250_000,
], ids=["a name", "quotes", "empty lines", "dashes", "one paragraph", "entities"])  # fmt: skip
def test_one_thing_over_and_over_costs_no_more_than_its_length(mail):
    began = time.process_time()
    understood(mail)
    assert time.process_time() - began < SECONDS
