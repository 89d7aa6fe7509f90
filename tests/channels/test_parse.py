"""Mails as they come: charsets, headers, bodies, attachments, hostile bytes."""

import base64
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from channels.email.parse import parse
from channels.message import Party
from channels.port import Unreadable
from tests.channels.letters import a_mail, a_multipart, read

GREEK = "Άνοιξε λακκούβα στην οδό Ερμού. Ήρθε κανείς; Όχι."


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-7", "windows-1253", "cp737", "utf-16", "utf-7", "x-mac-greek"])
def test_a_declared_charset_is_believed(charset):
    codec = {"x-mac-greek": "mac_greek"}.get(charset, charset)
    message = parse(a_mail(GREEK.encode(codec), content_type=f"text/plain; charset={charset}"))
    assert (message.text, message.language) == (GREEK, "el")


@pytest.mark.parametrize(
    ("written", "declared"),
    [
        ("windows-1253", "iso-8859-7"),
        ("iso-8859-7", "windows-1253"),
        ("windows-1253", "iso-8859-1"),
        ("utf-8", "iso-8859-7"),
        ("utf-8", "us-ascii"),
        ("windows-1253", "us-ascii"),
        ("iso-8859-7", "utf-8"),
        ("windows-1253", "x-unknown"),
        ("windows-1253", "1253"),
        ("utf-8", "windows-1252"),
    ],
)
def test_greek_is_read_whatever_is_declared(written, declared):
    assert parse(a_mail(GREEK.encode(written), content_type=f"text/plain; charset={declared}")).text == GREEK


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Бележка за водата и осветлението на улицата", "koi8-r"),
        ("Съобщение за повреда на улицата", "windows-1251"),
        ("Où est la lumière ? Très tôt, à côté", "iso-8859-1"),
        ("道路の照明が消えています", "iso-2022-jp"),
        ("路灯坏了，请修理", "gb18030"),
    ],
)
def test_other_scripts_are_read_as_declared(text, charset):
    assert read(text, charset).text == text


def test_french_in_latin_letters_is_not_taken_for_greek():
    text = "Déjà vu : l'éclairage à l'école a été réparé, mais la fenêtre là-haut est cassée."
    assert parse(a_mail(text.encode("latin-1"), content_type="text/plain; charset=iso-8859-1")).text == text


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("=?utf-8?B?zqPPgM6xz4POvM6tzr3Ovw?=", "Σπασμένο"),
        ("=?UTF-8?Q?=CE=A3?= =?UTF-8?Q?=CF=80?=", "Σπ"),
        ("=?utf-8?Q?=CE?= =?utf-8?Q?=A3?=", "Σ"),
        ("=?iso-8859-7?Q?=E1_=E2?= and =?utf-8?B?zrM=?=", "α β and γ"),
        ("=?windows-1253*el?B?4Q==?=", "α"),
        ("=?nonsense?Q?abc?=", "abc"),
        ("a =?utf-8?Q?b", "a b"),
        ("=?utf-8?Q?two words?=", "two words"),
        ("Καλημέρα", "Καλημέρα"),
        ("plain =? text ?=", "plain =? text ?="),
    ],
)
def test_subjects_are_read_however_they_are_coded(written, read_as):
    assert read(subject=written).subject == read_as


@pytest.mark.parametrize(
    ("written", "party"),
    [
        ("Anna <ANNA@Example.org>", Party("anna@example.org", "Anna")),
        ('"Karra, Eleni" <e@example.org>', Party("e@example.org", "Karra, Eleni")),
        ("e@example.org (Eleni Karra)", Party("e@example.org", "Eleni Karra")),
        ("=?utf-8?B?zobOvc69zrE=?= <a@example.org>", Party("a@example.org", "Άννα")),
        ("<a@example.org", Party("a@example.org")),
        ("a@example.org, b@example.org", Party("a@example.org")),
        ('"a@b.org" <real@example.org>', Party("real@example.org", "a@b.org")),
        ("nobody at all", Party("", "nobody at all")),
    ],
)
def test_senders_are_read_however_they_are_written(written, party):
    assert parse(a_mail(**{"from": written})).sender == party


def test_groups_and_empty_lists_have_no_people():
    assert read(to="undisclosed-recipients:;", cc="Team: a@example.org, b@example.org;").to == ()
    assert [one.address for one in read(cc="Team: a@x.org, b@x.org;").cc] == ["a@x.org", "b@x.org"]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Tue, 24 Nov 2026 10:00:00 +0200", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("24 Nov 26 10:00 GMT", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("2026-11-24T10:00:00Z", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("Tue, 99 Nov 2026 10:00:00 +0200", None),
        ("Tue, 24 Nov 2026 10:00:00 +9999999", None),
        ("yesterday", None),
    ],
)
def test_dates_are_read_or_warned_about(written, moment):
    message = read(date=written)
    assert message.date == moment
    assert ("date-unreadable" in message.warnings) == (moment is None)


def test_references_lose_their_brackets_and_keep_their_order():
    message = read(references="<a@x> <b@x>\r\n <c@x>", in_reply_to="<c@x>")
    assert (message.references, message.in_reply_to, message.message_id) == (
        ("a@x", "b@x", "c@x"),
        "c@x",
        "m1@example.org",
    )


def test_a_lost_boundary_is_found_again():
    raw = a_mail(b"--lost\r\nContent-Type: text/plain\r\n\r\nhello\r\n--lost--\r\n", content_type="multipart/mixed")
    message = parse(raw)
    assert message.text.strip() == "hello"
    assert "boundary-missing" in message.warnings


def test_boundaries_that_begin_alike_are_told_apart():
    inner = "--edge-1\r\n\r\ninner\r\n--edge-1--"
    raw = a_multipart("mixed", f"Content-Type: multipart/mixed; boundary=edge-1\r\n\r\n{inner}", "\r\nouter")
    assert parse(raw).text.split() == ["inner", "outer"]


@pytest.mark.parametrize(
    "disposition",
    [
        "attachment; filename*=utf-8''%CE%B1%CE%AF%CF%84%CE%B7%CF%83%CE%B7.pdf",
        'attachment; filename="=?utf-8?B?zrHOr8+Ez4POtw==?=.pdf"'.replace("zrHOr8+Ez4POtw==", "zrHOr8+EzrfPg863"),
        "attachment; filename=αίτηση.pdf",
        "attachment; filename*0*=utf-8''%CE%B1%CE%AF%CF%84;\r\n filename*1*=%CE%B7%CF%83%CE%B7.pdf",
        'attachment; filename="C:\\\\Users\\\\anna\\\\αίτηση.pdf"',
        'attachment; filename="../../αίτηση.pdf"',
    ],
)
def test_names_of_attachments_are_read_without_their_paths(disposition):
    coded = "Content-Transfer-Encoding: base64\r\n\r\nJVBERg=="
    part = f"Content-Type: application/pdf\r\nContent-Disposition: {disposition}\r\n{coded}"
    [file] = parse(a_multipart("mixed", "\r\nsee file", part)).attachments
    assert (file.name, file.data, file.inline) == ("αίτηση.pdf", b"%PDF", False)


def test_damaged_base64_gives_what_can_be_read():
    coded = base64.b64encode(b"0123456789" * 20).decode()
    head = "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64"
    part = f"{head}\r\n\r\n{coded[:50]}\r\n!*{coded[50:-3]}"
    [file] = parse(a_multipart("mixed", "\r\nx", part)).attachments
    assert file.data.startswith(b"0123456789" * 19)


def test_uuencoded_files_in_the_text_become_attachments():
    message = read("See this.\nbegin 644 note.txt\n%:&5L;&\\\n`\nend\nBye.")
    assert [(file.name, file.data) for file in message.attachments] == [("note.txt", b"hello")]
    assert message.text.split() == ["See", "this.", "Bye."]


def test_the_text_of_a_mail_within_the_mail_is_read_and_its_files_come_along():
    inner = a_multipart(
        "mixed", "\r\nThe bill", "Content-Type: application/pdf; name=bill.pdf\r\n\r\nPDF", subject="Bill"
    )
    message = parse(a_multipart("mixed", "\r\nLook:", b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert "The bill" in message.text
    assert [file.name for file in message.attachments] == ["Bill.eml", "bill.pdf"]


def test_html_says_its_text_and_loses_what_is_dangerous():
    page = '<script>x()</script><p onclick="x()">Hello &amp; <a href="javascript:x()">bye</a></p><img src="https://t.example/p">'
    message = read(page + '<img src="cid:p1"><iframe src="//x"></iframe>', content_type="text/html")
    assert message.text == "Hello & bye"
    assert message.html is not None
    assert not any(word in message.html for word in ("script", "onclick", ' src="http', "iframe"))
    assert 'data-src="https://t.example/p"' in message.html
    assert 'src="cid:p1"' in message.html
    assert "remote-images-blocked" in message.warnings


def test_a_page_too_deep_to_sanitise_is_still_text():
    message = read("<div>" * 20_000 + "here", content_type="text/html")
    assert (message.text, message.html) == ("here", None)
    assert "html-cut" in message.warnings


def test_a_page_too_large_to_sanitise_is_still_text_without_its_scripts():
    page = "<script>evil()</script><p>here</p>" + "<!-- x -->" * 250_000
    message = read(page, content_type="text/html")
    assert (message.text, message.html) == ("here", None)


def test_more_parts_than_we_take_are_said_to_be_cut():
    message = parse(a_multipart("mixed", *["\r\nx"] * 700))
    assert "parts-cut" in message.warnings


@pytest.mark.parametrize("nothing", [b"", b"\r\n \t\r\n", b"\x00\x00"])
def test_emptiness_is_no_mail(nothing):
    with pytest.raises(Unreadable):
        parse(nothing)


@given(some.binary(min_size=1, max_size=600))
def test_any_bytes_are_understood_somehow(raw):
    if raw.strip(b"\0 \t\r\n"):
        parse(raw).to_json()


PIECES = [
    b"\r\n",
    b"\n\n",
    b"--edge",
    b"--edge--",
    b"=?utf-8?B?",
    b"?=",
    b"\xff",
    b"\x00",
    b'"',
    b"<",
    b">",
    b"(",
    b";",
    b"\x1b$B",
    b"Content-Type: multipart/mixed; boundary=edge\r\n",
    b"Content-Type: message/rfc822\r\n",
    b"From: ",
    b"charset=utf-7",
    b"Content-Type: text/html; charset=hex\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"begin 644 x\n",
    b"<div>",
    b"> ",
    b"On 1/1/2026 10:00 a@b.org wrote:\n",
    b"Date: 1\r\n",
    b"filename*0*=x'';",
    b"-- \n",
    "Στις έγραψε:\n".encode(),
    b"From: mailer-daemon@x.org\r\nReturn-Path: <>\r\n",
    b"failure notice\r\n",
    b"<a@b.org>: 550 5.1.1 no\n",
    b"Content-Type: multipart/report; boundary=edge; report-type=delivery-status\r\n",
    b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822;\r\n",
]


@given(some.lists(some.sampled_from(PIECES) | some.binary(max_size=8), min_size=1, max_size=60))
@settings(deadline=2_000)
def test_any_mixture_of_mail_is_understood_in_time(pieces):
    raw = b"Subject: x\r\n" + b"".join(pieces)
    parse(raw).to_json()


@pytest.mark.parametrize(
    "bomb",
    [
        b"\r\n" + b"> " * 500_000,
        b"\r\n" + b"- " * 500_000,
        b"\r\n" + b"a@" * 300_000,
        b"Content-Type: text/html\r\n\r\n" + b"<div> </div>" * 40_000,
        b"Content-Type: text/html\r\n\r\n" + b"<div></span></b>" * 30_000,
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 9_000,
        b"X" + b';a="' * 50_000 + b"\r\n\r\nx",
        b"Content-Type: text/plain" + b';a="' * 50_000 + b"\r\n\r\nx",
        b"To: " + b'"\\"' * 50_000 + b"\r\n\r\nx",
        b"\r\n" + (b"-" * 480 + b"\n") * 5_000,
        b"Content-Type: text/html\r\n\r\n" + b"<script x" * 400_000,
        b"Content-Type: text/html\r\n\r\n" + b"<pre>" + b" " * 500_000 + b"x",
        b"Subject: failure notice\r\n\r\n" + b"<a@b.org> 550 x " * 60_000,
    ],
    ids=range(13),
)
def test_mails_made_to_stall_do_not(bomb):
    started = time.process_time()
    parse(b"From: a@example.org\r\n" + bomb)
    assert time.process_time() - started < 2
