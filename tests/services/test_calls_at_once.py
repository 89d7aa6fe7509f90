"""Two colleagues press 1 for the same caller at the same moment, by real HTTP: one has the call, the other is told."""

import http.client
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.serving import make_server

from channels.twilio_carrier import SIGNATURE, sign
from helpdesk import clock, create_app
from helpdesk.db import commit, db
from helpdesk.models.assignment import Offer
from helpdesk.models.calls import Call, CallLeg, PhoneNumber
from helpdesk.services import accounts, calls, catalogue, presence, rulebook
from helpdesk.services.calls import ringing
from tests.builders import NOON, a_department
from tests.conftest import settings_for
from tests.services.crew import a_member
from tests.services.telephone import ACCOUNT, DESKS, OURS, TOKEN

ROUNDS = 15


@dataclass
class House:
    """The application behind a door on this machine, and who works in it."""

    app: Flask
    door: str
    base: str
    members: list

    def post(self, path: str, **facts: str) -> str:
        """What the carrier is answered."""
        body = urlencode({"AccountSid": ACCOUNT, "CallStatus": "in-progress"} | facts).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            SIGNATURE: sign(self.base + path, body, TOKEN),
        }
        parts = urlsplit(self.door)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        try:
            connection.request("POST", urlsplit(self.base).path + path, body, headers)
            answer = connection.getresponse()
            assert answer.status == 200
            return answer.read().decode()
        finally:
            connection.close()


@pytest.fixture
def house(own_database: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    app = create_app(settings_for(own_database, redis_url, tmp_path))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    public = app.config["SETTINGS"].public_base_url.rstrip("/")
    with app.app_context():
        account, members = _furnished()
        commit()
    try:
        yield House(app, f"http://127.0.0.1:{server.port}", f"{public}/hooks/phone/{account}/", members)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _furnished() -> tuple[int, list]:
    now = clock.now()
    rulebook.ensure_defaults(now - timedelta(days=1))
    place = a_department()
    settings = {"account_sid": ACCOUNT, "base_url": "http://127.0.0.1:1"}
    account = accounts.ChannelAccount(
        kind="phone", address=ACCOUNT, name="phone", active=True, settings=settings,
        secrets=accounts.seal({"auth_token": TOKEN}),
    )  # fmt: skip
    db.session.add(account)
    db.session.flush()
    names = {"el": "Κέντρο", "en": "Switchboard"}
    number = PhoneNumber(
        account_id=account.id, number=OURS, names=names, department_id=place.id, calendar_key="always", languages=["el"]
    )
    db.session.add(number)
    members = [a_member(place, at=now, languages=["el"]) for _ in range(2)]
    for member, desk in zip(members, DESKS, strict=False):
        calls.sit_at(member, desk, at=now)
    accounts.changed()
    catalogue.changed(now)
    return account.id, members


def waits(house: House, name: str) -> int:
    """Somebody calls and is offered to a colleague; the call."""
    house.post("voice/inbound", CallSid=name, From="+306944123456", To=OURS, Direction="inbound")
    with house.app.app_context():
        return int(db.session.execute(select(Call.id).where(Call.sid == name)).scalar_one())


def there(house: House) -> None:
    """Both take calls again: whoever let one lapse counts as away until they say otherwise."""
    with house.app.app_context():
        for member in house.members:
            presence.choose(member, "available", at=clock.now())
        commit()


def lapse(house: House, call_id: int) -> None:
    """The lease is over, the telephone still rings, and the clock looks for the next colleague."""
    with house.app.app_context():
        now = clock.now()
        over = update(Offer).where(Offer.kind == "call", Offer.work_id == call_id, Offer.state == "offered")
        db.session.execute(over.values(expires_at=now - timedelta(seconds=1)))
        commit()
        ringing.look(now)
        commit()


def lines(house: House, call_id: int) -> list[CallLeg]:
    with house.app.app_context():
        query = select(CallLeg).where(CallLeg.call_id == call_id, CallLeg.role == "agent").order_by(CallLeg.id)
        found = list(db.session.scalars(query))
        db.session.expunge_all()
        return found


def at_once(acts) -> list:
    """Does all at the same moment; what each came to."""
    start, ends = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        start.wait(60)
        ends[place] = acts[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return ends


def settle(house: House, call_id: int) -> None:
    """The call ends, so that both are free for the next one."""
    with house.app.app_context():
        sid = db.session.execute(select(Call.sid).where(Call.id == call_id)).scalar_one()
    house.post("voice/room/999", CallSid=sid)
    body = {"CallSid": sid, "CallStatus": "completed", "From": "+306944123456", "To": OURS, "Direction": "inbound"}
    at_end(house, body)
    with house.app.app_context():
        call = db.session.get_one(Call, call_id)
        assert call.ended_at is not None and call.agent_id is not None
        agent = next(one for one in house.members if one.id == call.agent_id)
        calls.wrap_up(agent, call_id, "settled")
        commit()


def at_end(house: House, facts: dict[str, str]) -> None:
    body = urlencode({"AccountSid": ACCOUNT, "SequenceNumber": "9"} | facts).encode()
    with house.app.test_client() as client:
        url = f"{house.base}call/status"
        answer = client.post(
            urlsplit(url).path, data=body,
            headers={"Content-Type": "application/x-www-form-urlencoded", SIGNATURE: sign(url, body, TOKEN)},
        )  # fmt: skip
        assert answer.status_code == 204


def test_of_two_who_press_1_at_once_exactly_one_has_the_call_and_the_other_hears_so(house):
    for turn in range(ROUNDS):
        there(house)
        call_id = waits(house, f"CA{turn:032}")
        lapse(house, call_id)
        first, second = lines(house, call_id)
        assert first.person_id != second.person_id
        press = [
            lambda leg=leg: house.post(f"voice/accept/{leg.key}", CallSid=f"CA{leg.id:030}aa", Digits="1")
            for leg in (first, second, first, second)
        ]
        words = at_once(press)
        late, won = (words[0], words[2]), (words[1], words[3])
        assert all("<Conference" in one for one in won)
        assert all("πήρε ήδη" in one and "<Hangup" in one and "<Conference" not in one for one in late)
        with house.app.app_context():
            call = db.session.get_one(Call, call_id)
            assert (call.state, call.agent_id) == ("talking", second.person_id)
            taken = select(Offer.person_id).where(
                Offer.kind == "call", Offer.work_id == call_id, Offer.state == "accepted"
            )
            assert list(db.session.scalars(taken)) == [second.person_id]
        settle(house, call_id)


def test_a_key_pressed_while_the_lease_is_given_to_the_next_goes_one_way_or_the_other_never_both(house):
    ways = set()
    for turn in range(ROUNDS):
        there(house)
        call_id = waits(house, f"CB{turn:032}")
        [first] = lines(house, call_id)
        words, _ = at_once(
            [
                lambda leg=first: house.post(f"voice/accept/{leg.key}", CallSid=f"CB{leg.id:030}aa", Digits="1"),
                lambda call_id=call_id: lapse(house, call_id),
            ]
        )
        with house.app.app_context():
            has_it = db.session.get_one(Call, call_id).agent_id == first.person_id
        ways.add(has_it)
        assert has_it == ("<Conference" in words)
        if not has_it:
            if len(lines(house, call_id)) == 1:
                lapse(house, call_id)  # the key held the call in that second; the clock's next look finds it
            second = lines(house, call_id)[-1]
            assert second.person_id != first.person_id
            joins = house.post(f"voice/accept/{second.key}", CallSid=f"CB{second.id:030}bb", Digits="1")
            assert "<Conference" in joins
        settle(house, call_id)
    assert ways
