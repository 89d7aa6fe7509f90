"""Mailboxes that we read, from the server to the ticket: a real dovecot where there is one, else our own peer."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from sqlalchemy import select, update

from helpdesk import db as ground
from helpdesk import fetch
from helpdesk.db import db, table
from helpdesk.models.post import ChannelAccount, Mailbox
from helpdesk.services import accounts, mailboxes
from helpdesk.up import body
from tests.channels.imap_peer import Box, Peer
from tests.conftest import settings_for
from tests.journeys.dovecot import PASSWORD, USER, Dovecot, dovecot
from tests.journeys.post import a_mail, counted, office, processed


@pytest.fixture
def app(worker_name: str, redis_url: str, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    settings = replace(settings_for(database_url, redis_url, tmp_path), private_hosts=("127.0.0.1",))
    with office(f"mailboxes_{worker_name}", settings) as city:
        yield city


def reads_from(port: int, **given: object) -> None:
    """Lets the body's account read from that server."""
    rows = table(ChannelAccount)
    own = {"imap_url": f"imap://127.0.0.1:{port}", "imap_user": USER, "timeout_seconds": 5} | given
    db.session.execute(update(rows).values(settings=own, secrets=accounts.seal({"imap_password": PASSWORD})))
    ground.commit()


@contextmanager
def fetching(app: Flask) -> Iterator[None]:
    """The fetcher as its process runs it."""
    stop = threading.Event()

    def run() -> None:
        with app.app_context():
            fetch.Fetcher(app, stop).run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(15)
        assert not thread.is_alive()


def until(holds: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not holds():
        db.session.remove()
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.05)


def kept() -> int:
    return counted("select count(*) from inbound")


def the_mailbox():
    return db.session.execute(select(table(Mailbox))).one()


@pytest.fixture
def server() -> Iterator[Dovecot]:
    """In a folder with a short name, for its sockets' names are long."""
    with TemporaryDirectory(prefix="imap-") as home, dovecot(Path(home)) as running:
        yield running


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(fetch, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(fetch, "REFUSED_PAUSE", 0.3)


def test_mail_on_a_real_server_becomes_tickets_also_where_somebody_read_it_first(app, server):
    server.put(a_mail().as_bytes(), a_mail().as_bytes(), flags="(\\Seen)")
    reads_from(server.port)
    with fetching(app):
        until(lambda: kept() == 2)
        server.put(a_mail(subject="Αργότερα").as_bytes())
        until(lambda: kept() == 3)
    processed()
    assert counted("select count(*) from ticket where department_id is not null") == 3
    assert counted("select count(*) from outbound where template = 'received'") == 3
    with server.client() as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "UNSEEN")[1] == [b"3"]
    row = the_mailbox()
    assert (row.place, row.cursor["uid"], row.behind, row.error) == ("INBOX", 3, 0, None)
    assert row.succeeded_at is not None


def test_several_folders_of_a_real_server_are_read_each_by_its_own_cursor(app, server):
    with server.client() as client:
        client.create("Requests")
    server.put(a_mail().as_bytes(), folder="Requests")
    server.put(a_mail().as_bytes())
    reads_from(server.port, imap_folders="INBOX, Requests")
    with fetching(app):
        until(lambda: kept() == 2)
    assert counted("select count(*) from mailbox where (cursor->>'uid')::int = 1") == 2


def test_a_real_folder_that_is_numbered_anew_brings_nothing_twice(app, server):
    server.put(*(a_mail().as_bytes() for _ in range(3)))
    reads_from(server.port)
    with fetching(app):
        until(lambda: kept() == 3)
        before = the_mailbox().cursor["uidvalidity"]
    with server.client() as client:
        client.create("Kept")
        client.select("INBOX")
        client.copy("1:3", "Kept")
        client.store("1:3", "+FLAGS", "(\\Deleted)")
        client.expunge()
    (server.home / "mail" / "dovecot-uidlist").unlink()
    for index in (server.home / "mail").glob("dovecot.index*"):
        index.unlink()
    with server.client() as client:
        client.select("Kept")
        client.copy("1:3", "INBOX")
    server.put(a_mail().as_bytes())
    with fetching(app):
        until(lambda: kept() == 4 and the_mailbox().cursor["uid"] >= 4)
    assert the_mailbox().cursor["uidvalidity"] != before
    assert kept() == 4


def test_a_server_that_breaks_off_in_the_middle_is_asked_again_and_nothing_is_lost_or_doubled(app):
    box = Box({uid: a_mail().as_bytes() for uid in range(1, 6)})
    with Peer(box, break_after=50) as peer:
        reads_from(peer.port)
        with fetching(app):
            until(lambda: counted("select coalesce(max(failures), 0) from mailbox") >= 2)
            assert kept() == 0
            peer.break_after = None
            until(lambda: kept() == 5)
    assert (the_mailbox().failures, the_mailbox().error) == (0, None)


def test_a_wrong_password_is_told_and_the_right_one_is_taken_up(app):
    with Peer(Box({1: a_mail().as_bytes()})) as peer:
        reads_from(peer.port)
        rows = table(ChannelAccount)
        db.session.execute(update(rows).values(secrets=accounts.seal({"imap_password": "old"})))
        ground.commit()
        with fetching(app):
            until(lambda: "not accepted" in (counted_error() or ""))
            assert b"old" not in (counted_error() or "").encode()
            reads_from(peer.port)
            until(lambda: kept() == 1)


def counted_error() -> str | None:
    return db.session.execute(select(table(Mailbox).c.error)).scalar()


def test_two_fetchers_read_a_folder_once_at_a_time(app):
    with Peer(Box({1: a_mail().as_bytes()})) as peer:
        reads_from(peer.port)
        with fetching(app), fetching(app):
            until(lambda: kept() == 1)
            time.sleep(0.5)
            assert peer.lines == 1


def test_a_private_server_that_the_operator_did_not_list_is_not_connected_to(app, monkeypatch):
    with Peer(Box()) as peer:
        reads_from(peer.port)
        monkeypatch.setitem(app.config, "SETTINGS", type(app.config["SETTINGS"])(
            **vars(app.config["SETTINGS"]) | {"private_hosts": ()}
        ))  # fmt: skip
        with fetching(app):
            until(lambda: "PRIVATE_HOSTS" in (counted_error() or ""))
        assert peer.lines == 0


def test_what_was_brought_and_its_cursor_are_kept_together_or_not_at_all(app):
    with Peer(Box({1: a_mail().as_bytes()})) as peer:
        reads_from(peer.port)
        db.session.execute(ground.text("alter table mailbox add constraint none_yet check (cursor = '{}')"))
        ground.commit()
        with fetching(app):
            until(lambda: peer.lines >= 2)
        assert kept() == 0
        db.session.execute(ground.text("alter table mailbox drop constraint none_yet"))
        ground.commit()
        with fetching(app):
            until(lambda: kept() == 1)


def test_an_account_without_a_server_has_nothing_to_be_read(app):
    url = app.config["SETTINGS"].database_url
    assert mailboxes.places() == []
    assert body.reads_mailboxes(url) is False
    reads_from(1)
    assert body.reads_mailboxes(url) is True
    assert body.reads_mailboxes("postgresql://nobody@127.0.0.1:1/none") is False
