"""Intake: what joins a ticket, what opens one, and what a message does to it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.people import Person
from helpdesk.models.tickets import Link, Message, Participant, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import intake, journal, rulebook, search, tracking
from helpdesk.services.filters import Filters
from helpdesk.services.intake import Arrival, Taken
from helpdesk.services.people import Contact
from helpdesk.vocabulary import ActorKind
from tests.builders import NOON, a_citizen, a_department, a_message, a_ticket, an_administrator, an_agent

pytestmark = pytest.mark.usefixtures("session")

ANNA = Contact("anna@example.org", "Άννα")


def a_mail(**given) -> Arrival:
    defaults = {"channel": "email", "received_at": NOON, "contact": ANNA, "subject": "Φως", "text": "Δεν ανάβει."}
    return Arrival(**defaults | given)


def taken(*arrivals: Arrival) -> list[Taken]:
    found = intake.take_in(arrivals, NOON)
    ground.commit()
    return found


def ticket(number: int | None) -> Ticket:
    found = db.session.get(Ticket, number, populate_existing=True)
    assert found is not None
    return found


def kinds(number: int) -> list[str]:
    return [fact.type for fact in journal.of(number)]


def links(number: int) -> list[tuple[str, int]]:
    return [(row.kind, row.from_id) for row in db.session.scalars(select(Link).where(Link.to_id == number))]


def test_a_mail_from_somebody_new_opens_a_ticket_with_its_message():
    [found] = taken(a_mail(external_id="a@example.org"))
    row = ticket(found.ticket_id)
    assert (row.subject, row.status, row.channel) == ("Φως", "new", "email")
    assert db.session.get(Person, row.requester_id).email == "anna@example.org"
    said = db.session.get(Message, found.message_id)
    assert (said.text, said.external_id, said.author_id) == ("Δεν ανάβει.", "a@example.org", row.requester_id)
    assert kinds(row.id)[:2] == ["ticket_opened", "ticket_routed"]


def test_many_people_are_found_or_made_once():
    old = a_citizen(email="old@example.org")
    contacts = [Contact("old@example.org"), Contact("new@example.org", "Νέα"), Contact("new@example.org", "Νέα")]
    rows = [ticket(item.ticket_id) for item in taken(*(a_mail(contact=contact) for contact in contacts))]
    assert rows[0].requester_id == old.id
    assert rows[1].requester_id == rows[2].requester_id != old.id


def test_a_sender_nobody_can_answer_still_gets_a_ticket():
    [found] = taken(a_mail(contact=Contact()))
    assert ticket(found.ticket_id).requester_id is None


class TestWhatJoins:
    def test_a_participant_who_refers_to_any_message_of_the_ticket_joins(self):
        standing = a_ticket(requester=a_citizen(email=ANNA.email))
        a_message(standing, external_id="ours@city.example", direction="outbound")
        [found] = taken(a_mail(references=("unknown@x", "ours@city.example")))
        assert found == Taken(standing.id, found.message_id, opened=False)
        assert kinds(standing.id)[-1] == "message_received"

    def test_a_participant_who_writes_to_the_signed_address_joins(self):
        standing = a_ticket()
        person = a_citizen(email=ANNA.email)
        db.session.add(Participant(ticket_id=standing.id, person_id=person.id, added_at=NOON))
        [found] = taken(a_mail(signed=(standing.id,)))
        assert (found.ticket_id, found.opened) == (standing.id, False)

    def test_a_stranger_who_writes_to_the_signed_address_opens_a_linked_ticket(self):
        standing = a_ticket()
        [found] = taken(a_mail(signed=(standing.id,)))
        assert found.opened
        assert links(found.ticket_id) == [("related", standing.id)]
        assert "tickets_linked" in kinds(standing.id)

    def test_a_stranger_who_knows_a_message_id_does_not_join(self):
        standing = a_ticket()
        a_message(standing, external_id="ours@city.example")
        [found] = taken(a_mail(references=("ours@city.example",)))
        assert found.opened

    def test_a_participant_with_only_the_number_in_the_subject_opens_a_linked_ticket(self):
        standing = a_ticket(requester=a_citizen(email=ANNA.email))
        [found] = taken(a_mail(named=(standing.id,)))
        assert found.opened
        assert links(found.ticket_id) == [("related", standing.id)]

    def test_a_stranger_with_a_number_in_the_subject_is_not_linked(self):
        standing = a_ticket()
        [found] = taken(a_mail(named=(standing.id,)))
        assert links(found.ticket_id) == []

    def test_an_answer_to_a_mail_of_the_same_batch_joins_the_ticket_that_mail_opens(self):
        first, second = taken(a_mail(external_id="a@x"), a_mail(external_id="b@x", references=("a@x",)))
        assert (first.opened, second.opened) == (True, False)
        assert first.ticket_id == second.ticket_id

    def test_a_message_whose_sender_was_not_authenticated_is_flagged(self):
        standing = a_ticket(requester=a_citizen(email=ANNA.email))
        taken(a_mail(signed=(standing.id,), unverified=True))
        assert journal.of(standing.id)[-1].event.unverified


class TestWhatItDoes:
    @pytest.fixture(autouse=True)
    def rules(self, session):
        rulebook.ensure_defaults(NOON)

    def wrote(self, *, later: timedelta = timedelta(), **given) -> tuple[Ticket, Taken]:
        standing = a_ticket(requester=a_citizen(email=ANNA.email), **given)
        mail = a_mail(signed=(standing.id,), received_at=NOON + later)
        [found] = taken(mail)
        return ticket(standing.id), found

    def test_it_ends_waiting_for_the_requester(self):
        row, _ = self.wrote(status="waiting_requester", waiting_reason="needs_document")
        assert (row.status, row.waiting_reason) == ("open", None)
        assert "status_changed" in kinds(row.id)

    def test_it_leaves_waiting_for_a_supplier_alone(self):
        row, _ = self.wrote(status="waiting_supplier", waiting_reason="supplier_works")
        assert row.status == "waiting_supplier"

    def test_it_reopens_what_was_resolved_lately(self):
        row, found = self.wrote(status="resolved", resolved_at=NOON, later=timedelta(days=6))
        assert (row.status, row.reopened, row.resolved_at, found.opened) == ("open", 1, None, False)
        assert "ticket_reopened" in kinds(row.id)

    def test_long_after_it_opens_a_follow_up(self):
        row, found = self.wrote(status="resolved", resolved_at=NOON, later=timedelta(days=8))
        assert (row.status, found.opened) == ("resolved", True)
        assert links(found.ticket_id) == [("follow_up", row.id)]

    @pytest.mark.parametrize("status", ["closed", "cancelled", "merged"])
    def test_after_the_end_it_opens_a_follow_up(self, status):
        row, found = self.wrote(status=status)
        assert (row.status, found.opened) == (status, True)
        assert links(found.ticket_id) == [("follow_up", row.id)]

    def test_two_in_a_batch_take_effect_once(self):
        standing = a_ticket(requester=a_citizen(email=ANNA.email), status="resolved", resolved_at=NOON)
        mail = a_mail(signed=(standing.id,))
        taken(mail, replace(mail, text="Ακόμη κάτι."))
        assert ticket(standing.id).reopened == 1
        assert kinds(standing.id).count("message_received") == 2
        assert kinds(standing.id).count("ticket_reopened") == 1

    @pytest.mark.parametrize("status", ["waiting_requester", "resolved", "closed"])
    def test_a_machine_changes_nothing(self, status):
        standing = a_ticket(requester=a_citizen(email=ANNA.email), status=status)
        [found] = taken(a_mail(signed=(standing.id,), automatic="auto-reply"))
        assert (ticket(standing.id).status, found.ticket_id) == (status, standing.id)
        assert db.session.get(Message, found.message_id).automatic == "auto-reply"


class TestWhatStaffTakeDown:
    def test_it_is_routed_and_the_citizen_gets_a_number_and_a_way_back(self):
        department = a_department()
        new = intake.NewTicket(subject="Φως", text="Δεν ανάβει", email="Anna@Example.org", department=department.key)
        found = intake.open_ticket(an_agent(department), new, at=NOON)
        row = ticket(found.number)
        assert (found.department_id, row.channel, row.received_at) == (department.id, "api", NOON)
        assert db.session.get(Person, row.requester_id).email == "anna@example.org"
        assert tracking.check(found.tracking_code, found.number, 1)

    def test_an_unknown_service_is_named(self):
        with pytest.raises(Invalid) as refused:
            intake.open_ticket(an_agent(), intake.NewTicket(subject="Φως", text="x", service="nothing"))
        assert set(refused.value.fields) == {"service"}

    def test_an_empty_subject_is_named(self):
        with pytest.raises(Invalid) as refused:
            intake.open_ticket(an_agent(), intake.NewTicket(subject=" ", text="x"))
        assert set(refused.value.fields) == {"subject"}

    def test_a_citizen_may_not_open_one_for_somebody_else(self):
        with pytest.raises(Forbidden):
            intake.open_ticket(Actor(ActorKind.CITIZEN, 1), intake.NewTicket(subject="Φως", text="x"))

    def test_who_called_was_answered_already(self):
        found = intake.open_ticket(an_agent(), intake.NewTicket(subject="Φως", text="x", channel="phone", name="Άννα"))
        assert journal.of(found.number)[0].event.by_staff

    def test_its_words_can_be_searched(self):
        found = intake.open_ticket(an_agent(), intake.NewTicket(subject="Ποδήλατο", text="x"))
        query = text(
            "select 1 from message_words where ticket_id = :id and words @@ to_tsquery('helpdesk', 'ΠΟΔΗΛΑΤΟ')"
        )
        assert db.session.execute(query, {"id": found.number}).scalar() == 1


def test_a_citizen_who_quotes_our_letter_shows_staff_no_code_and_search_finds_none():
    standing = a_ticket(requester=a_citizen(email="anna@example.org"))
    code, link = tracking.code_of(standing.id, 1), tracking.link(standing.id, 1, "el")
    quoted = f"Ευχαριστώ!\n> {link}\n> Κωδικός: {code}"
    html = f'<p>Ευχαριστώ!</p><a href="{link.replace("&", "&amp;")}">{code}</a>'
    [found] = taken(a_mail(text=quoted, html=html, signed=(standing.id,)))
    said = db.session.get(Message, found.message_id)
    assert (found.ticket_id, code in said.text, code in said.html) == (standing.id, False, False)
    assert "Ευχαριστώ!" in said.text and "μόνο στο ίδιο το μήνυμα" in said.html
    everything = an_administrator()
    assert search.queue(everything, Filters(q="Ευχαριστώ"), at=NOON).rows
    assert not search.queue(everything, Filters(q=f'"{code}"'), at=NOON).rows


def test_one_mail_to_two_of_our_addresses_is_a_request_at_each_and_the_two_are_linked():
    at_once = taken(a_mail(external_id="a@x"), a_mail(external_id="a@x"))
    first, second = (one.ticket_id for one in at_once)
    assert first != second and links(second) == [("related", first)]
    [later] = taken(a_mail(external_id="a@x"))
    assert later.ticket_id not in {first, second} and links(later.ticket_id)[0][0] == "related"


def test_a_stranger_who_repeats_a_message_id_is_linked_with_nothing():
    taken(a_mail(external_id="a@x"))
    [found] = taken(a_mail(external_id="a@x", contact=Contact("eve@example.org", "Eve")))
    assert links(found.ticket_id) == []
    both = taken(a_mail(external_id="b@x"), a_mail(external_id="b@x", contact=Contact("eve@example.org", "Eve")))
    assert links(both[1].ticket_id) == []
