"""The mail receiver: takes SMTP or LMTP for our addresses, keeps each message durably, and only then says 250."""

import logging
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from flask import Flask, current_app

from channels.email.receiver import Receiver
from channels.port import Raw
from helpdesk import clock
from helpdesk.config import Settings
from helpdesk.db import db
from helpdesk.services import accounts, inbox
from helpdesk.services.accounts import Account, AddressBook
from helpdesk.services.inbox import Incoming
from helpdesk.vocabulary import ChannelKind

FRESH = 5.0
"""Seconds for which the list of our addresses is believed."""

log = logging.getLogger(__name__)


class Door:
    """What the receiver asks the application: whose mail we take, and to keep it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._book: AddressBook | None = None
        self._read_at = 0.0
        self._lock = threading.Lock()

    def accepts(self, recipient: str) -> bool:
        """Whether that is an address of ours, with or without the mark of a ticket."""
        return self._addresses().receiving(ChannelKind.EMAIL, [recipient]) is not None

    def keep(self, raws: Sequence[Raw]) -> None:
        """Makes them durable; whatever is raised means that none is, and the sender must try again."""
        book = self._addresses()
        with self._app.app_context():
            try:
                inbox.keep([_incoming(raw, _account(raw, book)) for raw in raws])
            finally:
                db.session.remove()

    def _addresses(self) -> AddressBook:
        with self._lock:
            if self._book is None or time.monotonic() - self._read_at > FRESH:
                self._book, self._read_at = self._read(), time.monotonic()
            return self._book

    def _read(self) -> AddressBook:
        with self._app.app_context():
            try:
                return accounts.book()
            finally:
                db.session.remove()


def _account(raw: Raw, book: AddressBook) -> Account:
    """The first of our addresses that the envelope names: one mail to two departments is one request."""
    account = book.receiving(ChannelKind.EMAIL, raw.envelope.get("recipients", ())) or book.default(ChannelKind.EMAIL)
    if account is None:
        raise LookupError("none of our addresses takes mail")
    return account


def _incoming(raw: Raw, account: Account) -> Incoming:
    if raw.file is not None:
        return inbox.filed(account.kind, account.id, raw.file, clock.now(), raw.envelope)
    name = raw.external_id or inbox.fingerprint(raw.body)
    return Incoming(account.kind, account.id, name, raw.body, raw.received_at or clock.now(), raw.envelope)


def serve() -> None:
    """Runs until SIGTERM or Ctrl-C; what was accepted by then is durable."""
    settings: Settings = current_app.config["SETTINGS"]
    door = Door(current_app._get_current_object())  # type: ignore[attr-defined]
    stop = _stop_on_signal()
    receiver = Receiver(
        accepts=door.accepts,
        keep=door.keep,
        host=settings.receive_host,
        port=settings.receive_port,
        certificate=settings.receive_certificate,
        lmtp=settings.receive_protocol == "lmtp",
        spool=_emptied(Path(settings.data_dir) / "spool"),
    )
    receiver.start()
    log.info("receiving mail", extra={"host": settings.receive_host, "port": settings.receive_port})
    stop.wait()
    receiver.stop()


def _emptied(folder: Path) -> Path:
    """Where large mails lie while they come in; what a killed receiver left there was never acknowledged."""
    for left in folder.glob("mail-*"):
        left.unlink(missing_ok=True)
    return folder


def _stop_on_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
