"""Keeps mails in batches by one writer thread, so that one commit serves all that came meanwhile."""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from channels.port import Raw

MOST_AT_ONCE = 50
_GIVE_UP_AFTER = 2
"""Single failures in a row after which the rest of a batch is not tried alone any more."""


class NotKept(Exception):
    """It could not be made durable."""


@dataclass(frozen=True)
class _Waiting:
    raw: Raw
    loop: asyncio.AbstractEventLoop
    done: "asyncio.Future[None]"

    def settle(self, error: Exception | None) -> None:
        self.loop.call_soon_threadsafe(self._tell, error)

    def _tell(self, error: Exception | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(NotKept(type(error).__name__))


class Keeper:
    """Between the sessions, which wait, and ``keep``, which makes a batch durable or raises."""

    def __init__(self, keep: Callable[[Sequence[Raw]], None]) -> None:
        self._write = keep
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="mail-keeper", daemon=True)
        self._unsettled = 0
        self._lock = threading.Lock()

    @property
    def busy(self) -> bool:
        """Whether somebody still waits for an answer."""
        return self._unsettled > 0

    def start(self) -> None:
        """Begins to write."""
        self._thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """Writes what is there, and ends."""
        self._queue.put(None)
        self._thread.join(patience)

    async def keep(self, raw: Raw) -> None:
        """Returns when it is durable; raises NotKept when it is not."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(raw, loop, loop.create_future())
        self._count(1)
        self._queue.put(waiting)
        await waiting.done

    def _count(self, change: int) -> None:
        with self._lock:
            self._unsettled += change

    def _work(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, ended = self._gathered(first)
            self._keep(batch)
            self._count(-len(batch))
            if ended:
                return

    def _gathered(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        """Everything that waits by now, as far as one batch goes; and whether the end was among it."""
        batch = [first]
        while len(batch) < MOST_AT_ONCE:
            try:
                another = self._queue.get_nowait()
            except queue.Empty:
                return batch, False
            if another is None:
                return batch, True
            batch.append(another)
        return batch, False

    def _keep(self, batch: list[_Waiting]) -> None:
        error = self._failure(batch)
        if error is None or len(batch) == 1:
            for one in batch:
                one.settle(error)
            return
        self._keep_each(batch, error)

    def _keep_each(self, batch: list[_Waiting], error: Exception) -> None:
        """One bad mail must not hold up the others; a database that is down is not asked for each."""
        failed = 0
        for one in batch:
            error_of_one = self._failure([one]) if failed < _GIVE_UP_AFTER else error
            failed = 0 if error_of_one is None else failed + 1
            one.settle(error_of_one)

    def _failure(self, batch: list[_Waiting]) -> Exception | None:
        try:
            self._write([one.raw for one in batch])
        except Exception as why:
            return why
        return None
