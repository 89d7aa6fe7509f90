"""The telephone's pages of administration: account, numbers, menus, words, and who may not."""

import io

import pytest

from helpdesk.db import db
from helpdesk.models.calls import PhoneMenu, PhoneNumber, PhonePrompt
from helpdesk.services import rulebook
from helpdesk.services.calls import keeping
from tests.builders import NOON, a_department, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser

ACCOUNT = {"account_sid": "AC" + "a" * 32, "auth_token": "s" * 32, "active": "yes"}


@pytest.fixture
def desk(app, session):
    rulebook.ensure_defaults(NOON)
    return StaffBrowser(app, an_administrator())


def send(desk, path, fields, status=303):
    return desk.send_fields(f"/admin/telephone{path}", fields, status=status)


def test_an_account_a_number_and_what_it_says_are_set_up_in_the_browser(desk):
    department = a_department()
    send(desk, "", ACCOUNT)
    assert "s" * 32 not in desk.page("/admin/telephone")
    number = {"number": "210 1000 001", "name_el": "Κέντρο", "name_en": "Switchboard", "languages": ["el", "en"]}
    number |= {
        "department_id": department.id,
        "longest_wait": "10",
        "keep_days": "30",
        "voicemail": "yes",
        "active": "yes",
    }
    send(desk, "/numbers/new", number)
    row = db.session.query(PhoneNumber).one()
    assert (row.number, row.longest_wait, row.voicemail, row.records) == ("+302101000001", 600, True, False)
    assert "/voice/inbound" in desk.page("/admin/telephone")


def test_what_is_wrong_stands_beside_its_field(desk):
    page = send(desk, "", {"account_sid": "12", "auth_token": "short"}, status=422).text
    assert 'id="account_sid-error"' in page and 'id="auth_token-error"' in page
    page = send(desk, "", ACCOUNT | {"base_url": "https://127.0.0.1"}, status=422).text
    assert 'id="base_url-error"' in page


def test_another_secret_lets_the_one_before_count_for_a_day(desk):
    send(desk, "", ACCOUNT)
    send(desk, "", ACCOUNT | {"auth_token": "n" * 32})
    known = keeping.account()
    secrets = keeping.accounts.secrets_of(keeping.accounts.account_of(known))
    assert secrets == {"auth_token": "n" * 32, "previous": "s" * 32} and known.settings["previous_until"]


def test_a_menu_grows_level_by_level_and_shows_what_a_caller_hears(desk):
    department = a_department()
    first = {"name_el": "Μενού", "name_en": "Menu", "digit_0": "1", "title_el_0": "φόρους", "title_en_0": "taxes"}
    send(desk, "/menus/new", first | {"does_0": "menu"})
    menu = db.session.query(PhoneMenu).one()
    below = {"name_el": "Μενού", "name_en": "Menu", "digit_0": "2", "title_el_0": "ακίνητα",
             "title_en_0": "property", "does_0": "department", "department_0": department.id}  # fmt: skip
    desk.send_fields(f"/admin/telephone/menus/{menu.id}?at=1", below)
    db.session.refresh(menu)
    assert menu.tree["options"][0]["options"][0]["digit"] == "2"
    assert "For property press 2." in desk.page(f"/admin/telephone/menus/{menu.id}?at=1")
    wrong = below | {"department_0": ""}
    desk.send_fields(f"/admin/telephone/menus/{menu.id}?at=1", wrong, status=422)


def test_words_are_changed_given_a_sound_and_taken_back(desk, app):
    page = "/admin/telephone/prompts"
    desk.send(f"{page}/bye", at=f"{page}?in=en", **{"in": "en"}, text="So long.")
    assert db.session.query(PhonePrompt).one().text == "So long."
    sound = (io.BytesIO(b"RIFF1234WAVE"), "bye.wav", "audio/wav")
    desk.send(f"{page}/bye", at=f"{page}?in=en", **{"in": "en"}, text="So long.", sound=sound)
    kept = db.session.query(PhonePrompt).one()
    db.session.refresh(kept)
    assert desk.get(f"/sounds/{kept.sha256}.wav").data == b"RIFF1234WAVE"
    assert desk.get(f"/sounds/{'0' * 64}.wav").status_code == 404
    desk.send(f"{page}/bye", at=f"{page}?in=en", **{"in": "en"}, text="")
    assert db.session.query(PhonePrompt).count() == 0


def test_agents_do_not_set_the_telephone_up(app, session):
    rulebook.ensure_defaults(NOON)
    assert StaffBrowser(app, an_agent()).get("/admin/telephone").status_code == 403


def test_what_one_hears_while_waiting_is_a_sound(app, session):
    answer = app.test_client().get("/sounds/waiting.wav")
    assert answer.data[:4] == b"RIFF" and answer.content_type == "audio/wav"
