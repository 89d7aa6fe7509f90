"""Sends a mail: by SMTP, or into a folder where outgoing mail lands as files."""

import contextlib
import os
import secrets
import smtplib
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from channels.email.compose import compose
from channels.email.settings import EmailSettings
from channels.message import OutboundMessage, Receipt
from channels.port import ChannelError, Refused, Retry, Unknown

_LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Route:
    """Where mail goes out. ``starttls`` is required, optional or none."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    starttls: str


def deliver(message: OutboundMessage, settings: EmailSettings) -> Receipt:
    """Sends one mail; raises Retry, Refused, or Unknown where it broke off after the last byte."""
    mail = compose(message)
    if settings.smtp_url.startswith("file:"):
        return _drop(mail, Path(unquote(urlsplit(settings.smtp_url).path)))
    with _connected(route(settings.smtp_url), settings.timeout_seconds) as server:
        return _hand_over(server, mail, message)


def probe(settings: EmailSettings) -> str:
    """Connects and signs in without sending anything; what the server said. Raises Retry or Refused."""
    if settings.smtp_url.startswith("file:"):
        folder = Path(unquote(urlsplit(settings.smtp_url).path))
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Retry(f"{folder}: cannot be written")
        return str(folder)
    to = route(settings.smtp_url)
    with _connected(to, settings.timeout_seconds) as server:
        try:
            return f"{to.host}: {_words(*server.noop())}"
        except (OSError, smtplib.SMTPException) as why:
            raise Retry(f"{to.host}: {type(why).__name__}: {why}") from None


def route(url: str) -> Route:
    """Reads the URL of a mail server; raises Refused for what is none."""
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
    return Route(parts.scheme, parts.hostname, port, user, password, aliases.get(wanted, wanted))


@contextlib.contextmanager
def _connected(to: Route, patience: float) -> Iterator[smtplib.SMTP]:
    """A server that is ready for a mail; whatever fails before that is tried again later."""
    try:
        server = _greeted(to, patience)
    except smtplib.SMTPResponseException as why:
        raise Retry(f"{to.host}: {_words(why.smtp_code, why.smtp_error)}") from None
    except (OSError, smtplib.SMTPException) as why:
        raise Retry(f"{to.host}: {type(why).__name__}: {why}") from None
    try:
        yield server
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _greeted(to: Route, patience: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if to.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=patience, context=context)
    else:
        server = smtplib.SMTP(to.host, to.port, timeout=patience)
    try:
        server.ehlo_or_helo_if_needed()
        if to.scheme == "smtp" and to.starttls != "none" and (to.starttls == "required" or server.has_extn("starttls")):
            server.starttls(context=context)
            server.ehlo()
        if to.user:
            server.login(to.user, to.password)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _hand_over(server: smtplib.SMTP, mail: EmailMessage, message: OutboundMessage) -> Receipt:
    raw = _bytes(mail)
    try:
        refused = _envelope(server, message, raw)
        code, said = server.docmd("DATA")
        if code != 354:
            raise _verdict(code, said)
        server.send(_stuffed(raw))
    except (OSError, smtplib.SMTPException) as why:
        raise Retry(f"broke off before the end: {type(why).__name__}: {why}") from None
    try:
        server.send(b".\r\n")
        code, said = server.getreply()
    except (OSError, smtplib.SMTPException) as why:
        raise Unknown(f"broke off after the end: {type(why).__name__}: {why}") from None
    if code != 250:
        raise _verdict(code, said)
    return Receipt(_words(code, said), refused)


def _envelope(server: smtplib.SMTP, message: OutboundMessage, raw: bytes) -> dict[str, str]:
    """Names sender and recipients; who was refused, where at least one was taken."""
    recipients = [message.to.address, *(party.address for party in message.cc)]
    options = [f"SIZE={len(raw)}"] if server.has_extn("size") else []
    if not all(address.isascii() for address in (*recipients, return_path(message))):
        if not server.has_extn("smtputf8"):
            raise Refused("the outgoing mail server takes no addresses beyond ASCII")
        server.command_encoding = "utf-8"
        options += ["SMTPUTF8", "BODY=8BITMIME"]
    code, said = server.mail(return_path(message), options)
    if code != 250:
        raise _verdict(code, said)
    answers = {address: server.rcpt(address) for address in dict.fromkeys(recipients)}
    refused = {address: answer for address, answer in answers.items() if answer[0] not in {250, 251}}
    if len(refused) == len(answers):
        raise _verdict(*max(refused.values(), key=lambda answer: answer[0] < 500))
    return {address: _words(*answer) for address, answer in refused.items()}


def return_path(message: OutboundMessage) -> str:
    """Where notices go: to the address that tells which ticket it was, where that is one of the sender's own domain."""
    signed, own = message.reply_to, message.sender.address
    return signed if signed and signed.rpartition("@")[2].lower() == own.rpartition("@")[2].lower() else own


def _verdict(code: int, said: bytes | str) -> ChannelError:
    """5xx is for ever, everything else for now."""
    return Refused(_words(code, said)) if 500 <= code < 600 else Retry(_words(code, said))


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"[:500]


def _bytes(mail: EmailMessage) -> bytes:
    out = BytesIO()
    BytesGenerator(out, policy=mail.policy).flatten(mail)
    return out.getvalue()


def _stuffed(raw: bytes) -> bytes:
    """With CRLF everywhere, dots doubled at line beginnings, and a line end at the end."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def _drop(mail: EmailMessage, folder: Path) -> Receipt:
    """Writes the mail as a file that appears whole or not at all, and stays after a power cut."""
    name = f"{time.time_ns()}-{secrets.token_hex(4)}.eml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{name}.part"
        with draft.open("wb") as file:
            file.write(_bytes(mail))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)
        _sync(folder)
    except OSError as why:
        raise Retry(f"{folder}: {why.strerror}") from None
    return Receipt(name)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
