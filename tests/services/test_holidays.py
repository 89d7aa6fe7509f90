"""Special days proposed, imported and approved: nothing counts before it is approved and put in force."""

from datetime import date

import pytest

from helpdesk import db as ground
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.services import holidays, rulebook
from helpdesk.services.holidays import Approved
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, a_supervisor, an_administrator

pytestmark = pytest.mark.usefixtures("rules")

CHRISTMAS, EVE = date(2026, 12, 25), date(2026, 12, 24)


@pytest.fixture
def root():
    actor = an_administrator()
    ground.commit()
    return actor


def calendar():
    return rulebook.in_force(RulebookKind.CALENDAR)


def file_of(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for place, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{place}", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def all_day(day, name, *more):
    return (f"DTSTART;VALUE=DATE:{day}", f"SUMMARY:{name}", *more)


def test_approved_days_become_a_draft_and_nothing_counts_yet(root):
    days = [Approved(CHRISTMAS, "Χριστούγεννα"), Approved(EVE, "Παραμονή", (("08:00", "12:00"),))]
    draft = rulebook.record(holidays.approve(root, calendar().id, days, NOON))
    assert (draft.state, calendar().number) == ("draft", 1)
    assert draft.data["holidays"] == ["2026-12-25"]
    assert draft.data["special"] == {"2026-12-24": [["08:00", "12:00"]]}
    assert draft.data["names"] == {"2026-12-25": "Χριστούγεννα", "2026-12-24": "Παραμονή"}
    assert draft.data["hours"] == rulebook.record(calendar().id).data["hours"]


def test_days_approved_for_a_draft_replace_that_draft(root):
    first = holidays.approve(root, calendar().id, [Approved(CHRISTMAS, "")], NOON)
    second = holidays.approve(root, first, [Approved(EVE, "")], NOON)
    assert rulebook.record(first).state == "discarded"
    assert rulebook.record(second).data["holidays"] == ["2026-12-24", "2026-12-25"]
    again = holidays.approve(root, first, [Approved(EVE, "")], NOON)
    assert rulebook.record(again).data["holidays"] == ["2026-12-24", "2026-12-25"], "from a discarded one a new draft"


def test_an_approved_closure_ends_the_hours_that_the_day_had(root):
    short = holidays.approve(root, calendar().id, [Approved(EVE, "", (("08:00", "12:00"),))], NOON)
    closed = rulebook.record(holidays.approve(root, short, [Approved(EVE, "")], NOON))
    assert (closed.data["holidays"], closed.data["special"]) == (["2026-12-24"], {})


def test_only_administrators_approve_only_days_and_only_for_calendars(root):
    with pytest.raises(Forbidden):
        holidays.approve(a_supervisor(a_department()), calendar().id, [Approved(EVE, "")], NOON)
    with pytest.raises(Invalid):
        holidays.approve(root, rulebook.in_force(RulebookKind.MATRIX).id, [Approved(EVE, "")], NOON)
    with pytest.raises(Invalid) as refused:
        holidays.approve(root, calendar().id, [], NOON)
    assert "days" in refused.value.fields


def test_somebody_elses_change_of_the_draft_is_told(root):
    first = holidays.approve(root, calendar().id, [Approved(CHRISTMAS, "")], NOON)
    holidays.approve(root, first, [Approved(EVE, "")], NOON)
    with pytest.raises(Stale):
        rulebook.make_draft(root, RulebookKind.CALENDAR, "default", calendar().value.to_dict(), instead_of=first)


def test_proposals_tell_what_is_known_what_moves_and_what_is_no_public_holiday(root):
    draft = holidays.approve(root, calendar().id, [Approved(CHRISTMAS, "")], NOON)
    found = {one.holiday.day: one for one in holidays.proposals(rulebook.version(draft).value, 2026, "en")}
    assert found[CHRISTMAS].known and not found[EVE].known
    assert not found[EVE].holiday.official and found[date(2026, 4, 13)].holiday.moves
    assert found[EVE].periods == [["08:00", "15:00"]]


def test_names_of_the_countrys_days_are_told_in_the_readers_language_and_others_as_written(root):
    days = [Approved(CHRISTMAS, "Χριστούγεννα"), Approved(EVE, "Απόφαση 7")]
    value = rulebook.version(holidays.approve(root, calendar().id, days, NOON)).value
    assert holidays.named(value, "en") == {EVE: "Απόφαση 7", CHRISTMAS: "Christmas Day"}
    assert holidays.named(value, "el")[CHRISTMAS] == "Χριστούγεννα"


def test_an_import_is_a_difference_new_known_other_and_skipped(root):
    days = [Approved(CHRISTMAS, ""), Approved(EVE, "", (("08:00", "12:00"),))]
    value = rulebook.version(holidays.approve(root, calendar().id, days, NOON)).value
    found = holidays.compare_file(value, file_of(
        all_day("20261225", "Christmas"), all_day("20261224", "Eve"), all_day("20261231", "New Year's Eve"),
        all_day("20271001", "Gone", "STATUS:CANCELLED"), all_day("20400101", "Far"),
        ("DTSTART:20261230T090000Z", "DTEND:20261230T100000Z", "SUMMARY:A meeting"),
    ), NOON)  # fmt: skip
    assert [(one.day, one.name) for one in found.new] == [(date(2026, 12, 31), "New Year's Eve")]
    assert [one.day for one in found.known] == [CHRISTMAS]
    assert [one.holiday.day for one in found.other] == [EVE]
    assert {(one.name, one.why.value) for one in found.skipped} == {
        ("Gone", "cancelled"), ("Far", "outside"), ("A meeting", "timed"),
    }  # fmt: skip
    assert calendar().number == 1


@pytest.mark.parametrize(("raw", "told"), [
    (b"", "no iCalendar"), (b"GIF89a\x00\x01", "no iCalendar"), (b"x" * 1_000_001, "too large"),
    (file_of(*[all_day("19000101", "x", "RRULE:FREQ=DAILY")] * 5), "repeat too often"),
    (file_of(*[all_day("20260101", "x")] * 3_001), "too many"),
])  # fmt: skip
def test_a_hostile_file_gives_a_clear_error(raw, told):
    with pytest.raises(Invalid) as refused:
        holidays.compare_file(calendar().value, raw, NOON)
    assert told in refused.value.fields["file"]
