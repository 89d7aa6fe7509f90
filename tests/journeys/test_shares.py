"""A worker's jobs take turns: each does its share and queues up again, so that no flood keeps the others waiting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from helpdesk import background
from helpdesk.jobs import post as jobs
from tests.conftest import settings_for
from tests.journeys.post import a_mail, counted, office, post


@pytest.fixture
def app(worker_name: str, redis_url: str, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with office(f"shares_{worker_name}", settings_for(database_url, redis_url, tmp_path)) as body:
        background.connection().flushdb()
        yield body
        background.connection().flushdb()


def test_a_job_does_its_share_and_queues_up_again_until_nothing_is_left(app, monkeypatch):
    monkeypatch.setitem(jobs.SHARES, "post.process", 1)
    post(*(a_mail(f"citizen{number}@example.org") for number in range(60)))
    background.connection().flushdb()
    jobs.process()
    assert counted("select count(*) from ticket") == 50
    assert len(background.queue("default").job_ids) == 2, "itself, and the letters that it caused"
    jobs.process()
    assert counted("select count(*) from ticket") == 60
    jobs.process()
    assert not background.connection().exists("wake:post.process")
