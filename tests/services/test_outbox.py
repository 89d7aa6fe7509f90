"""The outbox: claimed before it is sent, settled after, repeated or given up by rule."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db, table
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Message
from helpdesk.services import journal, outbox
from helpdesk.services.outbox import Parcel
from helpdesk.services.outbox.settlement import FORGOTTEN
from tests.builders import a_citizen, a_message, a_ticket, an_account

pytestmark = pytest.mark.usefixtures("session")
ROWS = table(Outbound)


def a_parcel(**given) -> Parcel:
    account = an_account()
    ticket = a_ticket(requester=a_citizen(email=None))  # so that nothing else waits in the outbox
    message = a_message(ticket, direction="outbound")
    defaults = {
        "kind": "email",
        "account_id": account.id,
        "external_id": outbox.mint(account.address),
        "to_address": "anna@example.org",
        "subject": "Απάντηση",
        "text": "Ήρθε το συνεργείο.",
        "ticket_id": ticket.id,
        "message_id": message.id,
    }
    return Parcel(**defaults | given)


def put(parcel: Parcel) -> Parcel:
    outbox.put([parcel], clock.now())
    ground.commit()
    return parcel


def row(parcel: Parcel):
    return db.session.execute(select(ROWS).where(ROWS.c.external_id == parcel.external_id)).one()


def message(parcel: Parcel) -> Message:
    found = db.session.get(Message, parcel.message_id, populate_existing=True)
    assert found is not None
    return found


def settled(parcel: Parcel) -> list[str]:
    return [fact.event.state for fact in journal.of(parcel.ticket_id) if fact.type == "delivery_settled"]


def sink(app) -> list[str]:
    return sorted(path.name for path in app.config["DATA_DIR"].joinpath("sink").rglob("*.eml"))


def claimed(parcel: Parcel, ago: timedelta) -> None:
    values = {"state": "sending", "claimed_at": clock.now() - ago, "attempts": 1}
    db.session.execute(update(ROWS).where(ROWS.c.external_id == parcel.external_id).values(**values))


def test_what_is_put_shows_on_its_message_as_waiting():
    parcel = put(a_parcel())
    assert (message(parcel).delivery_state, message(parcel).external_id) == ("waiting", parcel.external_id)


def test_what_is_due_is_sent_once_and_shows_as_sent():
    parcel = put(a_parcel())
    assert outbox.deliver() == 1
    assert outbox.deliver() == 0
    assert (row(parcel).state, message(parcel).delivery_state, settled(parcel)) == ("sent", "sent", ["sent"])


def test_what_is_not_due_yet_waits_and_can_be_taken_back():
    parcel = put(a_parcel(due_at=clock.now() + timedelta(seconds=10)))
    assert outbox.deliver() == 0
    assert outbox.withdraw(parcel.message_id, clock.now())
    assert (row(parcel).state, message(parcel).delivery_state) == ("withdrawn", "withdrawn")


def test_what_went_out_cannot_be_taken_back():
    parcel = put(a_parcel())
    outbox.deliver()
    assert not outbox.withdraw(parcel.message_id, clock.now())


def test_a_limit_leaves_the_rest_for_the_next_round():
    for _ in range(3):
        put(a_parcel())
    assert [outbox.deliver(2), outbox.deliver(2), outbox.deliver(2)] == [2, 1, 0]


def test_what_a_human_wrote_is_repeated_once_with_the_same_message_id_after_a_crash():
    parcel = put(a_parcel())
    claimed(parcel, FORGOTTEN + timedelta(seconds=1))
    assert outbox.sweep() == 1
    assert (row(parcel).state, row(parcel).external_id) == ("waiting", parcel.external_id)
    claimed(parcel, FORGOTTEN + timedelta(seconds=1))
    outbox.sweep()
    assert (row(parcel).state, message(parcel).delivery_state, settled(parcel)) == ("unknown", "unknown", ["unknown"])


def test_an_automatic_mail_interrupted_in_sending_is_unknown_and_not_repeated():
    parcel = put(a_parcel(automatic=True))
    claimed(parcel, FORGOTTEN + timedelta(seconds=1))
    outbox.sweep()
    assert row(parcel).state == "unknown"
    assert outbox.deliver() == 0


def test_what_is_being_sent_right_now_is_left_alone():
    parcel = put(a_parcel())
    claimed(parcel, FORGOTTEN - timedelta(seconds=5))
    assert outbox.sweep() == 0
    assert row(parcel).state == "sending"


def test_a_bounce_marks_what_it_names_when_it_was_sent_to_that_address():
    parcel = put(a_parcel())
    outbox.deliver()
    other = outbox.bounced(parcel.external_id, [], ["other@example.org"], "5.1.1", clock.now())
    assert (other, row(parcel).state) == (None, "sent")
    assert (
        outbox.bounced(parcel.external_id, [], ["Anna@example.org"], "5.1.1", clock.now()).ticket_id == parcel.ticket_id
    )
    ground.commit()
    assert (row(parcel).state, message(parcel).delivery_detail, settled(parcel)[-1]) == ("bounced", "5.1.1", "bounced")


def test_a_letter_to_nobodys_ticket_needs_no_message():
    parcel = put(replace(a_parcel(), ticket_id=None, message_id=None))
    outbox.deliver()
    assert row(parcel).state == "sent"
