"""Open conversations: two thousand streams of two workers on this machine, and how soon each has what was said."""

import json
import selectors
import socket
import statistics
import subprocess
import threading
import time
from contextlib import ExitStack
from random import Random
from typing import Any

from benchmarks import body
from benchmarks.chatting import Cast, cast, keep_sending
from benchmarks.ground import Place, place, running

STREAMS, LINES, APART = 2_000, 300, 0.05
"""Open streams; lines said to random ones of them, so many seconds apart."""

BUDGET = 0.5
"""Seconds in which 95 of 100 lines must be there."""


def run(sizes: tuple[int, ...] = (STREAMS,)) -> list[dict[str, Any]]:
    """One row a size: time to connect, delivery p50 and p95, memory of the web's processes."""
    return [_measured(size) for size in sizes]


def _measured(count: int) -> dict[str, Any]:
    with place() as at, ExitStack() as parts:
        body.make(at.environment)
        actors = cast(at, count)
        parts.enter_context(running(at, "web"))
        begun = time.monotonic()
        streams = Streams(at.port, actors)
        parts.callback(streams.end)
        streams.connect()
        connected = time.monotonic() - begun
        took = _say_all(at, actors, streams)
        took.sort()
        p95 = took[int(len(took) * 0.95) - 1] if took else 99.0
        fine = len(took) == LINES and p95 < BUDGET
        return {
            "streams": count, "open": streams.open, "connected s": connected, "lines": LINES, "delivered": len(took),
            "p50 ms": statistics.median(took) * 1000 if took else 0.0, "p95 ms": p95 * 1000,
            "max ms": (took[-1] if took else 0) * 1000, "web MB": _memory(at),
            "budget": "met" if fine else "missed",
        }  # fmt: skip


class Streams:
    """Sockets that only read: every line is stamped when it comes."""

    def __init__(self, port: int, actors: Cast) -> None:
        self.port, self.actors = port, actors
        self.heard: dict[str, float] = {}
        self.open, self.stopped = 0, False
        self.selector = selectors.DefaultSelector()
        self.thread = threading.Thread(target=self._read, daemon=True)

    def connect(self) -> None:
        """Opens one a conversation, and waits until each has its first lines."""
        self.thread.start()
        for key in self.actors.keys:
            sock = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            path = f"/chat/api/conversations/{key.id}/stream"
            head = f"GET {path} HTTP/1.1\r\nHost: x\r\nX-Chat-Token: {key.token}\r\nLast-Event-ID: 0\r\n\r\n"
            sock.sendall(head.encode())
            sock.setblocking(False)
            self.selector.register(sock, selectors.EVENT_READ, [b"", False])
        until = time.monotonic() + 120
        while self.open < len(self.actors.keys) and time.monotonic() < until:
            time.sleep(0.05)

    def _read(self) -> None:
        while not self.stopped:
            if not self.selector.get_map():
                time.sleep(0.01)
                continue
            for found, _ in self.selector.select(0.2):
                self._take(found)

    def _take(self, found: selectors.SelectorKey) -> None:
        now, kept = time.monotonic(), found.data
        try:
            more = found.fileobj.recv(65_536)  # type: ignore[union-attr]
        except OSError:
            return
        kept[0] += more
        if not kept[1] and b"event: standing" in kept[0]:
            kept[1] = True
            self.open += 1
        *lines, kept[0] = kept[0].split(b"\n")
        for line in lines:
            if line.startswith(b"data: ") and b'"text": "said-' in line:
                self.heard.setdefault(json.loads(line[6:])["text"], now)
        if not more:
            self.selector.unregister(found.fileobj)

    def end(self) -> None:
        """Closes all."""
        self.stopped = True
        self.thread.join(5)
        for found in list(self.selector.get_map().values()):
            found.fileobj.close()  # type: ignore[union-attr]


def _say_all(at: Place, actors: Cast, streams: Streams) -> list[float]:
    """The agent says a line here and there; from the moment before it is sent until its citizen has it."""
    chance, said = Random(3), dict[str, float]()
    for number in range(LINES):
        key, name = chance.choice(actors.keys), f"said-{number}"
        said[name] = time.monotonic()
        headers = {"Authorization": f"Bearer {actors.token}"}
        keep_sending(at.port, f"/api/v1/chats/{key.id}/lines", {"client_id": name, "text": name}, headers)
        time.sleep(APART)
    until = time.monotonic() + 20
    while len(streams.heard) < LINES and time.monotonic() < until:
        time.sleep(0.05)
    return [streams.heard[name] - begun for name, begun in said.items() if name in streams.heard]


def _memory(at: Place) -> float:
    """Resident megabytes of all processes that hold the streams."""
    told = subprocess.run(["ps", "-eo", "rss,args"], capture_output=True, text=True, check=True).stdout
    mine = [line.split() for line in told.splitlines() if "gunicorn" in line]
    return sum(int(line[0]) for line in mine) / 1024
