"""Mail from SMTP to a routed, timed ticket with its acknowledgement queued: real receiver, real worker, loopback."""

import argparse
import base64
import os
import random
import signal
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, text

from benchmarks import body
from helpdesk import migrations
from helpdesk.embedded import Servers

GOAL = 250
"""Mails a second, sustained, on two cores with one worker."""

CONNECTIONS = 6
HTML_SHARE, FILE_SHARE, REPLY_SHARE = 0.25, 1 / 12, 0.25
ROOT = Path(__file__).resolve().parents[1]

SENTENCES = {
    "el": (
        "Ο φωτισμός στην οδό μας έχει σβήσει εδώ και μία εβδομάδα.",
        "Υπάρχει διαρροή νερού μπροστά στο σχολείο και ο δρόμος έχει βουλιάξει.",
        "Παρακαλώ να μου στείλετε πιστοποιητικό οικογενειακής κατάστασης.",
        "Ο κάδος έχει σπάσει και τα σκουπίδια χύνονται στο πεζοδρόμιο.",
        "Το έχω αναφέρει και τηλεφωνικά, χωρίς να πάρω αριθμό.",
        "Σας ευχαριστώ εκ των προτέρων για τη βοήθειά σας.",
    ),
    "en": (
        "The street light at our corner has been out for a week.",
        "Water is leaking in front of the school and the road is sinking.",
        "Please send me a certificate of family status for use abroad.",
        "The bin is broken and the rubbish is all over the pavement.",
        "I reported this by phone already and was given no number.",
        "Thank you in advance for your help with this.",
    ),
}


def mails(count: int, seed: int = 1) -> list[tuple[str, bytes]]:
    """Sender and raw mail, in Greek and English; some with HTML, a file, or an answer to an earlier one."""
    chance = random.Random(seed)
    return [_mail(number, chance) for number in range(count)]


def _mail(number: int, chance: random.Random) -> tuple[str, bytes]:
    language = "el" if chance.random() < 0.75 else "en"
    answers = chance.random() < REPLY_SHARE and number > 400
    first = chance.randrange(number - 300) if answers else number
    sender = f"citizen{first}@example.org"
    lines = [chance.choice(SENTENCES[language]) for _ in range(chance.randrange(8, 20))]
    head = _head(number, first, sender, answers)
    return sender, head + _body(lines, chance)


def _head(number: int, first: int, sender: str, answers: bool) -> bytes:
    name = base64.b64encode(f"Πολίτης {first}".encode()).decode()
    subject = base64.b64encode(f"Αίτημα {first}".encode()).decode()
    hops = "".join(
        f"Received: from relay{hop}.example.org (relay{hop}.example.org [192.0.2.{hop}])\r\n"
        f"\tby mx{hop}.example.org with ESMTPS id {number:08x}{hop}; Tue, 24 Nov 2026 10:00:0{hop} +0200\r\n"
        for hop in range(1, 5)
    )
    thread = f"In-Reply-To: <m{first}@example.org>\r\nReferences: <m{first}@example.org>\r\n" if answers else ""
    return (
        f"{hops}DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=x; h=from:to:subject;\r\n\tb={'A' * 340}\r\n"
        f"From: =?utf-8?B?{name}?= <{sender}>\r\nTo: info@city.example\r\n"
        f"Subject: {'Re: ' if answers else ''}=?utf-8?B?{subject}?=\r\n"
        f"Date: Tue, 24 Nov 2026 10:00:00 +0200\r\nMessage-ID: <m{number}@example.org>\r\n{thread}MIME-Version: 1.0\r\n"
    ).encode()


def _body(lines: Sequence[str], chance: random.Random) -> bytes:
    plain = _part("text/plain", "\r\n".join(lines).encode())
    parts = [plain]
    if chance.random() < HTML_SHARE:
        styled = "".join(f'<p style="margin:0 0 8px;font-family:Arial"><span>{line}</span></p>' for line in lines * 2)
        parts.append(_part("text/html", f"<html><body>{styled}</body></html>".encode()))
        plain = _multipart("alternative", parts)
    if chance.random() < FILE_SHARE:
        file = base64.encodebytes(chance.randbytes(24_000)).replace(b"\n", b"\r\n")
        attached = (
            b'Content-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
            b'Content-Disposition: attachment; filename="a.pdf"\r\n\r\n' + file
        )
        plain = _multipart("mixed", [plain, attached])
    return plain


def _part(kind: str, content: bytes) -> bytes:
    coded = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + coded


def _multipart(kind: str, parts: Sequence[bytes]) -> bytes:
    edge = f"=_{kind}_"
    inner = b"".join(f"--{edge}\r\n".encode() + part + b"\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{edge}"\r\n\r\n'.encode() + inner + f"--{edge}--\r\n".encode()


@contextmanager
def installation() -> Iterator[tuple[dict[str, str], Engine, int]]:
    """Durable servers, a small body, a receiver and one worker; their settings, the database, the SMTP port."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    folder.chmod(0o711)
    servers = Servers(folder / "data")
    servers.start()
    engine = create_engine(servers.database_url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            migrations.upgrade(connection)
        port = _free_port()
        environment = os.environ | servers.environment() | _settings(folder, port)
        body.make(environment)
        with _part_running("receive-mail", environment), _part_running("work", environment):
            _wait_for(port)
            yield environment, engine, port
    finally:
        engine.dispose()
        servers.stop()


def _settings(folder: Path, port: int) -> dict[str, str]:
    sink = folder / "sink"
    sink.mkdir()
    return {
        "RECEIVE_PORT": str(port),
        "SMTP_URL": f"file://{sink}",
        "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
        "ACKNOWLEDGEMENT_LIMIT": "0",
    }  # thousands of strangers within a minute are meant here


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _part_running(name: str, environment: dict[str, str]) -> Iterator[None]:
    command = [str(Path(sys.executable).parent / "helpdesk"), name]
    with subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the receiver did not start")


def send(port: int, batch: Sequence[tuple[str, bytes]]) -> list[float]:
    """Sends them over several connections at once; how long each took until it was accepted, in seconds."""
    waits: list[float] = []
    shares = [batch[at::CONNECTIONS] for at in range(CONNECTIONS)]
    threads = [threading.Thread(target=_send_share, args=(port, share, waits)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits


def _send_share(port: int, share: Sequence[tuple[str, bytes]], waits: list[float]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as client:
        for sender, raw in share:
            begun = time.perf_counter()
            client.sendmail(sender, ["info@city.example"], raw)
            waits.append(time.perf_counter() - begun)


_DONE = text("select count(*) from inbound where state = 'processed'")
_FACTS = text(
    """
    select (select count(*) from inbound where state <> 'processed') as left_over,
           (select count(*) from ticket) as tickets,
           (select count(*) from ticket where department_id is not null) as routed,
           (select count(distinct ticket_id) from ticket_clock) as timed,
           (select count(*) from outbound where automatic) as acknowledged
    """
)


def _await(engine: Engine, count: int) -> None:
    until = time.monotonic() + 300
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.execute(_DONE).scalar_one() < count:
            if time.monotonic() > until:
                raise SystemExit("mail is still waiting after five minutes")
            time.sleep(0.02)


def once(engine: Engine, port: int, batch: Sequence[tuple[str, bytes]], before: int) -> dict[str, float]:
    """One round: sends all at full speed and waits until the last is a ticket."""
    begun = time.perf_counter()
    waits = send(port, batch)
    sent = time.perf_counter() - begun
    _await(engine, before + len(batch))
    whole = time.perf_counter() - begun
    waits.sort()
    return {
        "mails/s": len(batch) / whole,
        "accepted/s": len(batch) / sent,
        "accept p95 ms": 1000 * waits[int(len(waits) * 0.95)],
    }


def run(count: int = 3_000, rounds: int = 5) -> list[dict[str, Any]]:
    """The table: one row, medians over the rounds."""
    batch = mails(count * rounds)
    with installation() as (_, engine, port):
        figures = [once(engine, port, batch[at * count :][:count], at * count) for at in range(rounds)]
        with engine.connect() as connection:
            facts = connection.execute(_FACTS).one()
            durable = connection.execute(text("select current_setting('fsync'), current_setting('synchronous_commit')"))
            settings = "/".join(durable.one())
    if facts.left_over or len({facts.tickets, facts.routed, facts.timed, facts.acknowledged}) > 1:
        raise SystemExit(f"not every mail became a routed, timed, acknowledged ticket: {facts}")
    row = {name: statistics.median(figure[name] for figure in figures) for name in figures[0]}
    row |= {"slowest": min(figure["mails/s"] for figure in figures)}
    return [row | _sizes(batch) | {"mails": count, "rounds": rounds, "tickets": facts.tickets, "fsync": settings,
                                   "budget": "met" if row["mails/s"] >= GOAL else "missed"}]  # fmt: skip


def _sizes(batch: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    html = sum(b"text/html" in raw for _, raw in batch) / len(batch)
    return {"mean KB": statistics.mean(len(raw) for _, raw in batch) / 1000, "html": f"{html:.0%}"}


def main() -> None:
    """Runs it alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    for row in run(wanted.mails, wanted.rounds):
        print("\n".join(f"{name}: {value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
