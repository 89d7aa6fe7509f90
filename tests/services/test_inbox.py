"""The inbox: kept once before it is understood, taken once whatever happens, never lost."""

import pytest
from sqlalchemy import select

from helpdesk import clock
from helpdesk.db import db, table
from helpdesk.models.post import Inbound
from helpdesk.services import inbox
from helpdesk.services.inbox import Incoming
from tests.builders import an_account

pytestmark = pytest.mark.usefixtures("session")
ROWS = table(Inbound)
RAW = b"From: anna@example.org\r\nSubject: =?utf-8?B?zqbPic+C?=\r\n\r\nHello\r\n"
TRACE = b"Received: from a\r\n by b; Tue, 24 Nov 2026 10:00:00 +0200\r\nReturn-Path: <anna@example.org>\r\n"


def incoming(account, raw: bytes = RAW) -> Incoming:
    return Incoming("email", account.id, inbox.fingerprint(raw), raw, clock.now())


def rows() -> list:
    return list(db.session.execute(select(ROWS).order_by(ROWS.c.id)).all())


def test_many_are_kept_byte_for_byte_in_one_go():
    account = an_account()
    raws = [RAW + bytes([at]) * 3 + b"\x00\xff" for at in range(20)]
    ids = inbox.keep([incoming(account, raw) for raw in raws])
    assert [(row.id, row.raw, row.state) for row in rows()] == [
        (id_, raw, "kept") for id_, raw in zip(ids, raws, strict=True)
    ]


def test_the_same_bytes_are_kept_once_also_within_one_batch():
    account = an_account()
    first, second = inbox.keep([incoming(account), incoming(account)])
    [third] = inbox.keep([incoming(account)])
    assert first is not None and second is third is None
    assert len(rows()) == 1


def test_the_same_bytes_at_two_of_our_addresses_are_two_messages():
    assert None not in inbox.keep([incoming(an_account()), incoming(an_account())])


def test_what_the_relays_write_on_top_makes_no_difference():
    assert inbox.fingerprint(TRACE + RAW) == inbox.fingerprint(RAW)
    assert inbox.fingerprint(TRACE.replace(b"\r\n", b"\n") + RAW) == inbox.fingerprint(RAW)


def test_any_other_byte_does():
    assert inbox.fingerprint(RAW + b" ") != inbox.fingerprint(RAW)
    assert inbox.fingerprint(RAW + TRACE) != inbox.fingerprint(RAW)


@pytest.mark.parametrize("raw", [b"", b"Received: x", b"\r\n", b" folded\r\n", TRACE])
def test_odd_bytes_have_a_fingerprint_too(raw):
    assert len(inbox.fingerprint(raw)) == 64


def test_nothing_to_keep_is_nothing():
    assert inbox.keep([]) == []
