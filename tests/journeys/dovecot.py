"""A real IMAP server, where Debian's dovecot-imapd is installed: one mailbox on loopback."""

import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

USER, PASSWORD = "box@city.example", "secret"
CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{home}/mail
mailbox_list_index = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""


def why_not() -> str:
    """Why there is none here; empty where there is."""
    if shutil.which("dovecot") is None:
        return "dovecot-imapd is not installed"
    if os.geteuid() != 0:
        return "dovecot needs root to serve a mailbox of another user"
    return ""


class Dovecot:
    """The running server; ``client`` is somebody else who reads and writes the same mailbox."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """Another client, signed in."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as client:
            client.login(USER, PASSWORD)
            yield client

    def put(self, *mails: bytes, folder: str = "INBOX", flags: str = "") -> None:
        """Lays mails into a folder."""
        with self.client() as client:
            for mail in mails:
                client.append(folder, flags, None, mail)


@contextmanager
def dovecot(home: Path) -> Iterator[Dovecot]:
    """Starts it in a folder of its own; skips the test where there is none."""
    if reason := why_not():
        pytest.skip(reason)
    server = Dovecot(home, _free_port())
    _lay_out(server)
    configuration = home / "dovecot.conf"
    configuration.write_text(CONFIGURATION.format(home=home, port=server.port, password=PASSWORD))
    process = subprocess.Popen(["dovecot", "-F", "-c", str(configuration)])
    try:
        _until_it_answers(server)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _lay_out(server: Dovecot) -> None:
    """Folders that the server's own users may enter: tests' folders are closed to them."""
    temporary = Path(tempfile.gettempdir()).resolve()
    for folder in [server.home, *server.home.parents]:
        if folder == temporary or folder == folder.parent:
            break
        with suppress(PermissionError):
            folder.chmod(folder.stat().st_mode | 0o011)
    nobody = pwd.getpwnam("nobody")
    for name in ("mail", "home"):
        (server.home / name).mkdir()
        os.chown(server.home / name, nobody.pw_uid, nobody.pw_gid)


def _until_it_answers(server: Dovecot) -> None:
    end = time.monotonic() + 15
    while True:
        with suppress(OSError, imaplib.IMAP4.error), server.client():
            return
        assert time.monotonic() < end, (server.home / "log").read_text()
        time.sleep(0.1)
