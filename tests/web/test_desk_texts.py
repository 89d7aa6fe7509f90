"""Short messages in the browser: the composer, the pages of administration, the API, and what each refuses."""

import pytest
from sqlalchemy import text

from helpdesk.db import db
from helpdesk.models.calls import PhoneNumber
from helpdesk.models.post import ChannelAccount
from helpdesk.models.texts import TextTemplate
from tests.builders import an_administrator
from tests.services.telephone import CITIZEN
from tests.services.texters import WHATSAPP, texters, tickets
from tests.web.machine import Machine
from tests.web.staff_browser import StaffBrowser

WORDS = {"name_el": "Νέα", "name_en": "News", "language": "el", "content_sid": "HX" + "a" * 32,
         "words": "Νέα για το αίτημα {{1}}", "active": "yes"}  # fmt: skip


@pytest.fixture
def town(client, monkeypatch):
    with texters(client, monkeypatch) as found:
        yield found


@pytest.fixture
def desk(app, town):
    return StaffBrowser(app, town.agent)


@pytest.fixture
def admin(app, town):
    return StaffBrowser(app, an_administrator())


def page_of(desk, number):
    return desk.page(f"/desk/tickets/{number}")


def test_the_composer_says_by_which_way_the_answer_goes_and_how_much_room_there_is(town, desk):
    town.writes("Ο κάδος έχει σπάσει.")
    page = page_of(desk, tickets()[0].id)
    assert 'id="by"' in page and "SMS" in page and CITIZEN in page
    assert 'data-most="6"' in page
    assert "desk-texts" in page


def test_without_scripts_a_button_counts_the_parts_and_keeps_what_was_typed(town, desk):
    town.writes("Ο κάδος έχει σπάσει.")
    number = tickets()[0].id
    fields = {"text": "α" * 71, "audience": "public", "count": "yes"}
    page = desk.send_fields(f"/desk/tickets/{number}/messages", fields, at=f"/desk/tickets/{number}", status=200).text
    assert "71" in page and "134" in page and "α" * 71 in page
    assert not town.out("α" * 71)


def test_who_wants_none_is_shown_before_anything_is_written(town, desk):
    town.writes("Ο κάδος έχει σπάσει.")
    town.writes("STOP")
    page = page_of(desk, tickets()[0].id)
    assert 'class="to warning"' in page


def test_a_shut_window_offers_approved_words_and_they_are_sent(town, desk, admin):
    town.writes("Ο κάδος έχει σπάσει.", prefix=WHATSAPP)
    number = tickets()[0].id
    admin.send_fields("/admin/telephone/texts/words/new", WORDS, status=303)
    template = db.session.query(TextTemplate).one()
    assert 'name="approved"' not in page_of(desk, number)
    town.network.now += 25 * 3600
    assert 'name="approved"' in page_of(desk, number)
    fields = {"audience": "public", "approved": template.id, "values": str(number)}
    desk.send_fields(f"/desk/tickets/{number}/messages", fields, at=f"/desk/tickets/{number}", status=303)
    town.wait(40)
    assert [one.status for one in town.out() if one.content_sid] == ["read"]
    assert f"Νέα για το αίτημα {number}" in page_of(desk, number)


def test_a_number_takes_messages_once_it_is_ticked_and_none_once_it_is_not(town, admin):
    db.session.execute(text("delete from text_contact"))
    db.session.execute(text("delete from channel_account where kind in ('sms', 'whatsapp')"))
    row = db.session.query(PhoneNumber).one()
    fields = {"number": row.number, "name_el": "Κέντρο", "name_en": "Switchboard", "languages": ["el"],
              "department_id": row.department_id, "longest_wait": "10", "keep_days": "30", "active": "yes"}  # fmt: skip
    admin.send_fields(f"/admin/telephone/numbers/{row.id}", fields | {"sms": "yes"}, status=303)
    [account] = db.session.query(ChannelAccount).filter_by(kind="sms").all()
    assert account.active and account.address == row.number
    assert f"/hooks/sms/{account.id}/message/inbound" in admin.page("/admin/telephone/texts")
    admin.send_fields(f"/admin/telephone/numbers/{row.id}", fields, status=303)
    db.session.refresh(account)
    assert not account.active


def test_what_is_wrong_with_approved_words_or_limits_stands_beside_its_field(town, admin):
    page = admin.send_fields("/admin/telephone/texts/words/new", {"words": ""}, status=422).text
    assert 'id="content_sid-error"' in page and 'id="words-error"' in page
    page = admin.send_fields("/admin/telephone/texts", {"parts_a_day": "x"}, status=422).text
    assert "parts_a_day" in page
    limits = {"sending": "yes", "parts_a_day": "50", "to_one_a_day": "5", "most_parts": "2"}
    admin.send_fields("/admin/telephone/texts", limits, status=303)
    assert 'value="50"' in admin.page("/admin/telephone/texts")


def test_who_does_not_administer_may_not_change_them(town, desk):
    desk.send_fields("/admin/telephone/texts/words/new", WORDS, at="/desk", status=403)


def test_a_machine_sees_the_ways_and_chooses_one(town, client):
    town.writes("Ο κάδος έχει σπάσει.")
    number = tickets()[0].id
    machine = Machine(client, town.agent)
    told = machine.get(f"/tickets/{number}/ways").json
    assert [(one["channel"], one["open"], one["why_not"]) for one in told["items"]] == [
        ("sms", True, ""), ("email", False, "no-address"), ("whatsapp", False, "shut"),
    ]  # fmt: skip
    said = machine.post(f"/tickets/{number}/messages", {"text": "Έρχεται.", "by": "sms"})
    assert said.status_code == 201 and said.json["channel"] == "sms"
    refused = machine.post(f"/tickets/{number}/messages", {"text": "Έρχεται.", "by": "whatsapp"})
    assert refused.status_code == 422
    assert machine.post(f"/tickets/{number}/messages", {"text": "x", "by": "pigeon"}).status_code == 422


def test_a_failed_message_says_why_in_plain_words(town, desk):
    town.writes("Ο κάδος έχει σπάσει.", prefix=WHATSAPP)
    number = tickets()[0].id
    town.network.heard.clear()
    fields = {"text": "Σήμερα.", "audience": "public"}
    desk.send_fields(f"/desk/tickets/{number}/messages", fields, at=f"/desk/tickets/{number}", status=303)
    town.wait(60)
    assert "63016" in page_of(desk, number)
