"""Mail made to break us, taken all the way into the database: everything stands somewhere, nothing waits for ever."""

import os
import random

import pytest
from sqlalchemy import text

from helpdesk import clock
from helpdesk.db import db
from helpdesk.services import accounts, inbox, rulebook
from helpdesk.services.inbox import Incoming
from tests.builders import NOON, an_account
from tests.channels.test_fuzz import mutated

MAILS = max(40, int(os.environ.get("HELPDESK_FUZZ_MAILS", "0")) // 100)
"""A few in every run; a hundredth of what the parser is asked to stand in a long one."""

FROM = b"From: anna@example.org\r\n"
ODD = {
    "NUL where a name stands": FROM + b'Content-Type: text/plain; name="a\x00b"\r\n\r\n\x00',
    "NUL in encoded words": FROM + b"Subject: =?utf-8?b?AAAA?= =?utf-8?q?=00x?=\r\n\r\nx",
    "NUL in a notice": (
        b"From: mailer-daemon@x.yy\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=e\r\n\r\n"
        b"--e\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a\x00@b.cc\r\nAction: failed\r\n"
        b"Diagnostic-Code: \x00\xff\r\n\r\n"
        b"--e\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <a\x00@b>\r\n\r\n--e--"
    ),
    "NUL in identities": b"From: a\x00b@c.dd\r\nMessage-ID: <a\x00b@c>\r\nReferences: <\x00@x>\r\n\r\nx",
    "half a pair": "From: a@b.cc\r\nSubject: \ud800x\r\n\r\n\udfff".encode("utf-8", "surrogatepass"),
    "half a pair in UTF-16": FROM + b"Content-Type: text/plain; charset=utf-16\r\n\r\n\xff\xfe\x00\xd8a\x00",
    "a score without an end": FROM + b"X-Spam-Score: " + b"9" * 5_000 + b"\r\n\r\nx",
    "a level without an end": FROM + b"X-MS-Exchange-Organization-SCL: " + b"9" * 5_000 + b"\r\n\r\nx",
    "a number no column holds": FROM + b"Subject: [" + b"9" * 40 + b"]\r\n\r\nx",
    "a date at the end of time": FROM + b"Date: Fri, 31 Dec 9999 23:59:59 -9999\r\n\r\nx",
    "a subject of a book": FROM + b"Subject: " + b"x" * 50_000 + b"\r\n\r\nx",
    "an identity of a page": FROM + b"Message-ID: <" + b"z" * 5_000 + b">\r\n\r\nx",
    "an address of a line": b"From: " + b"a" * 400 + b"@b.cc\r\n\r\nx",
    "three thousand recipients": FROM + b"To: " + b"q@b.cc, " * 3_000 + b"\r\n\r\nx",
    "a verdict of a page": FROM + b"Authentication-Results: x; spf=pass\x00; dmarc=" + b"p" * 9_000 + b"\r\n\r\nx",
}


@pytest.fixture
def account(session):
    rulebook.ensure_defaults(NOON)
    row = an_account(address="info@city.example", is_default=True)
    accounts.changed()
    return row


def brought(account, mails):
    envelope = {"sender": "s@x.example", "recipients": ["info@city.example"]}
    inbox.keep([Incoming("email", account.id, inbox.fingerprint(raw), raw, clock.now(), envelope) for raw in mails])
    inbox.process()
    query = text("select state, error from inbound where state not in ('processed', 'held')")
    return [tuple(row) for row in db.session.execute(query)]


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_taken_in_all_the_same(account, name):
    assert brought(account, [ODD[name]]) == []


@pytest.mark.slow
def test_mutated_mails_all_become_something(account):
    chance = random.Random(7)
    for _ in range(0, MAILS, 40):
        left = brought(account, [mutated(chance) for _ in range(40)])
        assert [one for one in left if "nothing in it" not in (one[1] or "")] == []
