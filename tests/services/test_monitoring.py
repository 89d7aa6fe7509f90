"""Events from monitoring: proven, kept first, one incident a trouble, noted, counted, bounded; recovery is noted."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from channels.port import Hook
from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.monitoring import Signal
from helpdesk.models.post import Inbound
from helpdesk.models.tickets import Message, Ticket
from helpdesk.services import hooks, inbox, majors, rulebook, tickets, watchers
from tests.builders import NOON, a_department, a_service, an_account, an_administrator, an_agent
from tests.services.moves import kinds
from tests.services.test_majors import SUMMARIES, TITLES

SIGNATURE = "x-monitoring-signature"


@pytest.fixture
def now(monkeypatch):
    """The moment of the calls, to be moved on."""
    moment = [NOON]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    return moment


@pytest.fixture
def root(session, now):
    rulebook.ensure_defaults(NOON - timedelta(days=1))
    an_account(is_default=True)
    return an_administrator()


@pytest.fixture
def service(root):
    return a_service(department_id=a_department().id, key="portal", type="incident")


@pytest.fixture
def account(root, service):
    made = watchers.create(root, "Prometheus", {"service": "portal", "impact": "high", "most_an_hour": 3}, at=NOON)
    ground.commit()
    return made


def alertmanager(status="firing", key='{}:{alertname="PortalDown"}', severity="critical", **more) -> bytes:
    """What Alertmanager's documentation says that a webhook of version 4 carries."""
    labels = {"alertname": "PortalDown", "instance": "web-1.example.org", "severity": severity}
    return json.dumps({
        "version": "4", "groupKey": key, "truncatedAlerts": 0, "status": status, "receiver": "helpdesk",
        "groupLabels": {"alertname": "PortalDown"}, "commonLabels": labels,
        "commonAnnotations": {"summary": "The portal does not answer"}, "externalURL": "http://alerts.example.org",
        "alerts": [{
            "status": status, "labels": labels, "annotations": {"summary": "The portal does not answer"},
            "startsAt": "2026-11-24T09:58:00Z", "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://prometheus.example.org/graph", "fingerprint": "a1f5e2d0c3b49687",
        }],
    } | more).encode()  # fmt: skip


def call(account, body: bytes, **headers) -> None:
    """Alertmanager calls, with the secret as its bearer token; then a worker works it off."""
    given = {"authorization": f"Bearer {account.secret}"} | headers
    hooks.take("monitoring", str(account.id), Hook("", body, given))
    inbox.process()


def signed(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    moment = f"{at.timestamp():.0f}"
    told = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {SIGNATURE: f"t={moment},v1={told}"}


def plain(**given) -> bytes:
    return json.dumps({"key": "disk", "level": "exception", "title": "The disk is full"} | given).encode()


def opened() -> list[Ticket]:
    return db.session.query(Ticket).filter_by(channel="monitoring").order_by(Ticket.id).all()


def notes(ticket) -> int:
    return db.session.query(Message).filter_by(ticket_id=ticket.id, audience="internal").count()


def test_an_exception_opens_one_incident_however_often_it_is_told(account, now):
    for minutes in (0, 4, 8, 20):
        now[0] = NOON + timedelta(minutes=minutes)
        call(account, alertmanager())
    [ticket] = opened()
    assert (ticket.type, ticket.impact, ticket.subject) == ("incident", "high", "The portal does not answer")
    assert ticket.requester_id is None and ticket.service_id is not None
    assert db.session.query(Signal).one().reports == 4
    assert notes(ticket) == 1
    assert kinds(ticket).count("signal_reported") == 2
    assert "major_criteria_checked" in kinds(ticket)


def test_a_warning_is_noted_and_information_is_only_counted(account, now):
    call(account, plain(level="warning"))
    call(account, plain(level="information", key="backup", title="Backup done"))
    assert opened() == []
    call(account, plain())
    now[0] = NOON + timedelta(minutes=11)
    call(account, plain(level="warning", text="Better, not good."))
    [ticket] = opened()
    assert notes(ticket) == 1


def test_recovery_is_noted_once_and_resolves_only_where_the_account_says_so(root, account, now):
    call(account, alertmanager())
    now[0] = NOON + timedelta(minutes=5)
    for _ in range(2):
        call(account, alertmanager("resolved"))
        now[0] += timedelta(minutes=2)
    [ticket] = opened()
    assert (ticket.status, kinds(ticket).count("signal_recovered")) == ("new", 1)
    settings = {"service": "portal", "impact": "high", "most_an_hour": 3, "resolves": True}
    watchers.change(root, account.id, "Prometheus", settings, True, at=now[0])
    for status in ("firing", "resolved"):
        now[0] += timedelta(minutes=20)
        call(account, alertmanager(status))
    assert opened()[0].status == "resolved"
    now[0] += timedelta(minutes=20)
    call(account, alertmanager())
    assert len(opened()) == 2


def test_recovery_never_resolves_a_major_incident(root, account, now):
    settings = {"service": "portal", "impact": "high", "most_an_hour": 3, "resolves": True}
    watchers.change(root, account.id, "Prometheus", settings, True, at=NOON)
    call(account, alertmanager())
    [ticket] = opened()
    majors.declare(root, ticket.id, root.id, TITLES, SUMMARIES, at=NOON)
    now[0] = NOON + timedelta(minutes=20)
    call(account, alertmanager("resolved"))
    assert (opened()[0].status, kinds(ticket)[-1]) == ("open", "signal_recovered")


def test_a_flood_goes_on_one_common_incident(account, now):
    for at in range(12):
        call(account, plain(key=f"disk-{at}", title=f"Disk {at} is full"))
    found = opened()
    assert len(found) == 4
    assert found[3].subject.startswith("Η παρακολούθηση αναφέρει περισσότερες")


def test_a_call_is_proven_by_a_signature_within_its_window_or_by_the_secret(account, now):
    body = plain()
    refused = [
        {}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {account.secret}"},
        signed("another secret that is long enough", body, NOON), signed(account.secret, b"{}", NOON),
        signed(account.secret, body, NOON - timedelta(minutes=6)),
        signed(account.secret, body, NOON + timedelta(hours=1)),
        {SIGNATURE: "t=1,v1=zz"},
    ]  # fmt: skip
    for headers in refused:
        with pytest.raises(Forbidden):
            hooks.take("monitoring", str(account.id), Hook("", body, headers))
    assert db.session.query(Inbound).count() == 0
    headers = signed(account.secret, body, NOON)
    assert hooks.take("monitoring", str(account.id), Hook("", body, headers)) == 1
    now[0] = NOON + timedelta(minutes=3)
    assert hooks.take("monitoring", str(account.id), Hook("", body, headers)) == 0


def test_another_secret_counts_at_once_and_the_old_one_for_a_day(root, account, now):
    newer = watchers.rotate(root, account.id, at=NOON)
    ground.commit()
    for at, kept in ((account, True), (newer, True)):
        call(at, plain(), **{"x-unused": str(kept)})
    now[0] = NOON + timedelta(hours=25)
    call(newer, plain())
    with pytest.raises(Forbidden):
        call(account, plain())


def test_junk_is_refused_where_it_calls_and_the_raw_call_is_kept_first(account, root):
    for junk in (b"no json", b"[]", b"{}", b'{"events": []}', alertmanager(version="3"), plain(state="maybe")):
        with pytest.raises(Invalid):
            hooks.take("monitoring", str(account.id), Hook("", junk, {"authorization": f"Bearer {account.secret}"}))
    hooks.take("monitoring", str(account.id), Hook("", plain(), {"authorization": f"Bearer {account.secret}"}))
    row = db.session.query(Inbound).one()
    assert (row.state, row.raw) == ("kept", plain())
    inbox.process()
    db.session.refresh(row)
    assert (row.state, row.outcome, row.ticket_id) == ("processed", "opened", opened()[0].id)


def test_several_events_in_one_call_and_a_finished_incident_opens_anew(root, account, now):
    call(account, json.dumps({"events": [{"key": "a", "title": "A"}, {"key": "b", "title": "B"}]}).encode())
    assert [one.subject for one in opened()] == ["A", "B"]
    tickets.resolve(root, opened()[0].id, "solved", "Έγινε.", at=now[0])
    ground.commit()
    now[0] = datetime(2026, 11, 24, 11, tzinfo=UTC)
    call(account, plain(key="a", title="A"))
    assert len(opened()) == 3


def test_only_administrators_keep_accounts_and_the_test_button_goes_through_the_door(root, account):
    agent = an_agent(a_department())
    for act in (
        lambda: watchers.create(agent, "x", {}), lambda: watchers.rotate(agent, account.id),
        lambda: watchers.try_out(agent, account.id), lambda: watchers.change(agent, account.id, "x", {}, True),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Invalid):
        watchers.create(root, " ", {"service": "nowhere", "impact": "huge", "most_an_hour": 0})
    assert watchers.try_out(root, account.id) == 1
    inbox.process()
    assert opened() == []
    assert watchers.listed()[0].last_at is not None
