"""Reading by IMAP: against a peer of our own that breaks off, renumbers, and tells half."""

import threading
from contextlib import contextmanager

import pytest

from channels.email import mailbox
from channels.email.settings import EmailSettings
from channels.port import Brought, Refused, Retry
from tests.channels.imap_peer import Box, Peer


def a_mail(number: int, size: int = 0) -> bytes:
    return f"From: anna@example.org\r\nMessage-ID: <m{number}@x>\r\n\r\nΚαλημέρα\r\n".encode() + b"." * size


def settings(peer: Peer, **given) -> EmailSettings:
    told = {"imap_url": f"imap://127.0.0.1:{peer.port}", "imap_user": "box", "imap_password": "secret"}
    return EmailSettings(**told | {"timeout_seconds": 5} | given)


class Reader:
    """Keeps what is brought, and stops when so much came."""

    def __init__(self, enough: int = 10_000) -> None:
        self.brought: list[Brought] = []
        self.enough = enough
        self.looked = threading.Event()

    @property
    def uids(self) -> list[int]:
        return [raw.envelope["uid"] for one in self.brought for raw in one.raws]

    @property
    def cursor(self) -> dict:
        return dict(self.brought[-1].cursor)

    def keep(self, brought: Brought) -> None:
        self.brought.append(brought)
        if not brought.raws:
            self.looked.set()

    def stop(self) -> bool:
        return self.looked.is_set() and len(self.uids) >= self.enough

    def read(self, peer: Peer, cursor=None, **given) -> "Reader":
        mailbox.watch(settings(peer, **given), "INBOX", cursor or {}, self.keep, self.stop)
        return self


@contextmanager
def reading(peer: Peer, reader: Reader, **given):
    thread = threading.Thread(target=reader.read, args=(peer,), kwargs=given, daemon=True)
    thread.start()
    yield
    thread.join(10)
    assert not thread.is_alive()


def test_everything_that_lies_there_is_brought_in_order_and_byte_for_byte():
    box = Box({uid: a_mail(uid) for uid in range(3, 60)})
    with Peer(box) as peer:
        reader = Reader(57).read(peer)
    assert reader.uids == list(range(3, 60))
    assert [raw.body for one in reader.brought for raw in one.raws] == list(box.mails.values())
    assert reader.cursor == {"uidvalidity": 7, "uid": 59}
    assert reader.brought[0].behind == 57 - mailbox.PORTION_MAILS
    assert reader.brought[0].raws[0].received_at.isoformat() == "2026-11-24T10:00:00+00:00"


def test_nothing_is_ever_marked_as_read():
    with Peer(Box({1: a_mail(1)})) as peer:
        Reader(1).read(peer)
        told = b" ".join(peer.said)
    assert b"EXAMINE" in told
    assert b"BODY.PEEK[]" in told
    assert not any(word in told.upper() for word in (b"STORE", b"SELECT", b"UNSEEN", b"EXPUNGE"))


def test_only_what_came_after_the_cursor_is_brought_though_the_server_always_names_the_last():
    box = Box({1: a_mail(1), 2: a_mail(2)})
    with Peer(box) as peer:
        assert Reader(0).read(peer, {"uidvalidity": 7, "uid": 2}).uids == []
        box.mails[9] = a_mail(9)
        assert Reader(1).read(peer, {"uidvalidity": 7, "uid": 2}).uids == [9]


def test_a_folder_that_was_numbered_anew_is_read_anew():
    with Peer(Box({1: a_mail(1), 2: a_mail(2)}, validity=8)) as peer:
        reader = Reader(2).read(peer, {"uidvalidity": 7, "uid": 900})
    assert reader.uids == [1, 2]
    assert reader.cursor == {"uidvalidity": 8, "uid": 2}


def test_what_comes_while_we_idle_is_brought_at_once():
    box = Box({1: a_mail(1)})
    reader = Reader(2)
    with Peer(box) as peer, reading(peer, reader):
        assert reader.looked.wait(5)
        box.mails[2] = a_mail(2)
        peer.changed.set()
    assert reader.uids == [1, 2]
    assert peer.lines == 1


def test_without_idle_the_folder_is_looked_at_again(monkeypatch):
    monkeypatch.setattr(mailbox, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(mailbox, "SLICE", 0.05)
    box = Box({1: a_mail(1)})
    reader = Reader(2)
    with Peer(box, idle=False) as peer, reading(peer, reader):
        assert reader.looked.wait(5)
        box.mails[2] = a_mail(2)
    assert reader.uids == [1, 2]
    assert b"IDLE" not in b" ".join(peer.said)


def test_half_a_message_is_none_and_the_cursor_stays_before_it():
    with Peer(Box({1: a_mail(1, 4000)}), break_after=100) as peer:
        reader = Reader()
        with pytest.raises(Retry):
            reader.read(peer)
    assert reader.brought == []


def test_a_line_that_dies_while_we_idle_is_noticed():
    reader = Reader()
    with Peer(Box({1: a_mail(1)})) as peer:
        failed: list[Exception] = []

        def read() -> None:
            try:
                reader.read(peer)
            except Retry as why:
                failed.append(why)

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        assert reader.looked.wait(5)
        peer.hang_up()
        thread.join(10)
        assert failed


def test_what_cannot_be_kept_is_not_passed_over():
    class Full(Exception):
        pass

    def keep(_: Brought) -> None:
        raise Full

    with Peer(Box({uid: a_mail(uid) for uid in range(1, 50)})) as peer:
        with pytest.raises(Full):
            mailbox.watch(settings(peer), "INBOX", {}, keep, lambda: False)
        fetched = [said for said in peer.said if b"BODY.PEEK" in said]
    assert len(fetched) == 1


def test_of_a_huge_mail_the_beginning_is_brought_and_its_size_told():
    huge = mailbox.LARGEST + 1
    box = Box({1: a_mail(1, mailbox.BEGINNING + 100), 2: a_mail(2)}, sizes={1: huge})
    with Peer(box) as peer:
        reader = Reader(2).read(peer)
    first, second = [raw for one in reader.brought for raw in one.raws]
    assert (len(first.body), first.envelope["cut"]) == (mailbox.BEGINNING, huge)
    assert second.body == box.mails[2]


def test_a_token_lets_in_and_a_wrong_one_is_refused_for_good():
    with Peer(Box(), token="t0ken") as peer:
        Reader(0).read(peer, access_token="t0ken")
        with pytest.raises(Refused):
            Reader(0).read(peer, access_token="stale")
        assert b"AUTHENTICATE XOAUTH2" in b" ".join(peer.said)


def test_the_test_button_says_what_is_wrong():
    with Peer(Box({1: a_mail(1)})) as peer:
        assert mailbox.probe(settings(peer)) == "127.0.0.1: INBOX: 1; IDLE"
        with pytest.raises(Refused, match="password was not accepted"):
            mailbox.probe(settings(peer, imap_password="wrong"))
        with pytest.raises(Refused, match="folder Αρχείο cannot be opened"):
            mailbox.probe(settings(peer, imap_folders="Αρχείο"))
    with pytest.raises(Retry, match="ConnectionRefusedError"):
        mailbox.probe(settings(peer))


@pytest.mark.parametrize("url", ["", "http://x", "imap://", "imaps://host:port", "imap.example.org"])
def test_what_is_no_server_is_refused(url):
    with pytest.raises(Refused):
        mailbox.server_of(url)


def test_folders_are_named_by_commas():
    assert mailbox.places(EmailSettings()) == ()
    assert mailbox.places(EmailSettings(imap_url="imaps://x", imap_folders="INBOX, Αιτήματα,,INBOX")) == (
        "INBOX", "Αιτήματα",
    )  # fmt: skip
