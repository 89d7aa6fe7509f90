"""Administrators decide how much may come by chat, see who is kept out and why, and let them in; words are hints."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.services import chats, dialogue, rulebook
from helpdesk.services.chats import guarding, keeping_out, settings
from helpdesk.services.chats.settings import ChatSettings
from helpdesk.services.notices import NewFile
from tests.builders import NOON, a_department, an_administrator
from tests.services.chatting import SECOND, a_chat, accepted
from tests.services.crew import a_member
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture(autouse=True)
def no_bot():
    before = list(dialogue._partners)
    dialogue._partners.clear()
    yield
    dialogue._partners[:] = before


def decided(**given):
    settings.decide(an_administrator(), ChatSettings(**given), NOON)


def test_what_the_body_decided_about_length_pace_and_files_holds_for_citizens():
    decided(longest_line=200, lines_a_minute=5, files_a_line=1, from_one_place=2)
    place = a_department()
    key = a_chat(place, visitor="here")
    with pytest.raises(Invalid):
        chats.say(key, "α" * 201, at=NOON + SECOND)
    photo = NewFile("photo.png", "image/png", b"\x89PNG\r\n\x1a\n")
    with pytest.raises(Invalid):
        chats.say(key, "Δείτε", files=[photo, photo], at=NOON + SECOND)
    for number in range(4):
        chats.say(key, f"γραμμή {number}", at=NOON + SECOND)
    with pytest.raises(chats.Crowded):
        chats.say(key, "άλλη μία", at=NOON + SECOND)
    a_chat(place, visitor="here")
    with pytest.raises(chats.Crowded):
        a_chat(place, visitor="here")


def test_beyond_so_many_a_minute_nobody_new_gets_in_and_it_can_be_seen():
    decided(flood=5)
    place = a_department()
    for number in range(5):
        a_chat(place, visitor=f"place {number}")
    with pytest.raises(chats.Crowded):
        a_chat(place, visitor="one more")
    pressure = guarding.pressure(chats.limits(), NOON + SECOND)
    assert (pressure.minute, pressure.hour, pressure.shut) == (5, 5, True)
    assert not guarding.pressure(chats.limits(), NOON + timedelta(minutes=2)).shut


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Θα βάλω ΒΌΜΒΑ!", ("βόμβα",)),
        ("βομβαρδισμένο οδόστρωμα", ()),
        ("έχω  ένα μαχαίρι, ναι", ("ένα μαχαίρι",)),
        ("Καλημέρα", ()),
    ],
)
def test_watched_words_are_found_whole_whatever_their_accents(words, found):
    assert guarding.noticed(words, ChatSettings(watched=("βόμβα", "ένα μαχαίρι"))) == found


def test_administrators_see_who_is_kept_out_and_let_them_in():
    place = a_department()
    agent, boss = a_member(place), an_administrator()
    key = a_chat(place, visitor="rude")
    accepted(agent)
    chats.block(agent, key.id, "insults", hours=2, at=NOON)
    [row] = keeping_out.running(boss, NOON + SECOND)
    assert (row.reason, row.by, row.until) == ("insults", agent.name, NOON + timedelta(hours=2))
    with pytest.raises(Forbidden):
        keeping_out.lift(agent, row.id, NOON + SECOND)
    for _ in range(2):
        keeping_out.lift(boss, row.id, NOON + SECOND)
    assert not keeping_out.running(boss, NOON + 2 * SECOND)
    a_chat(place, visitor="rude", at=NOON + 2 * SECOND)
    with pytest.raises(NotFound):
        keeping_out.lift(boss, row.id + 1, NOON)


def test_the_page_keeps_the_rules_and_says_beside_a_field_what_is_wrong(app):
    browser = StaffBrowser(app, an_administrator())
    given = {"longest_wait": "7", "idle": "30", "longest_line": "900", "lines_a_minute": "20", "files_a_line": "2",
             "from_one_place": "50", "flood": "200", "watched": "bomb\n knife "}  # fmt: skip
    browser.send_fields("/admin/chat", given, at="/admin/chat")
    assert chats.limits() == ChatSettings(7, 30, 900, 20, 50, 200, 2, ("bomb", "knife"))
    refused = browser.send_fields("/admin/chat", given | {"idle": "3"}, at="/admin/chat", status=422)
    assert "20 to 240" in refused.text
    assert chats.limits().idle == 30


def test_the_page_lists_who_is_kept_out_and_lifts_it(app):
    place = a_department(calendar_key=rulebook.ALWAYS)
    agent, now = a_member(place, at=clock.now()), clock.now()
    key = a_chat(place, visitor="rude", at=now)
    accepted(agent, now)
    chats.block(agent, key.id, "threats", at=now)
    browser = StaffBrowser(app, an_administrator())
    page = visible(browser.page("/admin/chat"))
    assert "Threats" in page and agent.name in page and "New chats are let in." in page
    [row] = keeping_out.running(an_administrator(), now)
    browser.send_fields(f"/admin/chat/blocks/{row.id}/lift", {}, at="/admin/chat")
    assert not chats.is_blocked("rude", clock.now())


def test_a_watched_word_is_a_hint_beside_the_line_and_nothing_else(app):
    decided(watched=("knife",))
    place = a_department(calendar_key=rulebook.ALWAYS)
    agent = a_member(place, at=clock.now())
    key = a_chat(place, "I have a Knife here", at=clock.now())
    accepted(agent, clock.now())
    page = visible(StaffBrowser(app, agent).page(f"/desk/chats/{key.id}/pane"))
    assert "Words to notice" in page and "knife" in page
