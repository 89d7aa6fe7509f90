"""Lines to outgoing servers: used again, given up when dead, signed in by token, dialled by whoever may say where."""

import base64
import socket
import threading
from contextlib import suppress
from dataclasses import replace

import pytest

from channels.email import line
from channels.email.send import deliver
from channels.email.settings import EmailSettings
from channels.port import Retry, Unknown
from tests.channels.test_send import LETTER


class Peer:
    """A mail server that counts lines and mails, and hangs up where it is told to."""

    def __init__(self, *, hang_up_after: int = 10**9, at: str = "", token: str = "") -> None:
        self.hang_up_after, self.at, self.token = hang_up_after, at, token
        self.lines, self.mails, self.said = 0, 0, []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listener.getsockname()[1]}?starttls=none"
        self._threads = [threading.Thread(target=self._serve, daemon=True)]

    def __enter__(self) -> "Peer":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        line.hang_up()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.lines += 1
                self._threads.append(threading.Thread(target=self._talk, args=(client,), daemon=True))
                self._threads[-1].start()

    def _talk(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as reader, suppress(OSError):
            client.sendall(b"220 ready\r\n")
            here = 0
            while said := reader.readline().strip():
                verb = said.split(b" ")[0].split(b":")[0].upper().decode()
                self.said.append(said)
                if verb == self.at:
                    return
                if verb == "DATA":
                    client.sendall(b"354 go\r\n")
                    while reader.readline() != b".\r\n":
                        pass
                    if self.at == "END":
                        return
                    self.mails, here = self.mails + 1, here + 1
                    client.sendall(b"250 taken\r\n")
                    if here >= self.hang_up_after:
                        return
                elif verb == "AUTH":
                    right = base64.b64decode(said.split(b" ")[2]) == f"user=box\1auth=Bearer {self.token}\1\1".encode()
                    client.sendall(b"235 in\r\n" if right else b"535 5.7.8 no\r\n")
                elif verb == "EHLO":
                    client.sendall(b"250-peer\r\n250 AUTH XOAUTH2\r\n")
                else:
                    client.sendall(b"250 fine\r\n")


def send(peer: Peer, times: int = 1, **given: object) -> None:
    for _ in range(times):
        deliver(LETTER, EmailSettings(peer.url, **given))


def test_many_mails_go_over_one_line():
    with Peer() as peer:
        send(peer, 5)
        assert (peer.lines, peer.mails) == (1, 5)


def test_a_server_that_hung_up_meanwhile_is_called_again_and_no_mail_is_doubled():
    with Peer(hang_up_after=1) as peer:
        send(peer, 4)
        assert (peer.lines, peer.mails) == (4, 4)


def test_a_line_that_was_silent_for_long_is_not_trusted(monkeypatch):
    with Peer() as peer:
        send(peer)
        monkeypatch.setattr(line, "IDLE_SECONDS", 0.0)
        send(peer)
        assert (peer.lines, peer.mails) == (2, 2)


def test_another_server_gets_a_line_of_its_own():
    with Peer() as one, Peer() as other:
        send(one)
        send(other)
        assert (one.lines, other.lines) == (1, 1)


def test_a_line_that_breaks_off_before_the_end_is_tried_again_later():
    with Peer(at="RCPT") as peer, pytest.raises(Retry):
        send(peer)


def test_a_line_that_breaks_off_after_the_end_leaves_doubt_and_is_not_used_again():
    with Peer(at="END") as peer:
        for _ in range(2):
            with pytest.raises(Unknown):
                send(peer)
        assert peer.lines == 2


def test_a_token_signs_in_and_a_wrong_one_is_told_without_being_shown():
    with Peer(token="t0ken") as peer:
        url = peer.url.replace("//", "//box@").replace("starttls=none", "starttls=none")
        deliver(LETTER, EmailSettings(url, access_token="t0ken"))
        assert peer.mails == 1
        with pytest.raises(Retry, match="535") as why:
            deliver(LETTER, EmailSettings(url, access_token="stale"))
        assert "stale" not in str(why.value)


def test_where_we_may_connect_is_for_the_application_to_say():
    def refuse(host: str, port: int, seconds: float) -> socket.socket:
        raise OSError("a private network")

    with Peer() as peer:
        with pytest.raises(Retry, match="a private network"):
            deliver(LETTER, replace(EmailSettings(peer.url), dial=refuse))
        assert peer.lines == 0
