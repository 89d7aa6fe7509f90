"""The streams in a process of their own: found there, and nothing else is."""

import pytest

from helpdesk import push
from helpdesk.db import db
from tests.conftest import settings_for


@pytest.fixture
def apart(database_url, redis_url, tmp_path):
    app = push.create_app(settings_for(database_url, redis_url, tmp_path))
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


def test_streams_and_health_are_found_and_no_page(apart):
    assert apart.get("/health/live").status_code == 200
    assert apart.get("/chat/api/conversations/1/stream", headers={"X-Chat-Token": "x" * 43}).status_code == 404
    assert apart.get("/live", headers={"Accept": "text/event-stream"}).status_code == 401
    for path in ("/en/", "/desk", "/api/v1/openapi.json", "/chat/api/availability", "/static/js/chat.js"):
        assert apart.get(path).status_code == 404
