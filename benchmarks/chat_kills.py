"""Conversations while everything breaks off: streams cut, whoever holds them killed, Valkey killed; no line lost."""

import os
import shlex
import signal
import subprocess
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from benchmarks import body
from benchmarks.chatting import Browser, Cast, cast, keep_sending
from benchmarks.ground import PROGRAMS, ROOT, Place, place, procfile

CHATS, INTERRUPTIONS = 40, 1_000
"""Conversations, and how often something is interrupted: mostly a stream, every twentieth time who holds it."""

WAIT = 90


def run(sizes: tuple[int, ...] = (INTERRUPTIONS,)) -> list[dict[str, Any]]:
    """One row a size: lines kept and read, lost, twice, out of order."""
    return [_measured(size) for size in sizes]


def _measured(interruptions: int) -> dict[str, Any]:
    with place() as at:
        body.make(at.environment)
        actors = cast(at, CHATS)
        web = _Web(at)
        browsers = [Browser(at.port, key) for key in actors.keys]
        begun = time.monotonic()
        told = _talk(at, web, actors, browsers, interruptions)
        _until_all_read(at, browsers)
        seconds = time.monotonic() - begun
        for browser in browsers:
            browser.stopped = True
        row = _row(at, browsers, told) | {"seconds": seconds}
        web.end()
        return row


class _Web:
    """The Procfile's web, killed and started again as a supervisor does."""

    def __init__(self, at: Place) -> None:
        self.at = at
        self.process = self._start()
        self.killed = 0

    def _start(self) -> subprocess.Popen[bytes]:
        environment = self.at.environment | {
            "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{self.at.port}",
        }
        command = shlex.split(procfile()["web"])
        return subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)

    def kill_a_worker(self, chance: Random) -> None:
        """Whoever holds half of the streams."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if children:
            os.kill(int(chance.choice(children)), signal.SIGKILL)
            self.killed += 1

    def kill(self) -> None:
        """All of it at once; started again."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.killed += 1
        self.process = self._start()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def _talk(at: Place, web: _Web, actors: Cast, browsers: list[Browser], interruptions: int) -> dict[str, int]:
    """A line and an interruption, so many times; both sides send until they know that it was kept."""
    chance, sent, restarts = Random(7), list[Future[int]](), 0
    with ThreadPoolExecutor(8) as senders:
        for number in range(interruptions):
            sent.append(senders.submit(_say, at.port, actors, chance.randrange(CHATS), number, chance.random() < 0.5))
            if number % 100 == 57:
                web.kill()
            elif number % 20 == 7:
                web.kill_a_worker(chance)
            elif number % 250 == 149:
                restarts += _restart_valkey(at)
            else:
                chance.choice(browsers).cut()
            time.sleep(chance.uniform(0, 0.2))
        tries = sum(one.result() for one in sent)
    return {"sent": len(sent), "tries": tries, "killed": web.killed, "valkey": restarts}


def _say(port: int, actors: Cast, which: int, number: int, by_citizen: bool) -> int:
    key, name = actors.keys[which], f"line-{number}"
    if by_citizen:
        path, headers = f"/chat/api/conversations/{key.id}/messages", {"X-Chat-Token": key.token}
        return keep_sending(port, path, {"client_msg_id": name, "text": name}, headers)
    path, headers = f"/api/v1/chats/{key.id}/lines", {"Authorization": f"Bearer {actors.token}"}
    return keep_sending(port, path, {"client_id": name, "text": name}, headers)


def _restart_valkey(at: Place) -> int:
    try:
        pid = Redis.from_url(at.environment["REDIS_URL"]).info("server")["process_id"]  # type: ignore[index]
    except RedisError:
        return 0
    os.kill(int(pid), signal.SIGKILL)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if at.servers.revive():
            return 1
        time.sleep(0.05)
    return 0


_KEPT = "select chat_id, max(seq) as last, count(*) as n from chat_line group by chat_id"
_NAMED = """
    select count(*) as n, count(distinct coalesce(message.text, chat_line.text)) as distinct_ones
    from chat_line left join message on message.id = chat_line.message_id
    where coalesce(message.text, chat_line.text) like 'line-%'
"""


def _until_all_read(at: Place, browsers: list[Browser]) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        last = {row.chat_id: row.last for row in at.rows(_KEPT)}
        if all(browser.last == last[browser.key.id] for browser in browsers):
            return
        time.sleep(0.5)


def _row(at: Place, browsers: list[Browser], told: dict[str, int]) -> dict[str, Any]:
    kept = {row.chat_id: (row.last, row.n) for row in at.rows(_KEPT)}
    named = at.rows(_NAMED)[0]
    lost = told["sent"] - named.distinct_ones + sum(kept[one.key.id][0] - one.last for one in browsers)
    twice = named.n - named.distinct_ones
    gaps = sum(last != n for last, n in kept.values())
    disorder = sum(one.lines != list(range(1, len(one.lines) + 1)) for one in browsers)
    fine = not (lost or twice or gaps or disorder)
    return {
        "interruptions": told["sent"], "lines": named.n, "lost": lost, "twice": twice, "gaps": gaps,
        "out of order": disorder, "sent again": told["tries"] - told["sent"], "processes killed": told["killed"],
        "valkey killed": told["valkey"], "returns": sum(one.returns for one in browsers),
        "budget": "met" if fine else "missed",
    }  # fmt: skip
