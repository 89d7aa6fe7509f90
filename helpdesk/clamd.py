"""Asks a virus scanner that speaks clamd's protocol (INSTREAM) about bytes."""

import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

PIECE = 64 * 1024
SECONDS = 60.0


class NotAsked(Exception):
    """The scanner is not there or did not finish; the text says why."""


@dataclass(frozen=True)
class Verdict:
    """What it said: ``clean``, ``infected`` with the name of what it ``found``, or ``unchecked`` with why."""

    said: str
    found: str = ""


def scan(where: str, data: bytes) -> Verdict:
    """Sends the bytes to ``host:port`` or a socket's path. Raises NotAsked where nobody answers."""
    try:
        with _connected(where) as line:
            answer = _asked(line, data)
    except (OSError, ValueError) as why:
        raise NotAsked(f"{type(why).__name__}: {why}") from None
    return _read(answer)


def _connected(where: str) -> socket.socket:
    if where.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        try:
            line.connect(where)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = where.rpartition(":")
    return socket.create_connection((host.strip("[]") or "127.0.0.1", int(port)), SECONDS)


def _asked(line: socket.socket, data: bytes) -> bytes:
    """A scanner that has enough of it answers before the end; what it says then counts."""
    with suppress(BrokenPipeError, ConnectionResetError):
        line.sendall(b"zINSTREAM\0")
        for piece in _pieces(data):
            line.sendall(struct.pack("!I", len(piece)) + piece)
        line.sendall(struct.pack("!I", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4_096:
        more = line.recv(4_096)
        if not more:
            break
        answer += more
    if not answer:
        raise OSError("the scanner broke off")
    return answer


def _pieces(data: bytes) -> Iterable[bytes]:
    return (data[at : at + PIECE] for at in range(0, len(data), PIECE))


def _read(answer: bytes) -> Verdict:
    said = answer.rstrip(b"\0\n").decode("utf-8", "replace").removeprefix("stream: ")
    if said == "OK":
        return Verdict("clean")
    if said.endswith(" FOUND"):
        return Verdict("infected", said.removesuffix(" FOUND")[:200])
    if "size limit" in said.lower():
        return Verdict("unchecked", said[:200])
    raise NotAsked(said[:200])
