"""Fifty conversations at once: both sides write, citizens type meanwhile; how soon each line is there, and that it is.

Every line counts, also the citizen's own, which a second page of theirs would show.
"""

import contextlib
import statistics
import threading
import time
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any

from benchmarks import body
from benchmarks.chat import BUDGET, Streams
from benchmarks.chatting import Cast, cast, keep_sending
from benchmarks.ground import Place, place, running
from helpdesk.services.chats import Key

CHATS, ROUNDS, EVERY = 50, 10, 6.0
"""Conversations; in each so many times a line of each side, one such round in so many seconds."""


def run(sizes: tuple[int, ...] = (CHATS,)) -> list[dict[str, Any]]:
    """One row a size: lines said and lost, delivery p50 and p95, how often it was typed."""
    return [_measured(size) for size in sizes]


def _measured(count: int) -> dict[str, Any]:
    with place() as at, ExitStack() as parts:
        body.make(at.environment)
        actors = cast(at, count)
        parts.enter_context(running(at, "web"))
        streams = Streams(at.port, actors)
        parts.callback(streams.end)
        streams.connect()
        talks = [_Talk(at, actors, key, number) for number, key in enumerate(actors.keys)]
        for talk in talks:
            talk.thread.start()
        for talk in talks:
            talk.thread.join()
        said = {name: begun for talk in talks for name, begun in talk.said.items()}
        until = time.monotonic() + 20
        while len(streams.heard) < len(said) and time.monotonic() < until:
            time.sleep(0.05)
        return _row(count, said, streams.heard, sum(talk.typed for talk in talks))


def _row(count: int, said: dict[str, float], heard: dict[str, float], typed: int) -> dict[str, Any]:
    took = sorted(heard[name] - begun for name, begun in said.items() if name in heard)
    lost = len(said) - len(took)
    p95 = took[int(len(took) * 0.95) - 1] if took else 99.0
    return {
        "chats": count, "lines": len(said), "lost": lost, "typed": typed,
        "p50 ms": statistics.median(took) * 1000 if took else 0.0, "p95 ms": p95 * 1000,
        "max ms": (took[-1] if took else 0) * 1000, "budget": "met" if not lost and p95 < BUDGET else "missed",
    }  # fmt: skip


class _Talk:
    """One conversation: the citizen types and says, then the agent answers, again and again."""

    def __init__(self, at: Place, actors: Cast, key: Key, number: int) -> None:
        self.at, self.actors, self.key, self.number = at, actors, key, number
        self.said: dict[str, float] = {}
        self.typed = 0
        self.chance = Random(number)
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        theirs = {"X-Chat-Token": self.key.token}
        ours = {"Authorization": f"Bearer {self.actors.token}"}
        time.sleep(self.chance.uniform(0, EVERY))  # nobody begins in the same moment as all others
        for turn in range(ROUNDS):
            for _ in range(2):
                self._type(theirs)
                time.sleep(EVERY / 4)
            name = f"said-{self.number}-{turn}-citizen"
            self._say(f"/chat/api/conversations/{self.key.id}/messages", "client_msg_id", name, theirs)
            time.sleep(EVERY / 4)
            name = f"said-{self.number}-{turn}-agent"
            self._say(f"/api/v1/chats/{self.key.id}/lines", "client_id", name, ours)
            time.sleep(EVERY / 4)

    def _type(self, headers: dict[str, str]) -> None:
        connection = HTTPConnection("127.0.0.1", self.at.port, timeout=10)
        with contextlib.suppress(OSError, HTTPException):
            connection.request("POST", f"/chat/api/conversations/{self.key.id}/typing", headers=headers)
            self.typed += connection.getresponse().status == 204
        connection.close()

    def _say(self, path: str, called: str, name: str, headers: dict[str, str]) -> None:
        self.said[name] = time.monotonic()
        keep_sending(self.at.port, path, {called: name, "text": name}, headers)
