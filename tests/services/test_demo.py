"""The demo body: whole or not there, and what it leaves is like live work."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from helpdesk.db import table
from helpdesk.errors import Stale
from helpdesk.models.journal import TicketEvent
from helpdesk.models.people import Staff
from helpdesk.models.tickets import Ticket
from helpdesk.services import agreements, body, demo, rulebook, selfhelp, timers
from helpdesk.services.access import passwords
from sla import AgreementKind
from tests.builders import an_administrator
from tests.checking import faults

NOW = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)


def _silent(_: float) -> None:
    return


def test_leaves_journals_and_clocks_that_agree(session: scoped_session[Session]) -> None:
    demo.make(NOW, _silent, days=3)
    assert session.execute(select(func.count()).select_from(table(Ticket))).scalar_one() > 10
    assert session.execute(select(func.min(table(TicketEvent).c.at))).scalar_one() < NOW
    assert session.execute(select(func.max(table(TicketEvent).c.at))).scalar_one() <= NOW
    assert list(timers.verify(NOW)) == []
    assert faults(NOW) == []


def test_tells_accounts_of_every_role_that_can_sign_in(session: scoped_session[Session]) -> None:
    facts = demo.make(NOW, _silent, days=1)
    assert {account["role"] for account in facts["accounts"]} == {"agent", "supervisor", "administrator"}
    kept = session.execute(select(table(Staff).c.password_hash)).scalars().all()
    assert any(passwords.matches(one, facts["accounts"][0]["password"]) for one in kept)
    assert facts["smtp"]["address"] in facts["mailboxes"].values()


def test_says_on_every_page_that_it_is_a_demo_and_has_something_to_read(session: scoped_session[Session]) -> None:
    demo.make(NOW, _silent, days=1)
    assert body.names() == {"el": "Δήμος Παράδειγμα (επίδειξη)", "en": "Municipality of Paradeigma (demo)"}
    articles = selfhelp.articles()
    assert len(articles) == 12
    assert all(set(article.titles) == {"el", "en"} for article in articles)
    assert selfhelp.search_articles("λογαριασμος νερου")
    assert len(selfhelp.outages(NOW)) == 1


def test_made_again_it_only_renews_passwords(session: scoped_session[Session]) -> None:
    before = demo.make(NOW, _silent, days=1)
    count = session.execute(select(func.count()).select_from(table(Ticket))).scalar_one()
    after = demo.make(NOW, _silent, days=1)
    assert session.execute(select(func.count()).select_from(table(Ticket))).scalar_one() == count
    assert before["accounts"][0]["password"] != after["accounts"][0]["password"]


def test_refuses_a_database_with_a_body_of_its_own(session: scoped_session[Session]) -> None:
    an_administrator()
    with pytest.raises(Stale):
        demo.make(NOW, _silent, days=1)
    assert not demo.is_demo()


def test_its_agreements_fit_together_and_one_of_them_is_overdue(session: scoped_session[Session]) -> None:
    demo.make(NOW, _silent, days=1)
    known = agreements.known(NOW)
    assert {one.policy.kind for one in known} == set(AgreementKind)
    for one in known:
        rulebook.check_agreement(one.policy)
    a_whole_demo_later = NOW + timedelta(days=demo.DAYS - 1)
    assert [one.row.key for one in agreements.overdue(a_whole_demo_later)] == ["ola-registry"]
    assert {(gap.policy, gap.scope.priority) for gap in agreements.weak(NOW)} == {("ola-technical-works", "low")}
