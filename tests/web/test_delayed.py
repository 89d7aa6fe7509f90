"""While Valkey is away staff read that news come late; nothing is refused, and the words go when it is back."""

import pytest
from redis import Redis

from helpdesk import background
from helpdesk.db import commit
from tests.web.staff_browser import StaffBrowser

pytestmark = pytest.mark.usefixtures("body")
LATE, LATE_EL = "come late at the moment", "αργούν αυτή τη στιγμή"


@pytest.fixture
def browser(app, agent):
    background.met(app)
    yield StaffBrowser(app, agent)
    background.met(app)
    app.extensions.pop(background._AWAY, None)


def tell() -> None:
    background.announce("desk", {"ticket": 1})
    commit()


def test_staff_read_that_news_come_late_until_valkey_is_back(app, browser, monkeypatch):
    assert LATE not in browser.page("/desk")
    with monkeypatch.context() as away:
        away.setitem(app.extensions, "valkey", Redis(port=1, socket_connect_timeout=0.1))
        tell()
        assert LATE in browser.page("/desk")
        assert LATE_EL in browser.page("/desk?language=el")
        assert LATE in browser.page("/desk/phone?language=en")
    app.extensions.pop(background._AWAY, None)
    tell()
    assert LATE not in browser.page("/desk")


def test_what_was_met_long_ago_says_nothing_of_now(app, browser, monkeypatch):
    monkeypatch.setitem(app.extensions, background._MISSED, background.monotonic() - background.LATELY - 1)
    assert LATE not in browser.page("/desk")
