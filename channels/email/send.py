"""Sends a mail: by SMTP, or into a folder where outgoing mail lands as files."""

import os
import secrets
import smtplib
import time
from email.generator import BytesGenerator
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from channels.email.compose import compose
from channels.email.line import Line, connected, route, words
from channels.email.settings import EmailSettings
from channels.message import OutboundMessage, Receipt
from channels.port import ChannelError, Refused, Retry, Unknown


def deliver(message: OutboundMessage, settings: EmailSettings) -> Receipt:
    """Sends one mail; raises Retry, Refused, or Unknown where it broke off after the last byte."""
    mail = compose(message)
    if settings.smtp_url.startswith("file:"):
        return _drop(mail, Path(unquote(urlsplit(settings.smtp_url).path)))
    to = route(settings.smtp_url, settings.access_token)
    try:
        with connected(to, settings) as line:
            reused = line.reused
            return _hand_over(line, mail, message)
    except Stale:
        if not reused:
            raise
    with connected(to, settings, fresh=True) as line:
        return _hand_over(line, mail, message)


class Stale(Retry):
    """The line broke off before anything was handed over: over a fresh one it may go at once."""


def probe(settings: EmailSettings) -> str:
    """Connects and signs in without sending anything; what the server said. Raises Retry or Refused."""
    if settings.smtp_url.startswith("file:"):
        folder = Path(unquote(urlsplit(settings.smtp_url).path))
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Retry(f"{folder}: cannot be written")
        return str(folder)
    to = route(settings.smtp_url, settings.access_token)
    with connected(to, settings, fresh=True) as line:
        try:
            return f"{to.host}: {words(*line.server.noop())}"
        except (OSError, smtplib.SMTPException) as why:
            raise Retry(f"{to.host}: {type(why).__name__}: {why}") from None


def _hand_over(line: Line, mail: EmailMessage, message: OutboundMessage) -> Receipt:
    server, raw = line.server, _bytes(mail)
    try:
        refused = _envelope(server, message, raw)
        code, said = server.docmd("DATA")
        if code != 354:
            raise _verdict(code, said)
        server.send(_stuffed(raw))
    except (OSError, smtplib.SMTPException) as why:
        line.broken = True
        raise Stale(f"broke off before the end: {type(why).__name__}: {why}") from None
    try:
        server.send(b".\r\n")
        code, said = server.getreply()
    except (OSError, smtplib.SMTPException) as why:
        line.broken = True
        raise Unknown(f"broke off after the end: {type(why).__name__}: {why}") from None
    if code != 250:
        raise _verdict(code, said)
    return Receipt(words(code, said), refused)


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
    return {address: words(*answer) for address, answer in refused.items()}


def return_path(message: OutboundMessage) -> str:
    """Where notices go: to the address that tells which ticket it was, where that is one of the sender's own domain."""
    signed, own = message.reply_to, message.sender.address
    return signed if signed and signed.rpartition("@")[2].lower() == own.rpartition("@")[2].lower() else own


def _verdict(code: int, said: bytes | str) -> ChannelError:
    """5xx is for ever, everything else for now."""
    return Refused(words(code, said)) if 500 <= code < 600 else Retry(words(code, said))


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
