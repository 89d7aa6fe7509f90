"""How fast letters go to one domain."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.services import accounts, outbox, rulebook
from helpdesk.services.outbox import Parcel
from tests.builders import NOON, an_account


@pytest.fixture
def account(session):
    rulebook.ensure_defaults(NOON)
    row = an_account(address="info@city.example", is_default=True, settings={"per_minute": 3})
    accounts.changed()
    return accounts.book().by_id[row.id]


def put(account, *addresses: str) -> None:
    parcels = [Parcel("email", account.id, outbox.mint(account.address), to, "Θέμα", "Κείμενο") for to in addresses]
    outbox.put(parcels, clock.now())
    ground.commit()


def sent(domain: str) -> int:
    query = text("select count(*) from outbound where state = 'sent' and payload->>'to_address' like :like")
    return db.session.execute(query, {"like": f"%@{domain}"}).scalar_one()


def test_a_domain_gets_so_many_a_minute_and_the_others_do_not_wait_for_it(account):
    put(account, *(f"a{number}@slow.example" for number in range(6)), "b@other.example", "c@other.example")
    outbox.deliver()
    assert (sent("slow.example"), sent("other.example")) == (3, 2)
    waiting = db.session.execute(text("select attempts, due_at from outbound where state = 'waiting'")).all()
    assert [row.attempts for row in waiting] == [0, 0, 0]
    assert all(row.due_at > clock.now() for row in waiting)


def test_what_was_put_off_goes_when_the_minute_is_over(account):
    put(account, *(f"a{number}@slow.example" for number in range(4)))
    outbox.deliver()
    past = {"at": clock.now() - timedelta(minutes=2)}
    db.session.execute(text("update arrival_mark set at = :at"), past)
    db.session.execute(text("update outbound set due_at = :at"), past)
    ground.commit()
    outbox.deliver()
    assert sent("slow.example") == 4


def test_without_a_limit_all_go_at_once(session):
    rulebook.ensure_defaults(NOON)
    row = an_account(address="info@city.example", is_default=True)
    accounts.changed()
    put(accounts.book().by_id[row.id], *(f"a{number}@slow.example" for number in range(6)))
    outbox.deliver()
    assert sent("slow.example") == 6
