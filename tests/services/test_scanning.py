"""Files and viruses: a scanner that speaks clamd's protocol over a real socket is asked once a content."""

import socket
import struct
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk import clamd, clock, storage
from helpdesk.clamd import NotAsked, Verdict
from helpdesk.db import db
from helpdesk.errors import Forbidden, Stale
from helpdesk.services import accounts, inbox, rulebook, scanning
from helpdesk.web import attachments
from tests.builders import NOON, an_account

VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR"


class Scanner:
    """Reads INSTREAM to its end as clamd does, finds EICAR, and gives up beyond a size."""

    def __init__(self, most: int = 5_000_000) -> None:
        self.most, self.asked, self.broken = most, 0, False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.where = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        try:
            while True:
                line, _ = self._listener.accept()
                with line, line.makefile("rb") as reader:
                    self._talk(line, reader)
        except OSError:
            return

    def _talk(self, line, reader) -> None:
        assert reader.read(10) == b"zINSTREAM\0"
        self.asked += 1
        data = b""
        while length := struct.unpack("!I", reader.read(4))[0]:
            data += reader.read(length)
            if len(data) > self.most:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        if not self.broken:
            line.sendall(b"stream: Eicar-Test-Signature FOUND\0" if VIRUS in data else b"stream: OK\0")


@pytest.fixture
def scanner():
    running = Scanner()
    yield running
    running.stop()


@pytest.fixture
def configured(session, scanner):
    before = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(before, clamd=scanner.where)
    yield scanner
    current_app.config["SETTINGS"] = before


def a_row(data: bytes) -> SimpleNamespace:
    return SimpleNamespace(id=1, name="file.bin", sha256=storage.keep(data))


def served(data: bytes) -> int:
    with attachments.serve(a_row(data)) as answer:
        return answer.status_code


def test_clean_infected_and_too_large_are_told_apart(scanner):
    assert clamd.scan(scanner.where, b"x" * 300_000) == Verdict("clean")
    assert clamd.scan(scanner.where, b"y" * 70_000 + VIRUS) == Verdict("infected", "Eicar-Test-Signature")
    assert clamd.scan(scanner.where, b"z" * 6_000_000).said == "unchecked"


def test_a_scanner_that_is_away_or_breaks_off_was_not_asked(scanner):
    scanner.broken = True
    with pytest.raises(NotAsked):
        clamd.scan(scanner.where, b"x")
    for nowhere in ("127.0.0.1:1", "/nonexistent/socket", "nonsense"):
        with pytest.raises(NotAsked):
            clamd.scan(nowhere, b"x")


def test_a_virus_is_kept_and_never_served(app, configured):
    with app.test_request_context():
        assert served(b"harmless") == 200
        with pytest.raises(Forbidden):
            served(VIRUS)
        with pytest.raises(Forbidden):
            served(VIRUS)
    assert configured.asked == 2


def test_while_the_scanner_is_away_nobody_opens_what_it_did_not_see(app, configured):
    with app.test_request_context():
        assert served(b"seen before") == 200
        current_app.config["SETTINGS"] = replace(current_app.config["SETTINGS"], clamd="127.0.0.1:1")
        assert served(b"seen before") == 200
        with pytest.raises(Stale):
            served(b"never seen")


def test_what_mail_brings_is_looked_at_by_a_worker_each_content_once(configured):
    rulebook.ensure_defaults(NOON)
    body = an_account(address="info@city.example", is_default=True)
    accounts.changed()
    part = b"--e\r\nContent-Disposition: attachment; filename=%s\r\n\r\n%s\r\n"
    mail = b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n"
    mail += part % (b"a.bin", VIRUS) + part % (b"b.bin", VIRUS) + part % (b"c.bin", b"fine") + b"--e--\r\n"
    inbox.keep([inbox.piped(mail, body)])
    inbox.process()
    assert scanning.nudge() is True
    assert scanning.work_off() == 2
    found = db.session.execute(text("select verdict, found from file_scan order by verdict")).all()
    assert [tuple(row) for row in found] == [("clean", ""), ("infected", "Eicar-Test-Signature")]
    assert (scanning.work_off(), scanning.nudge(), configured.asked) == (0, False, 2)


def test_without_a_scanner_nothing_waits_for_one(session):
    scanning.expect(["a" * 64], clock.now())
    scanning.check("a" * 64)
    assert db.session.execute(text("select count(*) from file_scan")).scalar_one() == 0
