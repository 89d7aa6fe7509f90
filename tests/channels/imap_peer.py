"""An IMAP server of our own that keeps strictly to what a client may ask, and fails on order."""

import re
import select
import socket
import threading
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass, field

OCTETS = re.compile(rb"BODY\.PEEK\[\](?:<0\.(\d+)>)?")


@dataclass
class Box:
    """One folder: UID → bytes. ``flags`` counts what a client changed, which must stay 0."""

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    sizes: dict[int, int] = field(default_factory=dict)


class Peer:
    """Serves one box on loopback. ``break_after`` ends the line in the middle of that many bytes of a literal."""

    def __init__(self, box: Box, *, idle: bool = True, token: str = "", break_after: int | None = None) -> None:
        self.box, self.idle, self.token, self.break_after = box, idle, token, break_after
        self.said: list[bytes] = []
        self.lines = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.changed = threading.Event()
        self._open: list[socket.socket] = []
        self._talks: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Peer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.hang_up()
        self.changed.set()
        for thread in [self._thread, *self._talks]:
            thread.join(5)

    def hang_up(self) -> None:
        """Ends every line at once."""
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._listener.accept()
                self._open.append(line)
                self.lines += 1
                talk = threading.Thread(target=self._talk, args=(line,), daemon=True)
                self._talks.append(talk)
                talk.start()

    def _talk(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as reader, suppress(OSError, ValueError):
            line.sendall(b"* OK ready\r\n")
            while command := reader.readline():
                self.said.append(command.strip())
                tag, _, rest = command.strip().partition(b" ")
                verb, _, given = rest.partition(b" ")
                if verb.upper() == b"UID":
                    verb, _, given = given.partition(b" ")
                getattr(self, f"_{verb.decode().lower()}")(line, reader, tag, given)

    def _ok(self, line, tag, text=b"done"):
        line.sendall(tag + b" OK " + text + b"\r\n")

    def _capability(self, line, reader, tag, given):
        line.sendall(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2" + (b" IDLE" if self.idle else b"") + b"\r\n")
        self._ok(line, tag)

    def _login(self, line, reader, tag, given):
        if given.endswith((b'"secret"', b" secret")):
            self._ok(line, tag)
        else:
            line.sendall(tag + b" NO [AUTHENTICATIONFAILED] wrong\r\n")

    def _authenticate(self, line, reader, tag, given):
        line.sendall(b"+ \r\n")
        told = b64decode(reader.readline())
        if f"auth=Bearer {self.token}".encode() in told:
            self._ok(line, tag)
        else:
            line.sendall(tag + b" NO [AUTHENTICATIONFAILED] wrong token\r\n")

    def _examine(self, line, reader, tag, given):
        if given.strip(b'"') != b"INBOX":
            line.sendall(tag + b" NO [NONEXISTENT] no such folder\r\n")
            return
        line.sendall(b"* %d EXISTS\r\n" % len(self.box.mails))
        line.sendall(b"* OK [UIDVALIDITY %d] ok\r\n" % self.box.validity)
        self._ok(line, tag, b"[READ-ONLY] done")

    def _search(self, line, reader, tag, given):
        low = re.search(rb"UID (\d+):\*", given)
        found = sorted(self.box.mails)
        if low:  # as RFC 9051 says, n:* always names the last one
            found = [uid for uid in found if uid >= int(low[1])] or found[-1:]
        line.sendall(b"* SEARCH " + b" ".join(b"%d" % uid for uid in found) + b"\r\n")
        self._ok(line, tag)

    def _fetch(self, line, reader, tag, given):
        asked, _, items = given.partition(b" ")
        for at, uid in enumerate(_uids(asked), 1):
            if uid not in self.box.mails:
                continue
            mail = self.box.mails[uid]
            parts = [b"UID %d" % uid]
            if b"RFC822.SIZE" in items:
                parts.append(b"RFC822.SIZE %d" % self.box.sizes.get(uid, len(mail)))
            if b"INTERNALDATE" in items:
                parts.append(b'INTERNALDATE "24-Nov-2026 12:00:00 +0200"')
            if body := OCTETS.search(items):
                mail = mail[: int(body[1])] if body[1] else mail
                name = b"BODY[]<0>" if body[1] else b"BODY[]"
                parts.append(name + b" {%d}\r\n" % len(mail))
                line.sendall(b"* %d FETCH (" % at + b" ".join(parts))
                if self.break_after is not None:
                    line.sendall(mail[: self.break_after])
                    self.hang_up()
                    raise OSError
                line.sendall(mail + b")\r\n")
            else:
                line.sendall(b"* %d FETCH (" % at + b" ".join(parts) + b")\r\n")
        self._ok(line, tag)

    def _idle(self, line, reader, tag, given):
        line.sendall(b"+ idling\r\n")
        while not select.select([line], [], [], 0.02)[0]:
            if self.changed.is_set():
                self.changed.clear()
                line.sendall(b"* %d EXISTS\r\n" % len(self.box.mails))
        reader.readline()
        self._ok(line, tag)

    def _noop(self, line, reader, tag, given):
        self._ok(line, tag)

    def _logout(self, line, reader, tag, given):
        line.sendall(b"* BYE\r\n")
        self._ok(line, tag)


def _uids(asked: bytes) -> list[int]:
    found: list[int] = []
    for piece in asked.split(b","):
        low, _, high = piece.partition(b":")
        found += range(int(low), int(high or low) + 1)
    return found
