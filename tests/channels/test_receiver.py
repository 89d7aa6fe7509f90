"""The receiver over real sockets, and under faults: 250 only for what is kept."""

import contextlib
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from channels.email.receiver import Receiver

MAIL = "From: a@example.org\r\nSubject: x\r\n\r\nhello\r\n"


class Keep:
    """Where mails are kept; ``fails`` says for which bodies it raises, ``slow`` how long it takes."""

    def __init__(self, fails: bytes = b"", slow: float = 0.0) -> None:
        self.batches: list[int] = []
        self.kept: list = []
        self._fails, self._slow = fails, slow

    def __call__(self, raws) -> None:
        time.sleep(self._slow)
        if self._fails and any(self._fails in raw.body for raw in raws):
            raise RuntimeError("the database is away")
        self.batches.append(len(raws))
        self.kept.extend(raws)


def ours(address: str) -> bool:
    return address.endswith("@city.example")


@contextlib.contextmanager
def receiving(keep: Keep, **options) -> Iterator[Receiver]:
    receiver = Receiver(options.pop("accepts", ours), keep, port=0, **options)
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.stop()


def send(receiver: Receiver, body: str = MAIL, to: str = "info@city.example") -> None:
    with smtplib.SMTP("127.0.0.1", receiver.port, timeout=10) as client:
        client.sendmail("a@example.org", [to], body)


def test_what_is_taken_is_kept_as_it_came():
    keep = Keep()
    with receiving(keep) as receiver:
        send(receiver, MAIL + "..two dots\r\n")
    [raw] = keep.kept
    assert raw.body == (MAIL + "..two dots\r\n").encode()
    assert raw.envelope["sender"] == "a@example.org"
    assert raw.envelope["recipients"] == ["info@city.example"]
    assert raw.envelope["tls"] is False


def test_an_address_that_is_not_ours_is_refused():
    keep = Keep()
    with receiving(keep) as receiver, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(receiver, to="info@elsewhere.example")
    assert refused.value.recipients["info@elsewhere.example"][0] == 550
    assert keep.kept == []


def test_what_was_not_kept_is_to_be_tried_again():
    with receiving(Keep(fails=b"hello")) as receiver, pytest.raises(smtplib.SMTPDataError) as refused:
        send(receiver)
    assert refused.value.smtp_code == 451


def test_not_knowing_our_addresses_is_no_reason_to_refuse_for_ever():
    def unsure(address: str) -> bool:
        raise RuntimeError("the database is away")

    with receiving(Keep(), accepts=unsure) as receiver, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(receiver)
    assert refused.value.recipients["info@city.example"][0] == 451


def together(receiver: Receiver, bodies: list[str]) -> list[int]:
    codes = [0] * len(bodies)

    def one(at: int) -> None:
        try:
            send(receiver, bodies[at])
            codes[at] = 250
        except smtplib.SMTPDataError as why:
            codes[at] = why.smtp_code

    threads = [threading.Thread(target=one, args=(at,)) for at in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_one_commit_serves_many_mails():
    keep = Keep(slow=0.05)
    with receiving(keep) as receiver:
        assert together(receiver, [MAIL] * 20) == [250] * 20
    assert sum(keep.batches) == 20
    assert len(keep.batches) < 15


def test_one_mail_that_cannot_be_kept_does_not_hold_up_the_others():
    keep = Keep(fails=b"poison", slow=0.02)
    with receiving(keep) as receiver:
        codes = together(receiver, [MAIL, MAIL + "poison", MAIL, MAIL, MAIL])
    assert codes == [250, 451, 250, 250, 250]
    assert len(keep.kept) == 4


def test_the_size_is_advertised_and_held():
    keep = Keep()
    with receiving(keep, largest=10_000) as receiver:
        with smtplib.SMTP("127.0.0.1", receiver.port, timeout=10) as client:
            client.ehlo()
            assert client.esmtp_features["size"] == "10000"
            assert client.mail("a@example.org", ["SIZE=20000"])[0] == 552
            client.rset()
            client.mail("a@example.org")
            client.rcpt("info@city.example")
            assert client.data(MAIL + "x" * 20_000)[0] == 552
        send(receiver)
    assert len(keep.kept) == 1


def test_very_long_lines_are_taken():
    keep = Keep()
    with receiving(keep) as receiver:
        send(receiver, MAIL + "x" * 200_000)
    assert len(keep.kept[0].body) > 200_000


def test_a_silent_client_is_hung_up_on():
    with (
        receiving(Keep(), idle_seconds=0.3) as receiver,
        socket.create_connection(("127.0.0.1", receiver.port), timeout=5) as client,
    ):
        received = b"".join(iter(lambda: client.recv(1000), b""))
    assert received.startswith(b"220 ")


def test_a_client_that_drips_is_hung_up_on():
    with (
        receiving(Keep(), session_seconds=0.5) as receiver,
        socket.create_connection(("127.0.0.1", receiver.port), timeout=5) as client,
    ):
        started = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - started < 5:
                client.sendall(b"NOOP\r\n")
                if not client.recv(1000):
                    break
                time.sleep(0.05)
    assert time.monotonic() - started < 3


def test_connections_beyond_the_limit_are_asked_to_come_back():
    with receiving(Keep(), most_connections=2) as receiver, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(("127.0.0.1", receiver.port), 5)) for _ in range(3)]
        greetings = sorted(client.recv(1000)[:3] for client in clients)
    assert greetings == [b"220", b"220", b"421"]


def test_a_client_that_leaves_in_the_middle_leaves_nothing():
    keep = Keep()
    with receiving(keep) as receiver:
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=5) as client:
            client.sendall(
                b"HELO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<info@city.example>\r\nDATA\r\nSubject: x\r\n\r\nhal"
            )
            time.sleep(0.1)
        send(receiver)
    assert len(keep.kept) == 1


def test_what_waits_when_it_stops_is_still_kept_and_answered():
    keep = Keep(slow=0.3)
    receiver = Receiver(ours, keep, port=0)
    receiver.start()
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.extend(together(receiver, [MAIL])))
    thread.start()
    time.sleep(0.15)
    receiver.stop()
    thread.join()
    assert (codes, len(keep.kept)) == ([250], 1)


def test_lmtp_answers_once_a_recipient():
    keep = Keep()
    with receiving(keep, lmtp=True) as receiver, smtplib.LMTP("127.0.0.1", receiver.port) as client:
        client.ehlo()
        client.mail("")
        assert [client.rcpt(address)[0] for address in ("info@city.example", "help@city.example")] == [250, 250]
        assert [client.data(MAIL)[0], client.getreply()[0]] == [250, 250]
    [raw] = keep.kept
    assert (raw.envelope["sender"], len(raw.envelope["recipients"])) == ("", 2)


def test_a_port_in_use_is_said_at_once():
    with receiving(Keep()) as receiver, pytest.raises(OSError, match="in use"):
        Receiver(ours, Keep(), port=receiver.port).start()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for 127.0.0.1 in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path = tmp_path / "mail.pem"
    path.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return path


def test_with_a_certificate_mail_comes_encrypted(certificate):
    keep = Keep()
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        receiving(keep, certificate=str(certificate)) as receiver,
        smtplib.SMTP("127.0.0.1", receiver.port, timeout=10) as client,
    ):
        client.starttls(context=context)
        client.sendmail("a@example.org", ["info@city.example"], MAIL)
    assert keep.kept[0].envelope["tls"] is True
