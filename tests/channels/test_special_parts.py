"""Parts that are more than files: winmail.dat is opened, invitations, signatures and encryption are named as such."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email import tnef
from channels.email.parse import parse


def attribute(level: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def text_property(number: int, value: str, kind: int = 0x1F) -> bytes:
    raw = value.encode("utf-16-le") + b"\0\0" if kind == 0x1F else value.encode() + b"\0"
    return struct.pack("<HHII", kind, number, 1, len(raw)) + raw + b"\0" * (-len(raw) % 4)


def properties(*items: bytes) -> bytes:
    own = struct.pack("<HH", 0x03, 0x8001) + bytes(16) + struct.pack("<III", 0, 5, 7)  # a program's own number
    return struct.pack("<I", len(items) + 1) + own + b"".join(items)


def winmail(body: bytes = b"") -> bytes:
    file = (
        attribute(2, 0x69002, b"\0" * 14)
        + attribute(2, 0x18010, b"LONGNA~1.PDF\0")
        + attribute(2, 0x6800F, b"%PDF-1.4")
    )
    about = properties(text_property(0x3707, "Αίτηση πολίτη.pdf"), text_property(0x370E, "application/pdf", 0x1E))
    picture = attribute(2, 0x69002, b"\0" * 14) + attribute(2, 0x6800F, b"\x89PNG")
    named = properties(text_property(0x3707, "pic.png"), text_property(0x3712, "pic@1"))
    return (
        struct.pack("<IH", tnef.SIGNATURE, 1) + body + file + attribute(2, 0x69005, about)
        + picture + attribute(2, 0x69005, named)
    )  # fmt: skip


def mail(*parts: tuple[str, bytes]) -> bytes:
    cut = b"".join(
        f"--e\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + base64.encodebytes(data)
        for kind, data in parts
    )
    return b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n" + cut + b"--e--\r\n"


def test_the_files_of_a_winmail_come_out_under_their_long_names():
    found = parse(
        mail(("text/plain; charset=utf-8", "Δείτε.".encode()), ("application/ms-tnef; name=winmail.dat", winmail()))
    )
    assert [(file.name, file.content_type, file.data, file.content_id) for file in found.attachments] == [
        ("Αίτηση πολίτη.pdf", "application/pdf", b"%PDF-1.4", None),
        ("pic.png", "application/octet-stream", b"\x89PNG", "pic@1"),
    ]  # fmt: skip
    assert (found.text.strip(), "winmail-opened" in found.warnings) == ("Δείτε.", True)


def test_the_words_of_a_winmail_are_read_where_the_mail_has_none():
    words = attribute(1, 0x69003, properties(text_property(0x1000, "Καλημέρα σας.")))
    found = parse(mail(("application/ms-tnef; name=winmail.dat", winmail(words))))
    assert found.text.strip() == "Καλημέρα σας."
    page = attribute(1, 0x69003, properties(text_property(0x1013, "<p>Έξω<script>x</script></p>", 0x1E)))
    found = parse(mail(("application/ms-tnef", winmail(page))))
    assert (found.text.strip(), "script" in (found.html or "")) == ("Έξω", False)


def test_a_winmail_that_is_none_stays_a_file():
    found = parse(mail(("application/ms-tnef; name=winmail.dat", b"no such thing")))
    assert [(file.name, file.data) for file in found.attachments] == [("winmail.dat", b"no such thing")]


@given(st.binary(max_size=400), st.integers(0, 400))
def test_damaged_ones_break_nothing(noise, at):
    whole = winmail()
    assert tnef.read(whole[:at] + noise) is not False
    assert tnef.read(whole[:at] + noise + whole[at:]) is not False


@pytest.mark.parametrize(("kind", "word", "ending"), [
    ("text/calendar; method=REQUEST", "calendar-invite", ".ics"),
    ("application/pkcs7-signature", "signed-by-sender", ".p7s"),
    ("application/pgp-signature", "signed-by-sender", ".asc"),
    ("application/pgp-encrypted", "encrypted", ".asc"),
    ("application/pkcs7-mime; smime-type=enveloped-data", "smime-wrapped", ".p7m"),
])  # fmt: skip
def test_each_is_named_as_what_it_is(kind, word, ending):
    found = parse(mail(("text/plain", b"Hello"), (kind, b"BEGIN")))
    assert word in found.warnings
    assert [file.name.endswith(ending) for file in found.attachments] == [True]
