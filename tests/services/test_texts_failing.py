"""What goes wrong between citizens, carrier and us: nothing goes twice, nothing hostile is fetched, nothing is lost."""

import os
from random import Random

import pytest
from sqlalchemy import select

from channels.carrier import Refused
from channels.phone.simulator.faults import Faults
from channels.sms import CHANNEL
from channels.texting import TextSettings
from helpdesk import storage
from helpdesk.db import db
from helpdesk.models.post import Outbound
from helpdesk.models.texts import TextMedia, TextMessage
from helpdesk.models.tickets import Attachment
from helpdesk.services import house, replies
from helpdesk.services.texting import limits
from tests.checking import faults
from tests.services.telephone import ACCOUNT, TOKEN
from tests.services.texters import WHATSAPP, said, texters, tickets

RUNS = int(os.environ.get("HELPDESK_FAULTS", "20"))
"""So many messages with faults; 200 for a long run."""

JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 200


@pytest.fixture
def town(client, monkeypatch):
    with texters(client, monkeypatch) as found:
        yield found


def test_with_faults_everywhere_nothing_is_sent_twice_and_every_message_knows_how_it_ended(town):
    house.keep(limits.KEY, {"to_one_a_day": 500, "parts_a_day": 100_000}, town.town.now)
    town.writes("Ο κάδος έχει σπάσει.")
    number = tickets()[0].id
    town.network.courier.faults = Faults(lost=0.2, doubled=0.4, latest=90, replies_lost=0.3, random=Random(7))
    for n in range(RUNS):
        replies.reply(town.agent, number, f"Νέο υπ' αριθμόν {n:03}.", at=town.town.now)
        town.wait(10)
    town.network.courier.faults = Faults()
    town.wait(1800, step=30)
    rows = db.session.execute(select(Outbound.state, Outbound.payload).where(Outbound.template == "answered")).all()
    assert len(rows) == RUNS
    for row in rows:
        taken = town.out(row.payload["text"])
        assert len(taken) <= 1
        assert row.state == ("delivered" if taken else "refused"), row.payload["text"]
    assert not faults(town.town.now)


def test_a_lost_answer_of_a_message_that_arrived_is_found_at_the_carrier(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = tickets()[0].id
    town.network.faults.lost = 1.0
    for n in range(12):
        town.network.faults.replies_lost = 1.0
        replies.reply(town.agent, number, f"Νέο {n:02}.", at=town.town.now)
        town.wait(35)
        town.network.faults.replies_lost = 0.0
        town.wait(240, step=30)
    states = {one.text: one.delivery_state for one in said(number) if one.direction == "outbound" and not one.automatic}
    for words, state in states.items():
        assert state == ("delivered" if town.out(words) else "refused")
    assert {"delivered", "refused"} == set(states.values())


def test_a_suspended_account_refuses_and_the_message_says_so(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = tickets()[0].id
    town.network.faults.refused = True
    replies.reply(town.agent, number, "Νέα.", at=town.town.now)
    town.wait(40)
    assert said(number)[-1].delivery_state == "refused"


def test_a_photo_is_fetched_kept_and_deleted_there(town):
    town.writes("Δείτε", prefix=WHATSAPP, files=[("image/jpeg", JPEG)])
    number = tickets()[0].id
    town.wait(10)
    file = db.session.query(Attachment).one()
    assert (file.content_type, file.size, storage.read(file.sha256)) == ("image/jpeg", len(JPEG), JPEG)
    assert file.message_id == said(number)[0].id
    assert not town.network.media_files
    assert not faults(town.town.now)


def test_a_page_that_calls_itself_a_photo_is_kept_as_what_nobody_opens(town):
    town.writes("Δείτε", prefix=WHATSAPP, files=[("image/jpeg", b"<html><script>alert(1)</script>")])
    town.wait(10)
    assert db.session.query(Attachment).one().content_type == "application/octet-stream"


def test_a_file_that_is_too_large_or_gone_is_given_up_and_said(town, monkeypatch):
    monkeypatch.setattr("helpdesk.services.texts.media.LARGEST", 50)
    town.writes("Δείτε", prefix=WHATSAPP, files=[("image/jpeg", JPEG)])
    town.wait(10)
    row = db.session.query(TextMedia).one()
    assert (row.state, row.detail) == ("failed", "the file is too large")
    assert not db.session.query(Attachment).all()


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://evil.example/2010-04-01/Accounts/{account}/Messages/MM1/Media/ME1",
        "https://api.twilio.com.evil.example/2010-04-01/Accounts/{account}/x",
        "https://api.twilio.com@evil.example/2010-04-01/Accounts/{account}/x",
        "https://me:you@api.twilio.com/2010-04-01/Accounts/{account}/x",
        "file:///etc/passwd",
        "https://api.twilio.com/2010-04-01/Accounts/{account}/../../../admin",
        "https://api.twilio.com/other/path",
        "//api.twilio.com/2010-04-01/Accounts/{account}/x",
        "",
    ],
)
def test_only_what_lies_at_the_carrier_is_asked_for(town, url):
    carrier = CHANNEL.carrier(TextSettings(account_sid=ACCOUNT, auth_token=TOKEN, base_url=town.town.face.url))
    with pytest.raises(Refused):
        carrier.fetch_media(url.format(account=ACCOUNT), 1_000)


def test_a_message_whose_report_comes_before_its_answer_is_known_by_our_own_name(town):
    town.writes("Ο κάδος έχει σπάσει.")
    number = tickets()[0].id
    town.network.faults.replies_lost = 1.0
    for _ in range(6):
        replies.reply(town.agent, number, "Το ίδιο.", at=town.town.now)
        town.wait(35)
    town.network.faults.replies_lost = 0.0
    town.wait(1800, step=30)
    went = len(town.out("Το ίδιο"))
    known = db.session.execute(select(TextMessage.sid).where(TextMessage.sid.is_not(None))).scalars().all()
    assert len(known) == len(set(known)) == went + 1
    assert [one.delivery_state for one in said(number)].count("delivered") == went + 1
