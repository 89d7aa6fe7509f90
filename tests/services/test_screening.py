"""Screening: lists, spam scores, floods, the brake on acknowledgements; what is held back can be let in and undone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import text

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.services import accounts, inbox, invariants, marks, quarantine, reckoning, rulebook
from helpdesk.services.screening import arrivals, brake, review, senders
from tests.builders import NOON, a_citizen, a_supervisor, an_account, an_administrator, an_agent


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    row = an_account(address="info@city.example", is_default=True)
    accounts.changed()
    before = current_app.config["SETTINGS"]
    yield accounts.book().by_id[row.id]
    current_app.config["SETTINGS"] = before


def mail(number: int, sender: str = "", subject: str = "Νερά", **headers: str) -> bytes:
    head = {"From": sender or f"citizen{number}@example.org", "Subject": subject, "Message-ID": f"<s{number}@x>"}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in (head | headers).items())
    return f"{lines}\r\nΔιαρροή {number}.\r\n".encode()


def come(body, *mails: bytes) -> None:
    inbox.keep([inbox.piped(one, body) for one in mails])
    while inbox.process():
        pass


def states() -> list[tuple[str, str | None, str | None]]:
    rows = db.session.execute(text("select state, outcome, reason from inbound order by id"))
    return [tuple(row) for row in rows]


def letters(state: str) -> int:
    return db.session.execute(text("select count(*) from outbound where state = :state"), {"state": state}).scalar_one()


def ids(state: str) -> list[int]:
    return list(db.session.execute(text("select id from inbound where state = :s order by id"), {"s": state}).scalars())


def test_an_address_counts_before_its_domain_and_a_domain_before_those_above():
    assert senders.candidates("A@Mail.Example.org") == ["a@mail.example.org", "@mail.example.org", "@example.org"]
    root = an_administrator()
    senders.put(root, "@example.org", "block", "", NOON)
    senders.put(root, "good@example.org", "allow", "", NOON)
    assert senders.verdicts(["x@sub.example.org", "good@example.org", "a@other.org"]) == {
        "x@sub.example.org": "block", "good@example.org": "allow",
    }  # fmt: skip


def test_mail_of_a_blocked_sender_opens_nothing_and_is_answered_by_nobody(body):
    senders.put(an_administrator(), "@spam.example", "block", "phishing", NOON)
    come(body, mail(1, "x@spam.example"), mail(2))
    assert states() == [("held", None, "blocked"), ("processed", "opened", None)]
    assert letters("waiting") == 1


@pytest.mark.parametrize(("headers", "held"), [
    ({"X_Spam_Flag": "YES"}, True),
    ({"X_Spam_Score": "9.5"}, True),
    ({"X_Spam_Score": "3"}, False),
    ({"X_Spam_Status": "No, score=9.9 required=15"}, False),
    ({"X_MS_Exchange_Organization_SCL": "6"}, True),
])  # fmt: skip
def test_what_a_spam_filter_said_is_honoured(body, headers, held):
    come(body, mail(1, **headers))
    assert [state for state, _, _ in states()] == ["held" if held else "processed"]


def test_an_allowed_sender_is_let_in_whatever_a_filter_says(body):
    senders.put(an_administrator(), "anna@example.org", "allow", "", NOON)
    come(body, mail(1, "Anna@example.org", X_Spam_Flag="YES"))
    assert states() == [("processed", "opened", None)]


def test_a_sender_who_writes_more_than_a_person_can_waits(body, monkeypatch):
    monkeypatch.setattr(arrivals, "MOST_OF_A_SENDER", 3)
    come(body, *(mail(number, "loop@example.org") for number in range(5)))
    come(body, mail(9))
    assert [state for state, _, _ in states()] == ["processed"] * 3 + ["held"] * 2 + ["processed"] or [
        state for state, _, _ in states()
    ] == ["held"] * 5 + ["processed"]
    come(body, mail(10, "loop@example.org"))
    assert states()[-1] == ("held", None, "flood")


def test_what_was_held_becomes_a_ticket_when_a_person_says_so(body):
    come(body, mail(1, X_Spam_Flag="YES"))
    boss = a_supervisor()
    [waiting] = quarantine.held(boss)
    assert (waiting.sender, waiting.subject, waiting.spam["flag"]) == ("citizen1@example.org", "Νερά", True)
    quarantine.let_in(boss, ids("held"))
    inbox.process()
    assert states() == [("processed", "opened", None)]
    assert letters("waiting") == 1
    with pytest.raises(Stale):
        quarantine.let_in(boss, [waiting.row.id])


def test_discarding_needs_a_reason_and_can_be_undone(body):
    come(body, mail(1, X_Spam_Flag="YES"))
    boss = a_supervisor()
    ground.commit()
    with pytest.raises(Invalid):
        quarantine.discard(boss, ids("held"), "because")
    quarantine.discard(boss, ids("held"), "spam")
    assert states() == [("discarded", None, "spam")]
    assert [item.row.id for item in quarantine.discarded(boss)] == ids("discarded")
    quarantine.bring_back(boss, ids("discarded"))
    assert states() == [("held", None, "brought-back")]
    acts = db.session.execute(text("select act from house_event where kind = 'mail' order by id")).scalars().all()
    assert acts == ["discarded", "brought-back"]


def test_agents_decide_none_of_this(body):
    agent, boss = an_agent(), a_supervisor()
    acts = (
        lambda: quarantine.held(agent),
        lambda: quarantine.discard(agent, [1], "spam"),
        lambda: review.reset(agent),
        lambda: senders.put(boss, "@x.org", "block", "", NOON),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def limit(most: int) -> None:
    current_app.config["SETTINGS"] = replace(current_app.config["SETTINGS"], acknowledgement_limit=most)


def test_many_strangers_at_once_trip_the_brake_and_their_tickets_open_all_the_same(body):
    limit(10)
    come(body, *(mail(number, f"victim{number}@host{number}.example", f"Θέμα {number}") for number in range(9)))
    assert (letters("waiting"), letters("held")) == (9, 0)
    come(body, *(mail(number, f"victim{number}@host{number}.example", f"Θέμα {number}") for number in range(10, 15)))
    assert (letters("waiting"), letters("held")) == (9, 5)
    assert review.tripped(a_supervisor()).reason == "strangers"
    assert {state for state, _, _ in states()} == {"processed"}
    shown = db.session.execute(text("select count(*) from message where delivery_state = 'held'")).scalar_one()
    assert shown == 5


@pytest.mark.parametrize(("sender", "subject", "reason"), [
    ("v{0}@host{0}.example", "Κερδίσατε!", "subject"),
    ("v{0}@one.example", "Θέμα {0}", "domain"),
])  # fmt: skip
def test_a_wave_under_one_subject_or_of_one_domain_trips_it_sooner(body, sender, subject, reason):
    limit(20)
    come(body, *(mail(one, sender.format(one), ("Re: " if one % 2 else "") + subject.format(one)) for one in range(13)))
    assert review.tripped(a_supervisor()).reason == reason


def test_who_is_known_is_answered_while_the_brake_is_on(body):
    limit(2)
    a_citizen(email="known@example.org", created_at=clock.now() - timedelta(days=30))
    come(body, *(mail(number) for number in range(5)))
    come(body, mail(77, "known@example.org"))
    assert (letters("waiting"), letters("held")) == (1, 5)


def test_a_person_lets_letters_go_or_takes_them_back_and_releases_the_brake(body):
    limit(2)
    boss = a_supervisor()
    ground.commit()
    come(body, *(mail(number) for number in range(5)))
    first, *rest = [row.id for row in review.waiting(boss)]
    review.decide(boss, [first], "waiting")
    review.decide(boss, rest, "withdrawn")
    assert (letters("waiting"), letters("withdrawn"), review.how_many()) == (1, 4, 0)
    with pytest.raises(Stale):
        review.decide(boss, [first], "withdrawn")
    review.reset(boss)
    come(body, mail(50))
    assert (letters("waiting"), brake.is_tripped()) == (2, False)
    assert not [fault for fault in invariants.broken() if "outbound" in fault.thing or "inbound" in fault.thing]


def test_every_mail_stands_somewhere(body):
    senders.put(an_administrator(), "@spam.example", "block", "", NOON)
    bounce = mail(5, "mailer-daemon@x.example", "Undelivered Mail", Auto_Submitted="auto-replied")
    come(body, mail(1), mail(2, "x@spam.example"), bounce, b" \r\n", mail(3, "y@spam.example"))
    come(body, mail(4, "citizen1@example.org", In_Reply_To="<s1@x>"))
    inbox.keep([inbox.piped(mail(6), body)])
    boss = a_supervisor()
    quarantine.discard(boss, ids("held")[:1], "spam")
    now = clock.now()
    found = reckoning.reckon(boss, now - timedelta(days=1), now + timedelta(seconds=1))
    assert (found.came, found.difference) == (7, 0)
    assert (found.opened, found.joined, found.automatic, found.held, found.discarded) == (1, 1, 1, 1, 1)
    assert (found.unreadable, found.kept) == (1, 1)
    assert [alarm.code for alarm in reckoning.alarms(boss, now)] == ["unreadable"]
    assert not [fault for fault in invariants.broken() if "inbound" in fault.thing]


def test_marks_say_nothing_to_who_reads_the_table_and_are_forgotten(body):
    come(body, mail(1, "anna@example.org"))
    kept = db.session.execute(text("select mark from arrival_mark")).scalars().all()
    assert kept
    assert not any("anna" in one for one in kept)
    assert marks.forget(clock.now() + timedelta(days=2)) == len(kept)
    assert marks.subject_of("RE: Fwd: ΑΠ: Κερδίσατε !!! ") == marks.subject_of("κερδίσατε")
