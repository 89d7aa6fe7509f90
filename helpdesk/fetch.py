"""The mail fetcher: a thread for each folder brings what is new, waits for more, and comes back when thrown out."""

import logging
import threading
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from channels import registry
from channels.port import Brought, ChannelError, Pulls, Refused
from helpdesk.db import db
from helpdesk.services import mailboxes
from helpdesk.services.equipment import settings_of
from helpdesk.services.mailboxes import Place

LOOK_SECONDS = 10.0
"""How often the list of folders is read anew."""

FIRST_PAUSE, LONGEST_PAUSE, REFUSED_PAUSE = 1.0, 300.0, 120.0
"""Seconds before the next try: doubled while it fails; long where we are not let in, which a person must mend."""

log = logging.getLogger(__name__)


@dataclass
class _Reader:
    """The thread of one folder."""

    place: Place
    stop: threading.Event
    thread: threading.Thread


class Fetcher:
    """Keeps a thread running for every folder there is, until `stop` is set."""

    def __init__(self, app: Flask, stop: threading.Event) -> None:
        self._app, self._stop = app, stop
        self._readers: dict[str, _Reader] = {}

    def run(self) -> None:
        """Until told to stop; what was brought by then is durable."""
        while not self._stop.is_set():
            self._look()
            self._stop.wait(LOOK_SECONDS)
        for reader in self._readers.values():
            reader.stop.set()
        for reader in self._readers.values():
            reader.thread.join(5)

    def _look(self) -> None:
        try:
            wanted = {place.mark: place for place in mailboxes.places()}
        except SQLAlchemyError as why:
            log.warning("the list of mailboxes cannot be read", extra={"why": type(why).__name__})
            return
        finally:
            db.session.remove()
        for mark in self._readers.keys() - wanted.keys():
            self._readers.pop(mark).stop.set()
        for mark in wanted.keys() - self._readers.keys():
            self._readers[mark] = self._started(wanted[mark])

    def _started(self, place: Place) -> _Reader:
        stop = threading.Event()
        name = f"mailbox-{place.account.id}-{place.name}"
        thread = threading.Thread(target=self._read, args=(place, stop), name=name, daemon=True)
        thread.start()
        return _Reader(place, stop, thread)

    def _read(self, place: Place, stop: threading.Event) -> None:
        pause = FIRST_PAUSE
        with self._app.app_context():
            while not stop.is_set():
                brought = _turn(place, stop)
                pause = FIRST_PAUSE if brought else min(pause * 2, LONGEST_PAUSE)
                stop.wait(REFUSED_PAUSE if brought is None else pause)


def _turn(place: Place, stop: threading.Event) -> bool | None:
    """One connection from its beginning to its end; whether it ever worked, None where we are not let in."""
    worked = threading.Event()

    def keep(brought: Brought) -> None:
        try:
            mailboxes.keep(place.account, place.name, brought)
        finally:
            db.session.remove()
        worked.set()

    try:
        _watch(place, keep, stop)
    except Refused as why:
        _failed(place, str(why))
        return None
    except (ChannelError, SQLAlchemyError) as why:
        _failed(place, str(why) if isinstance(why, ChannelError) else type(why).__name__)
    return worked.is_set()


def _watch(place: Place, keep: mailboxes.Keeping, stop: threading.Event) -> None:
    channel = registry.get(place.account.kind)
    assert isinstance(channel, Pulls)
    with mailboxes.alone(place) as ours:
        if not ours:
            return
        settings = settings_of(channel, place.account)
        cursor = mailboxes.cursor_of(place.account.id, place.name)
        db.session.remove()
        channel.watch(settings, place.name, cursor, keep, stop.is_set)


def _failed(place: Place, why: str) -> None:
    log.warning("mailbox not read", extra={"account": place.account.id, "why": why[:200]})
    try:
        mailboxes.failed(place.account.id, place.name, why)
    except SQLAlchemyError:
        log.warning("and the database cannot be told", extra={"account": place.account.id})
    finally:
        db.session.remove()


def serve(stop: threading.Event) -> None:
    """Runs until told to stop."""
    Fetcher(current_app._get_current_object(), stop).run()  # type: ignore[attr-defined]
