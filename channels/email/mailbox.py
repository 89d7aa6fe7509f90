"""Reads mail by IMAP: by UIDVALIDITY and UID, never by flags; waits by IDLE where that is offered."""

import contextlib
import imaplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from channels.email.settings import EmailSettings
from channels.port import Brought, Cursor, Dial, Raw, Refused, Retry

LARGEST = 35 * 1024 * 1024
"""Bytes beyond which only the beginning of a mail is brought; the whole stays on its server."""

BEGINNING = 256 * 1024
PORTION_MAILS, PORTION_BYTES = 20, 8 * 1024 * 1024
IDLE_SECONDS, POLL_SECONDS, SLICE = 9 * 60.0, 60.0, 1.0
"""IDLE is renewed before any server tires of it (RFC 2177: 29 minutes) and often enough to notice a dead line."""

_FAILURES = (imaplib.IMAP4.error, OSError, ssl.SSLError, ValueError, IndexError, KeyError, TypeError, AttributeError)
"""What the client dies of when a server breaks off or talks nonsense."""

_HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Server:
    """Where mail is read."""

    host: str
    port: int
    tls: bool

    @property
    def is_here(self) -> bool:
        """On this machine: nobody listens in between."""
        return self.host in _HERE


def server_of(url: str) -> Server:
    """Reads ``imaps://host[:port]`` or ``imap://host[:port]``; raises Refused for anything else."""
    try:
        parts = urlsplit(url)
        tls = parts.scheme == "imaps"
        if parts.scheme not in {"imap", "imaps"} or not parts.hostname:
            raise ValueError
        return Server(parts.hostname, parts.port or (993 if tls else 143), tls)
    except ValueError:
        raise Refused("the mail server to read from must be imaps://host or imap://host") from None


def places(settings: EmailSettings) -> tuple[str, ...]:
    """The folders of an account; none without a server."""
    if not settings.imap_url:
        return ()
    return tuple(dict.fromkeys(name.strip() for name in settings.imap_folders.split(",") if name.strip())) or ("INBOX",)


def watch(
    settings: EmailSettings, place: str, cursor: Cursor, keep: Callable[[Brought], None], stop: Callable[[], bool]
) -> None:
    """See `channels.port.Pulls`."""
    with signed_in(settings) as client:
        folder = Folder(client, place, _since(settings), cursor)
        while not stop():
            for portion in folder.news(stop):
                keep(portion)
            keep(Brought((), dict(folder.cursor)))
            if not stop():
                with _mending(server_of(settings.imap_url).host):
                    wait(client, stop)


def _since(settings: EmailSettings) -> date | None:
    """From which day on mail is taken that lies there at the first look; None takes all."""
    return settings.moment.date() - timedelta(days=max(settings.imap_days, 0)) if settings.moment else None


@contextlib.contextmanager
def _mending(host: str) -> Iterator[None]:
    """Whatever the client dies of is one error: try again later."""
    try:
        yield
    except _FAILURES as why:
        raise Retry(f"{host}: {_words(why)}") from why


@contextlib.contextmanager
def signed_in(settings: EmailSettings) -> Iterator[IMAPClient]:
    """A client of the server, signed in. Raises Retry, and Refused where it will not let us in."""
    server = server_of(settings.imap_url)
    with _mending(server.host):
        client = _Client(server, settings.dial, settings.timeout_seconds)
    try:
        with _mending(server.host):
            _sign_in(client, server, settings)
        yield client
    finally:
        with contextlib.suppress(*_FAILURES):
            client.logout()
        with contextlib.suppress(*_FAILURES):
            client.shutdown()


def _sign_in(client: IMAPClient, server: Server, settings: EmailSettings) -> None:
    if not server.tls and not server.is_here:
        client.starttls(ssl.create_default_context())
    try:
        if settings.access_token:
            client.oauth2_login(settings.imap_user, settings.access_token)
        else:
            client.login(settings.imap_user, settings.imap_password)
    except LoginError as why:
        raise Refused(f"{server.host}: the user name or password was not accepted: {_words(why)}") from None


def probe(settings: EmailSettings) -> str:
    """Signs in and looks into every folder; what it found. Raises Retry or Refused that says what is wrong."""
    server = server_of(settings.imap_url)
    found = []
    with signed_in(settings) as client:
        for place in places(settings):
            with _mending(server.host):
                try:
                    told = client.select_folder(place, readonly=True)
                except imaplib.IMAP4.error as why:
                    raise Refused(f"{server.host}: the folder {place} cannot be opened: {_words(why)}") from None
                found.append(f"{place}: {told.get(b'EXISTS', 0)}")
        idle = "IDLE" if client.has_capability("IDLE") else f"every {POLL_SECONDS:.0f} s"
    return f"{server.host}: {', '.join(found)}; {idle}"


class _Client(IMAPClient):  # type: ignore[misc]
    """The library's client over a connection that somebody else makes."""

    def __init__(self, server: Server, dial: Dial, seconds: float) -> None:
        self._dial, self._seconds, self._server = dial, seconds, server
        super().__init__(server.host, server.port, ssl=server.tls, timeout=seconds)
        self.normalise_times = False

    def _create_IMAP4(self) -> imaplib.IMAP4:
        dial, server, seconds = self._dial, self._server, self._seconds

        class Line(imaplib.IMAP4):
            def _create_socket(self, timeout: float | None = None) -> socket.socket:
                made = dial(server.host, server.port, seconds)
                made.settimeout(seconds)
                context = ssl.create_default_context()
                return context.wrap_socket(made, server_hostname=server.host) if server.tls else made

        return Line(server.host, server.port)


class Folder:
    """One folder as far as it was read. ``cursor`` holds ``uidvalidity`` and the last ``uid`` that was brought."""

    def __init__(self, client: IMAPClient, place: str, since: date | None, cursor: Cursor) -> None:
        self._client, self._place, self._since = client, place, since
        with _mending(place):
            try:
                told = client.select_folder(place, readonly=True)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as why:
                raise Refused(f"the folder {place} cannot be opened: {_words(why)}") from None
        validity = int(told.get(b"UIDVALIDITY", 0))
        known = bool(cursor) and cursor.get("uidvalidity") == validity
        self.cursor: dict[str, Any] = dict(cursor) if known else {"uidvalidity": validity, "uid": 0}

    def news(self, stop: Callable[[], bool]) -> Iterator[Brought]:
        """Portions of what came since the cursor, in the order in which it came; the cursor moves with each."""
        with _mending(self._place):
            uids = self._new_uids()
            sizes = self._sizes(uids)
        left = len(sizes)
        for portion in _portions(sizes):
            if stop():
                return
            with _mending(self._place):
                raws = self._fetched(portion, sizes)
            left -= len(portion)
            self.cursor |= {"uid": portion[-1]}
            yield Brought(raws, dict(self.cursor), left)

    def _new_uids(self) -> list[int]:
        last = int(self.cursor["uid"])
        if last:
            found = self._client.search(["UID", f"{last + 1}:*"])
            return sorted(uid for uid in found if uid > last)
        return sorted(self._client.search(["SINCE", self._since] if self._since else "ALL"))

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """In the order of the UIDs; what was taken away meanwhile is left out."""
        found: dict[int, int] = {}
        for at in range(0, len(uids), 500):
            told = self._client.fetch(uids[at : at + 500], ["RFC822.SIZE"])
            found |= {uid: int(told[uid].get(b"RFC822.SIZE", 0)) for uid in uids[at : at + 500] if uid in told}
        return found

    def _fetched(self, uids: Sequence[int], sizes: dict[int, int]) -> list[Raw]:
        cut = sizes[uids[0]] > LARGEST
        part = f"BODY.PEEK[]<0.{BEGINNING}>" if cut else "BODY.PEEK[]"
        told = self._client.fetch(uids, [part, "INTERNALDATE"])
        key = b"BODY[]<0>" if cut else b"BODY[]"
        return [self._raw(uid, told[uid], key, sizes[uid] if cut else 0) for uid in uids if uid in told]

    def _raw(self, uid: int, told: dict[bytes, Any], key: bytes, cut: int) -> Raw:
        envelope: dict[str, Any] = {"folder": self._place, "uid": uid, "uidvalidity": self.cursor["uidvalidity"]}
        if cut:
            envelope["cut"] = cut
        came = told.get(b"INTERNALDATE")
        aware = came.astimezone(UTC) if isinstance(came, datetime) and came.tzinfo else None
        return Raw(told.get(key) or b"", received_at=aware, envelope=envelope)


def _portions(sizes: dict[int, int]) -> Iterator[list[int]]:
    """Runs of mails that are few and small enough to be held at once; a huge one goes alone."""
    portion: list[int] = []
    held = 0
    for uid, size in sizes.items():
        full = len(portion) >= PORTION_MAILS or held + size > PORTION_BYTES
        if portion and full:
            yield portion
            portion, held = [], 0
        portion.append(uid)
        held += size
    if portion:
        yield portion


def wait(client: IMAPClient, stop: Callable[[], bool]) -> None:
    """Until the server speaks of something new, or it is time to look anyway."""
    if not client.has_capability("IDLE"):
        _pause(POLL_SECONDS, stop)
        client.noop()
        return
    client.idle()
    end = time.monotonic() + IDLE_SECONDS
    while not stop() and time.monotonic() < end:
        asked = time.monotonic()
        if client.idle_check(timeout=SLICE) or time.monotonic() - asked < SLICE / 2:
            break  # something was said, or the line is dead, which the end of IDLE will tell
    client.idle_done()


def _pause(seconds: float, stop: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not stop() and time.monotonic() < end:
        time.sleep(min(SLICE, seconds))


def _words(why: BaseException) -> str:
    text = why.args[0] if why.args else ""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(why)
    return f"{type(why).__name__}: {' '.join(said.split())}"[:300] if said else type(why).__name__
