"""Outgoing mail: what is written, how it goes over a real server, and what each outcome means."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from channels.email import line
from channels.email.compose import compose
from channels.email.parse import parse
from channels.email.receiver import Receiver
from channels.email.send import deliver, route
from channels.email.settings import EmailSettings
from channels.message import Attachment, OutboundMessage, Party
from channels.port import Raw, Refused, Retry, Unknown

LETTER = OutboundMessage(
    sender=Party("info@city.example", "Δήμος Παραδείγματος"),
    to=Party("anna@example.org", "Άννα"),
    subject="Απάντηση στο αίτημά σας 100001",
    text="Στέλνουμε συνεργείο.\n.\n.τελεία στην αρχή\n",
    html="<p>Στέλνουμε <b>συνεργείο</b>.</p>",
    message_id="out-1@city.example",
    reply_to="info+t100001.abcdefghijklm@city.example",
    in_reply_to="m1@example.org",
    references=("m0@example.org", "m1@example.org"),
    attachments=(Attachment("απόφαση.pdf", "application/pdf", b"%PDF-1.4"),),
    date=datetime(2026, 11, 24, 8, tzinfo=UTC),
    instance="abc123",
)


def written(letter: OutboundMessage) -> bytes:
    return compose(letter).as_bytes()


def test_what_is_written_is_understood_again():
    message = parse(written(LETTER), {"instance": "another"})
    assert (message.sender, message.to) == (LETTER.sender, (LETTER.to,))
    assert (message.subject, message.text, message.date) == (LETTER.subject, LETTER.text, LETTER.date)
    assert (message.message_id, message.in_reply_to, message.references) == (
        LETTER.message_id, LETTER.in_reply_to, LETTER.references,
    )  # fmt: skip
    assert message.reply_to[0].address == LETTER.reply_to
    assert [(file.name, file.content_type, file.data) for file in message.attachments] == [
        ("απόφαση.pdf", "application/pdf", b"%PDF-1.4")
    ]
    assert message.html is not None
    assert message.automatic is None


def test_our_own_mail_is_known_when_it_returns():
    assert parse(written(LETTER), {"instance": "abc123"}).automatic == "loop"


def test_automatic_mail_says_so_and_asks_for_no_answer():
    mail = compose(replace(LETTER, automatic=True))
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert compose(replace(LETTER, automatic=True, in_reply_to=""))["Auto-Submitted"] == "auto-generated"
    assert compose(LETTER)["Auto-Submitted"] is None


@pytest.mark.parametrize(
    "letter",
    [
        replace(LETTER, subject="x\r\nBcc: victim@example.org"),
        replace(LETTER, sender=Party("info@city.example", "x\r\nBcc: victim@example.org")),
        replace(LETTER, to=Party("anna@example.org", "x\nBcc: victim@example.org")),
        replace(LETTER, message_id="x>\r\nBcc: victim@example.org"),
        replace(LETTER, references=("x\r\nBcc: victim@example.org",)),
        replace(LETTER, instance="x\r\nBcc: victim@example.org"),
        replace(LETTER, headers={"X-Note": "x\r\nBcc: victim@example.org", "Bcc": "victim@example.org", "a b": "c"}),
        replace(LETTER, attachments=(Attachment("x\r\nBcc: victim@example.org", "a/b\r\nBcc: v@example.org", b""),)),
    ],
    ids=["subject", "sender", "recipient", "message-id", "references", "instance", "headers", "attachment"],
)
def test_no_header_can_be_smuggled_in(letter):
    assert message_from_bytes(written(letter), policy=policy.default)["Bcc"] is None


@pytest.mark.parametrize("address", ["", "anna", "anna@example.org\r\nRCPT TO:<x@example.org>", "a b@example.org", "@"])
def test_what_is_no_address_is_refused(address, tmp_path):
    with pytest.raises(Refused):
        deliver(replace(LETTER, to=Party(address)), EmailSettings(f"file://{tmp_path}"))


def test_pictures_of_the_page_stand_beside_it():
    picture = Attachment("logo.png", "image/png", b"\x89PNG", inline=True, content_id="logo@city")
    message = parse(written(replace(LETTER, html='<img src="cid:logo@city">', attachments=(picture,))))
    [file] = message.attachments
    assert (file.inline, file.content_id, file.data) == (True, "logo@city", b"\x89PNG")


def test_a_folder_takes_whole_files_only(tmp_path):
    settings = EmailSettings(f"file://{tmp_path}/out")
    receipts = [deliver(LETTER, settings) for _ in range(2)]
    files = sorted(Path(tmp_path, "out").iterdir())
    assert {file.name for file in files} == {receipt.detail for receipt in receipts}
    assert parse(files[0].read_bytes(), {"instance": "x"}).message_id == LETTER.message_id


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path):
    Path(tmp_path, "out").write_text("a file")
    with pytest.raises(Retry):
        deliver(LETTER, EmailSettings(f"file://{tmp_path}/out"))


@pytest.fixture(autouse=True)
def hung_up() -> Iterator[None]:
    """No line of one test is used by the next."""
    yield
    line.hang_up()


@pytest.fixture
def post() -> Iterator[tuple[Receiver, list[Raw]]]:
    kept: list[Raw] = []
    receiver = Receiver(lambda address: address.endswith("@example.org"), kept.extend, port=0)
    receiver.start()
    yield receiver, kept
    receiver.stop()


def test_a_mail_goes_over_a_real_server_byte_for_byte(post):
    receiver, kept = post
    deliver(LETTER, EmailSettings(f"smtp://127.0.0.1:{receiver.port}"))
    [raw] = kept
    assert raw.body == written(LETTER)
    assert raw.envelope["sender"] == LETTER.reply_to
    assert raw.envelope["recipients"] == ["anna@example.org"]


def test_each_recipient_has_an_outcome(post):
    receiver, kept = post
    settings = EmailSettings(f"smtp://127.0.0.1:{receiver.port}")
    receipt = deliver(replace(LETTER, cc=(Party("nobody@elsewhere.example"),)), settings)
    assert list(receipt.refused) == ["nobody@elsewhere.example"]
    assert len(kept) == 1
    with pytest.raises(Refused, match="550"):
        deliver(replace(LETTER, to=Party("nobody@elsewhere.example")), settings)


def test_a_server_that_is_not_there_is_tried_again():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Retry):
            deliver(LETTER, EmailSettings(f"smtp://127.0.0.1:{taken.getsockname()[1]}"))


def test_a_server_without_tls_is_not_told_a_password(post):
    receiver, kept = post
    with pytest.raises(Retry):
        deliver(LETTER, EmailSettings(f"smtp://u:p@127.0.0.1:{receiver.port}?starttls=required"))
    assert kept == []


@contextmanager
def a_server(answers: dict[str, str | None]) -> Iterator[str]:
    """A server that answers by the first word of a line; None hangs up there."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 hello\r\n")
            in_data = False
            for line in lines:
                word = line.strip().decode("latin-1").upper().split(" ")[0].split(":")[0]
                if in_data and word != ".":
                    continue
                answer = answers.get(word, "250 fine" if word != "DATA" else "354 go on")
                if answer is None:
                    return
                in_data = answer.startswith("354")
                connection.sendall(answer.encode() + b"\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        thread.join(5)
        listening.close()


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"MAIL": "451 later"}, Retry),
        ({"MAIL": "550 never"}, Refused),
        ({"RCPT": "452 full"}, Retry),
        ({"RCPT": "550 unknown"}, Refused),
        ({"DATA": "421 closing"}, Retry),
        ({"DATA": None}, Retry),
        ({".": "451 not kept"}, Retry),
        ({".": "554 spam"}, Refused),
        ({".": None}, Unknown),
        ({"EHLO": "421 busy", "HELO": "421 busy"}, Retry),
    ],
    ids=str,
)
def test_each_answer_of_a_server_has_its_meaning(answers, outcome):
    with a_server(answers) as url, pytest.raises(outcome):
        deliver(LETTER, EmailSettings(url, timeout_seconds=5))


@pytest.mark.parametrize("url", ["", "http://x", "smtp://", "smtp://host:port"])
def test_a_route_that_leads_nowhere_is_refused(url):
    with pytest.raises(Refused):
        route(url)


def test_a_password_beyond_this_machine_needs_tls():
    assert route("smtp://u%40x:p%2Fw@mail.example.org").starttls == "required"
    assert route("smtp://u%40x:p%2Fw@mail.example.org").password == "p/w"
    assert route("smtp://127.0.0.1").starttls == "optional"
