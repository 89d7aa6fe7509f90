"""Lines to outgoing mail servers: opened with TLS and a sign-in, and kept for the next mail of the same minute."""

import contextlib
import os
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from channels.email.settings import EmailSettings
from channels.port import Dial, Refused, Retry

IDLE_SECONDS, MOST_MAILS = 20.0, 100
"""A line is given up after so long a silence or so many mails, before its server does so."""

_LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Route:
    """Where mail goes out. ``starttls`` is required, optional or none."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    starttls: str
    token: str = field(default="", repr=False)


def route(url: str, token: str = "") -> Route:
    """Reads the URL of a mail server; raises Refused for what is none. A token stands for the password."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise Refused("the outgoing mail server is not set: smtp://…, smtps://… or file:///folder")
    try:
        port = parts.port or (465 if parts.scheme == "smtps" else 587 if parts.username else 25)
    except ValueError:
        raise Refused("the outgoing mail server's port is no number") from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    fallback = "required" if user and parts.hostname not in _LOCAL else "optional"
    wanted = parse_qs(parts.query).get("starttls", [fallback])[0].lower()
    aliases = {"true": "required", "1": "required", "yes": "required", "false": "none", "0": "none", "no": "none"}
    by_token = token if user and not password else ""
    return Route(parts.scheme, parts.hostname, port, user, password, aliases.get(wanted, wanted), by_token)


@dataclass
class Line:
    """An open line; ``reused``: mails went over it before. One that broke is not kept."""

    server: smtplib.SMTP
    mails: int = 0
    used_at: float = 0.0
    broken: bool = False

    @property
    def reused(self) -> bool:
        """Whether its server may have hung up meanwhile."""
        return self.mails > 0

    def close(self) -> None:
        """Takes leave."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.server.quit()
        self.server.close()


_kept: dict[tuple[int, Route], Line] = {}
_lock = threading.Lock()


@contextlib.contextmanager
def connected(to: Route, settings: EmailSettings, *, fresh: bool = False) -> Iterator[Line]:
    """A line that is ready for a mail; whatever fails before that is tried again later."""
    line = None if fresh else _taken(to)
    if line is None:
        line = Line(_opened(to, settings))
    try:
        yield line
    except BaseException:
        line.broken = line.broken or not _still_there(line)
        raise
    finally:
        _put_back(to, line)


def _taken(to: Route) -> Line | None:
    with _lock:
        line = _kept.pop((os.getpid(), to), None)
    if line is None:
        return None
    if time.monotonic() - line.used_at < IDLE_SECONDS and line.mails < MOST_MAILS and _still_there(line):
        return line
    line.close()
    return None


def _still_there(line: Line) -> bool:
    try:
        return line.server.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _put_back(to: Route, line: Line) -> None:
    line.mails += 1
    line.used_at = time.monotonic()
    with _lock:
        other = _kept.get((os.getpid(), to))
        if not line.broken and other is None:
            _kept[os.getpid(), to] = line
            return
    line.close()


def hang_up() -> None:
    """Ends every line that is kept."""
    with _lock:
        ours = [_kept.pop(key) for key in list(_kept) if key[0] == os.getpid()]
    for line in ours:
        line.close()


def _opened(to: Route, settings: EmailSettings) -> smtplib.SMTP:
    try:
        return _greeted(to, settings.dial, settings.timeout_seconds)
    except smtplib.SMTPResponseException as why:
        raise Retry(f"{to.host}: {words(why.smtp_code, why.smtp_error)}") from None
    except (OSError, smtplib.SMTPException) as why:
        raise Retry(f"{to.host}: {type(why).__name__}: {why}") from None


class _Plain(smtplib.SMTP):
    """The library's client over a connection that somebody else makes."""

    dial: Dial

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.dial(host, port, timeout)


class _Secure(smtplib.SMTP_SSL):
    dial: Dial

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        return self.context.wrap_socket(self.dial(host, port, timeout), server_hostname=host)


def _greeted(to: Route, dial: Dial, patience: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    secure = to.scheme == "smtps"
    server: Any = _Secure(timeout=patience, context=context) if secure else _Plain(timeout=patience)
    server.dial = dial
    try:
        server._host = to.host  # what the certificate must bear; connect() leaves it to the constructor
        code, said = server.connect(to.host, to.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        server.ehlo_or_helo_if_needed()
        if not secure and to.starttls != "none" and (to.starttls == "required" or server.has_extn("starttls")):
            server.starttls(context=context)
            server.ehlo()
        _sign_in(server, to)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server  # type: ignore[no-any-return]


def _sign_in(server: smtplib.SMTP, to: Route) -> None:
    if to.token:
        server.user = to.user
        said = f"user={to.user}\1auth=Bearer {to.token}\1\1"
        server.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
    elif to.user:
        server.login(to.user, to.password)


def words(code: int, said: bytes | str) -> str:
    """An answer of a server in one line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:500]
