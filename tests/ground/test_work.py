"""``helpdesk work`` on a real carrier: tiny jobs, heavy jobs, retries, and its end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue, Retry
from rq.job import Job
from rq.serializers import JSONSerializer

from helpdesk.embedded.process import wait_until
from tests.ground.processes import MARK, processes_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def carrier(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def worker(own_database: str, redis_url: str, tmp_path: Path, carrier: Redis) -> Iterator[subprocess.Popen[bytes]]:
    settings = {
        "DATABASE_URL": own_database,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "s" * 40,
        "DATA_DIR": str(tmp_path),
        MARK: str(tmp_path),
    }
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "helpdesk.cli", "work"], cwd=ROOT, env={**os.environ, **settings}, stderr=log
        )
    yield process
    process.kill()
    process.wait()
    assert wait_until(lambda: not processes_of(tmp_path, str(tmp_path)), 10), "a worker outlived its parent"


def enqueue(carrier: Redis, queue: str, name: str, *args: object, retry: Retry | None = None) -> Job:
    return Queue(queue, connection=carrier, serializer=JSONSerializer).enqueue(name, *args, retry=retry)


def is_done(job: Job) -> bool:
    return job.get_status(refresh=True) == "finished"


def test_tiny_and_heavy_jobs_are_done_and_sigterm_ends_all(
    carrier: Redis, worker: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    jobs = [enqueue(carrier, queue, "operator.add", 20, 22) for queue in ("urgent", "default", "bulk")]
    assert wait_until(lambda: all(is_done(job) for job in jobs), 30), (tmp_path / "log").read_text()
    assert [job.return_value() for job in jobs] == [42, 42, 42]
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0


def test_a_job_that_fails_is_tried_again_after_its_interval(
    carrier: Redis, worker: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    late = tmp_path / "late"
    job = enqueue(carrier, "default", "os.rmdir", str(late), retry=Retry(max=5, interval=1))
    assert wait_until(lambda: job.get_status(refresh=True) == "scheduled", 30), (tmp_path / "log").read_text()
    late.mkdir()
    assert wait_until(lambda: is_done(job), 20), (tmp_path / "log").read_text()


def test_one_dead_worker_ends_the_whole_part_so_that_it_is_started_again(
    carrier: Redis, worker: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    job = enqueue(carrier, "default", "operator.add", 1, 1)
    assert wait_until(lambda: is_done(job), 30), (tmp_path / "log").read_text()
    children = [pid for pid in processes_of(tmp_path, str(tmp_path)) if pid != worker.pid]
    os.kill(min(children), signal.SIGKILL)
    assert worker.wait(10) == 1
