"""The queue shows what breaks first, finds what was said, and never shows what the reader may not see."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from helpdesk.db import db
from helpdesk.errors import Invalid
from helpdesk.models.tickets import Attachment
from helpdesk.services import conversation, fulltext, search, views
from helpdesk.services.filters import Filters
from helpdesk.services.views import Sort, View
from tests import builders as a
from tests.builders import NOON

pytestmark = pytest.mark.usefixtures("session")


@contextmanager
def statements():
    """Collects the SQL that runs inside."""
    seen = []
    engine = db.session().get_bind()
    listener = lambda *given: seen.append(given[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", listener)


def index():
    """What intake does for each message."""
    db.session.flush()
    db.session.execute(
        text(
            "insert into message_words (message_id, ticket_id, at, words)"
            " select id, ticket_id, at, to_tsvector('helpdesk', text) from message on conflict do nothing"
        )
    )


def numbers(page):
    return [row.number for row in page.rows]


def found(actor, q, **filters):
    return numbers(search.queue(actor, Filters(q=q, **filters), at=NOON))


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("view", [View.DEPARTMENTS, View.ALL, View.ANY])
def test_a_lasting_major_incident_stands_before_all_others_in_every_order(sort, view):
    department = a.a_department()
    agent = a.an_agent(department)
    given = [{"received_at": NOON + timedelta(hours=hours), "next_due_at": NOON} for hours in (-3, -1, 0, 1, 3)]
    every = [a.a_ticket(department_id=department.id, status="open", resolved_at=NOON, **one) for one in given]
    every[2].major = True
    over = a.a_ticket(department_id=department.id, major=True, status="closed", resolved_at=NOON)
    first = search.queue(agent, Filters(view=view, sort=sort), limit=3, at=NOON)
    then = search.queue(agent, Filters(view=view, sort=sort), first.next, limit=3, at=NOON)
    whole = numbers(first) + numbers(then)
    expected = {one.id for one in every} | ({over.id} if view is View.ANY else set())
    assert (len(whole), set(whole)) == (len(expected), expected)
    assert whole[0] == every[2].id or sort is Sort.RESOLVED


def test_what_is_due_first_stands_on_top():
    department = a.a_department()
    agent = a.an_agent(department)
    late, later, never = (
        a.a_ticket(department_id=department.id, **due)
        for due in ({"next_due_at": NOON - timedelta(hours=1)}, {"next_due_at": NOON + timedelta(hours=3)}, {})
    )
    page = search.queue(agent, Filters(view=View.DEPARTMENTS), at=NOON)
    assert numbers(page) == [late.id, later.id, never.id]
    assert page.rows[0].due_at == NOON - timedelta(hours=1)
    assert page.rows[2].due_at is None


@pytest.mark.parametrize("view", [View.DEPARTMENTS, View.ALL, View.ANY])
@pytest.mark.parametrize("sort", [Sort.DUE, Sort.NEWEST, Sort.OLDEST])
def test_paging_neither_repeats_nor_skips_even_among_equals(view, sort):
    departments = [a.a_department() for _ in range(3)]
    agent = a.an_agent(*departments)
    made = [
        a.a_ticket(
            department_id=departments[i % 3].id,
            next_due_at=NOON + timedelta(hours=i // 4),
            received_at=NOON - timedelta(minutes=i // 5),
        ).id
        for i in range(17)
    ]
    seen, cursor = [], None
    while True:
        page = search.queue(agent, Filters(view=view, sort=sort), cursor, limit=4, at=NOON)
        seen += numbers(page)
        cursor = page.next
        if cursor is None:
            break
    assert sorted(seen) == sorted(made)


def test_each_view_shows_its_own():
    mine, other = a.a_department(), a.a_department()
    agent, colleague = a.an_agent(mine), a.an_agent(mine)
    taken = a.a_ticket(department_id=mine.id, assignee_id=agent.id, next_due_at=NOON + timedelta(hours=1))
    free = a.a_ticket(department_id=mine.id)
    theirs = a.a_ticket(department_id=mine.id, assignee_id=colleague.id, status="waiting_requester")
    away = a.a_ticket(department_id=other.id)
    homeless = a.a_ticket()
    done = a.a_ticket(department_id=mine.id, status="resolved", resolved_at=NOON)

    def shown(view):
        return set(numbers(search.queue(agent, Filters(view=view), at=NOON)))

    assert shown(View.MINE) == {taken.id}
    assert shown(View.RISK) == {taken.id}
    assert shown(View.UNASSIGNED) == {free.id}
    assert shown(View.DEPARTMENTS) == {taken.id, free.id, theirs.id}
    assert shown(View.WAITING) == {theirs.id}
    assert shown(View.TRIAGE) == {homeless.id}
    assert shown(View.RESOLVED) == {done.id}
    assert shown(View.ALL) == {taken.id, free.id, theirs.id, away.id, homeless.id}
    assert shown(View.ANY) == {taken.id, free.id, theirs.id, away.id, homeless.id, done.id}


def test_a_view_counts_what_it_shows():
    mine = a.a_department()
    agent = a.an_agent(mine)
    for view in range(3):
        a.a_ticket(department_id=mine.id, assignee_id=agent.id if view else None)
    message = a.a_message(a.a_ticket(department_id=mine.id), direction="outbound", delivery_state="refused")
    counts = views.counts(agent, NOON)
    for view in views.COUNTED:
        assert counts[view] == len(search.queue(agent, Filters(view=view), at=NOON).rows), view
    assert counts[View.UNDELIVERED] == 1
    assert numbers(search.queue(agent, Filters(view=View.UNDELIVERED), at=NOON)) == [message.ticket_id]


def test_counts_stop_where_they_stop_telling(monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)
    mine = a.a_department()
    for _ in range(3):
        a.a_ticket(department_id=mine.id)
    assert views.counts(a.an_agent(mine), NOON)[View.DEPARTMENTS] == 2


def test_filters_narrow_each_by_its_field():
    mine = a.a_department()
    service = a.a_service(department_id=mine.id)
    agent = a.an_agent(mine)
    citizen = a.a_citizen()
    wanted = a.a_ticket(
        department_id=mine.id, service_id=service.id, assignee_id=agent.id, priority="high", status="open",
        type="complaint", channel="phone", tags=["dog"], requester=citizen, received_at=NOON - timedelta(days=3),
    )  # fmt: skip
    a.a_ticket(department_id=mine.id)
    for name, value in {
        "department": mine.key, "service": service.key, "assignee": "me", "priority": "high", "status": "open",
        "type": "complaint", "channel": "phone", "tag": "dog", "requester": citizen.id,
        "received_from": NOON - timedelta(days=4),
    }.items():  # fmt: skip
        shown = numbers(search.queue(agent, Filters(view=View.ANY, **{name: value}), at=NOON))
        assert wanted.id in shown, name
        assert len(shown) == (2 if name in {"department", "received_from"} else 1), name
    assert wanted.id not in numbers(search.queue(agent, Filters(view=View.ANY, assignee="nobody"), at=NOON))
    before = Filters(view=View.ANY, received_to=NOON - timedelta(days=5))
    assert not numbers(search.queue(agent, before, at=NOON))


def test_another_departments_restricted_ticket_is_invisible_in_every_list_and_count():
    mine, other = a.a_department(), a.a_department()
    agent = a.an_agent(mine)
    secret = a.a_ticket(department_id=other.id, restricted=True, text="μυστικό πανηγύρι", assignee_id=None)
    a.a_message(secret, direction="outbound", delivery_state="refused")
    hidden = a.a_ticket(restricted=True)
    index()
    for view in View:
        shown = numbers(search.queue(agent, Filters(view=view), at=NOON))
        assert secret.id not in shown
        assert hidden.id not in shown
    assert not any(views.counts(agent, NOON).values())
    for q in ("πανηγύρι", str(secret.id), "Πολίτης"):
        assert secret.id not in found(agent, q), q
    insider = a.an_agent(other)
    assert found(insider, "πανηγύρι") == [secret.id]


def test_search_finds_words_whatever_their_accents_endings_and_script():
    agent = a.an_agent(a.a_department())
    lamp = a.a_ticket(text="Οι λαμπτήρες στην πλατεία δεν ανάβουν")
    light = a.a_ticket(text="The street lights are broken")
    index()
    assert found(agent, "λαμπτηρας") == [lamp.id]
    assert found(agent, "στην πλατεια") == [lamp.id]
    assert found(agent, "light street") == [light.id]
    assert found(agent, "πλατεία -λαμπτήρες") == []
    assert found(agent, '"street lights"') == [light.id]
    assert found(agent, '"lights street"') == []


def test_the_last_word_counts_as_a_beginning():
    agent = a.an_agent(a.a_department())
    ticket = a.a_ticket(text="Ζητώ πιστοποιητικό γέννησης")
    index()
    assert found(agent, "γεννησης πιστοπ") == [ticket.id]
    assert found(agent, "πιστοπ γεννησης") == []


def test_search_is_newest_first_and_pages_exactly_beyond_the_newest_messages(monkeypatch):
    monkeypatch.setattr(fulltext, "WINDOW", 5)
    agent = a.an_agent(a.a_department())
    made = []
    for i in range(12):
        ticket = a.a_ticket(text="λακκούβα", received_at=NOON + timedelta(minutes=i))
        a.a_message(ticket, text="πάλι λακκούβα" if i % 3 else "άλλο", at=NOON + timedelta(minutes=60 + 30 * (i % 4)))
        made.append(ticket.id)
    index()
    newest = text(
        "select ticket_id from message_words where words @@ to_tsquery('helpdesk', 'λακκούβα')"
        " group by ticket_id order by max(at) desc, ticket_id desc"
    )
    expected = list(db.session.execute(newest).scalars())
    seen, cursor = [], None
    while True:
        page = search.queue(agent, Filters(q="λακκούβα"), cursor, limit=2, at=NOON)
        seen += numbers(page)
        cursor = page.next
        if cursor is None:
            break
    assert seen == expected
    assert sorted(seen) == sorted(made)


def test_numbers_addresses_phones_and_names_are_recognised():
    agent = a.an_agent(a.a_department())
    citizen = a.a_citizen(name="Ελένη Παπαδοπούλου", email="eleni@example.org", phone="+306912345678")
    ticket = a.a_ticket(requester=citizen, text="κάτι")
    other = a.a_ticket(text=f"βλέπε {ticket.id}")
    index()
    assert found(agent, f"#{ticket.id}") == [ticket.id, other.id]
    assert found(agent, "Eleni@example.org") == [ticket.id]
    assert found(agent, "eleni@") == [ticket.id]
    assert found(agent, "691 234 5678") == [ticket.id]
    assert found(agent, "παπαδοπουλου") == [ticket.id]


def test_excerpts_mark_the_words_and_nothing_of_a_message_becomes_markup():
    agent = a.an_agent(a.a_department())
    a.a_ticket(text="<script>alert(1)</script> λακκούβα <b>μεγάλη</b>")
    index()
    (row,) = search.queue(agent, Filters(q="λακκούβα"), at=NOON).rows
    assert "<mark>λακκούβα</mark>" in row.excerpt
    assert "<script" not in row.excerpt
    assert "<b>" not in row.excerpt


def test_a_broken_cursor_is_refused():
    with pytest.raises(Invalid):
        search.queue(a.an_agent(a.a_department()), Filters(), "nonsense", at=NOON)


@pytest.mark.parametrize("q", ["'", '"', "a & | b", "!!", "\\", "(:*", "%", "or", "-", "\x00x", "x" * 5000, "<>", "@"])
def test_no_query_breaks_the_search(q):
    search.queue(a.an_agent(a.a_department()), Filters(q=q), at=NOON)


def test_statements_do_not_grow_with_rows_or_messages():
    mine = a.a_department()
    agent = a.an_agent(mine)
    for _ in range(30):
        ticket = a.a_ticket(department_id=mine.id)
    for _ in range(20):
        message = a.a_message(ticket)
    db.session.add(Attachment(message_id=message.id, name="a.pdf", content_type="application/pdf", size=1, sha256="0"))
    index()
    with statements() as seen:
        search.queue(agent, Filters(view=View.DEPARTMENTS), at=NOON)
        assert len(seen) == 1
        search.queue(agent, Filters(q="Καλημέρα"), at=NOON)
        assert len(seen) <= 4
        seen.clear()
        conversation.read(agent, ticket.id)
        assert len(seen) <= 8
