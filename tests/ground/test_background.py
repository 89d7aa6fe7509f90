"""What Valkey carries: once, after the commit, and never at the price of the work itself."""

import time
from collections.abc import Iterator

import pytest
from redis import Redis
from redis.exceptions import TimeoutError

from helpdesk import background
from helpdesk.background import announce, connection, later, wake_now
from helpdesk.db import commit, rollback


@pytest.fixture
def valkey(app, session) -> Iterator[Redis]:
    connection().flushdb()
    app.extensions.pop(background._AWAY, None)
    yield connection()
    app.extensions.pop(background._AWAY, None)
    app.extensions.pop("valkey", None)


class Deaf(Redis):
    """A Valkey that swallows every question until the time is up."""

    asked = 0

    def execute_command(self, *args: object, **options: object) -> object:
        Deaf.asked += 1
        raise TimeoutError("no answer")

    pipeline = execute_command


def test_news_and_jobs_go_out_with_the_commit_and_not_with_a_rollback(valkey):
    announce("desk", {"ticket": 1})
    later("post.process")
    assert (valkey.xlen("live:desk"), valkey.llen("rq:queue:default")) == (0, 0)
    rollback()
    commit()
    assert (valkey.xlen("live:desk"), valkey.llen("rq:queue:default")) == (0, 0)
    announce("desk", {"ticket": 2})
    later("post.process")
    commit()
    assert (valkey.xlen("live:desk"), valkey.llen("rq:queue:default")) == (1, 1)


def test_however_often_it_is_said_a_worker_is_waked_once(valkey):
    for _ in range(3):
        wake_now("post.process")
    assert valkey.llen("rq:queue:default") == 1


def test_what_is_bulk_may_take_longer_than_what_people_wait_for(valkey):
    wake_now("learning.train", on="bulk")
    wake_now("post.process")
    told = {name: background.queue(name).jobs[0].timeout for name in ("bulk", "default")}
    assert told == {"bulk": 3_600, "default": 180}


def test_a_valkey_that_does_not_answer_is_waited_for_once(app, valkey):
    app.extensions["valkey"] = Deaf()
    for number in range(50):
        announce("desk", {"ticket": number})
    commit()
    assert Deaf.asked == 1
    app.extensions["valkey"] = valkey
    time.sleep(background.PAUSE)
    announce("desk", {"ticket": 51})
    commit()
    assert valkey.xlen("live:desk") == 1


def test_the_news_of_a_batch_goes_out_in_order_and_in_one_exchange(valkey):
    announce("desk", *({"ticket": number} for number in range(3)))
    commit()
    assert [line[b"ticket"] for _, line in valkey.xrange("live:desk")] == [b"0", b"1", b"2"]
