"""Opening hours in the browser: rows without a script, special days, the year, holidays and calendar files."""

import io
import re
from datetime import date

import pytest

from helpdesk import db as ground
from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind
from helpdesk.web.admin.rulebook import special, year
from helpdesk.web.admin.wrong import Wrong
from sla import Calendar
from tests.builders import an_administrator
from tests.services.test_holidays import all_day, file_of
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("rules")

WEEK = {"title": "Office", "tz": "Europe/Athens", "mon-0-from": "8", "mon-0-to": "15.30"}


@pytest.fixture
def root(app):
    actor = an_administrator()
    ground.commit()
    return StaffBrowser(app, actor)


@pytest.fixture
def here():
    return f"/admin/rulebook/{rulebook.in_force(RulebookKind.CALENDAR).id}"


def draft_of(answer):
    return rulebook.record(int(re.search(r"/rulebook/(\d+)", answer.location)[1]))


def test_hours_are_written_as_people_write_them(root, here):
    given = WEEK | {"mon-1-from": "1700", "mon-1-to": "24:00", "sat-0-from": "22:00", "sat-0-to": "06:00"}
    made = draft_of(root.send_fields(f"{here}/edit", given))
    assert made.data["hours"] == {"mon": [["08:00", "15:30"], ["17:00", "24:00"]], "sat": [["22:00", "06:00"]]}
    assert "Saturday closed 22:00–06:00" in visible(root.page(f"/admin/rulebook/{made.id}"))


def test_rows_come_and_go_without_a_script_and_nothing_is_saved(root, here):
    before = len(rulebook.versions(RulebookKind.CALENDAR))
    added = root.send_fields(f"{here}/edit", WEEK | {"act": "add-mon"}, status=200).text
    assert (
        'id="mon-1-from"' in added and 'value="15.30"' in added and re.search(r'id="mon-1-from"[^>]*autofocus', added)
    )
    gone = root.send_fields(f"{here}/edit", WEEK | {"act": "drop-mon-0"}, status=200).text
    assert 'id="mon-0-from"' not in gone
    copied = root.send_fields(f"{here}/edit", WEEK | {"act": "copy-mon"}, status=200).text
    assert (
        all(f'id="{day}-0-from"' in copied for day in ("tue", "wed", "thu", "fri")) and 'id="sat-0-from"' not in copied
    )
    more = root.send_fields(f"{here}/edit", WEEK | {"act": "more-days"}, status=200).text
    assert more.count('class="special-day') == 2
    for nonsense in ("add-xyz", "drop-mon-99", "drop-mon-x", "explode"):
        root.send_fields(f"{here}/edit", WEEK | {"act": nonsense}, status=200)
    assert len(rulebook.versions(RulebookKind.CALENDAR)) == before


def test_special_days_closures_short_days_and_stretches(root, here):
    days = {
        "day-0-first": "2027-08-01", "day-0-last": "2027-08-31", "day-0-name": "Summer",
        "day-1-first": "2027-08-15", "day-1-name": "Feast",
        "day-2-first": "2026-12-24", "day-2-name": "Eve", "day-2-hours": "8-12, 13:00–14:00",
        "day-3-first": "2026-12-31", "day-3-remove": "yes", "day-4-first": "",
    }  # fmt: skip
    made = draft_of(root.send_fields(f"{here}/edit", WEEK | days))
    assert made.data["special"] == {"2026-12-24": [["08:00", "12:00"], ["13:00", "14:00"]]}
    assert made.data["holidays"] == [f"2027-08-{day:02}" for day in range(1, 32)]
    assert made.data["names"]["2027-08-15"] == "Feast", "a feast within a closure keeps its name"
    again = root.page(f"/admin/rulebook/{made.id}/edit")
    assert 'value="2027-08-16"' in again and 'value="2027-08-31"' in again and "08:00–12:00, 13:00–14:00" in again


@pytest.mark.parametrize(("given", "field", "told"), [
    ({"mon-0-from": "25:00"}, "mon-0-from", "Write times like 09:00."),
    ({"mon-0-from": "08:00", "mon-0-to": "08:00"}, "mon-0-from", "From and to are the same"),
    ({"mon-0-from": "24:00", "mon-0-to": "08:00"}, "mon-0-from", "cannot begin at 24:00"),
    ({"mon-0-to": ""}, "mon-0-from", "Write times like 09:00."),
    ({"mon-0-from": "", "mon-0-to": ""}, "hours", "at least one open period"),
    ({"tz": "Europe/Nowhere"}, "tz", "Choose one of the list."),
    ({"day-0-first": "2026-12-24", "day-0-hours": "morning"}, "day-0-hours", "Write hours like"),
    ({"day-0-first": "", "day-0-name": "Eve"}, "day-0-first", "Give a day."),
    ({"day-0-first": "2026-12-24", "day-0-last": "2026-12-01"}, "day-0-first", "must come after the first"),
    ({"day-0-first": "2026-12-24", "day-0-last": "2029-12-01"}, "day-0-first", "366 days at most"),
    ({"day-0-first": "2026-12-24", "day-1-first": "2026-12-24"}, "day-1-first", "stands here twice"),
    ({"day-0-first": "2999-12-24"}, "days", "too far ahead"),
])  # fmt: skip
def test_what_is_wrong_is_told_beside_its_field(root, here, given, field, told):
    answer = root.send_fields(f"{here}/edit", WEEK | given, status=422)
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert told in visible(answer.text)


def test_a_closed_august_is_no_error(root, here):
    august = {"day-0-first": "2027-08-01", "day-0-last": "2027-08-31"}
    assert draft_of(root.send_fields(f"{here}/edit", WEEK | august)).state == "draft"


@pytest.mark.parametrize(("text", "expected"), [
    ("9", "09:00"), ("9:00", "09:00"), ("9.30", "09:30"), ("0930", "09:30"), ("24:00", "24:00"),
    ("08:00:30", "08:00:30"),
])  # fmt: skip
def test_times_are_read_leniently(text, expected):
    assert special.time_of(text) == expected


@pytest.mark.parametrize("text", ["", "24:30", "9:60", "noon", "9:0", "-1", "9 pm"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Wrong):
        special.time_of(text)


def test_hours_of_a_day_come_back_as_written():
    assert special.periods_of(special.written((("08:00", "12:00"), ("22:00", "02:00")))) == (
        ("08:00", "12:00"), ("22:00", "02:00"),
    )  # fmt: skip
    assert special.periods_of("") == ()


def a_year():
    calendar = Calendar.from_dict({
        "tz": "Europe/Athens",
        "hours": {day: [["08:00", "15:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": ["2026-12-25"],
        "special": {"2026-12-24": [["08:00", "12:00"]], "2026-12-19": [["09:00", "12:00"]],
                    "2026-12-23": [["08:00", "15:00"]]},
    })  # fmt: skip
    return year.months(calendar, 2026)


def test_the_picture_knows_what_each_day_is():
    december = {cell.day.day: cell.kind.value for cell in a_year()[11].cells}
    assert [december[day] for day in (18, 19, 20, 23, 24, 25)] == [
        "open", "other", "closed", "open", "short", "closure",
    ]  # fmt: skip


def test_the_picture_puts_weeks_below_each_other_and_counts_what_is_open():
    months = a_year()
    assert [month.first for month in months] == [date(2026, number, 1) for number in range(1, 13)]
    cells = {cell.day: (cell.x, cell.y) for month in months for cell in month.cells}
    assert cells[date(2026, 12, 1)] == (20, 0) and cells[date(2026, 12, 7)] == (0, 20)
    assert all(x < year.WIDTH and y < year.HEIGHT for x, y in cells.values())
    assert (months[11].opened, months[11].hours) == (23, 21 * 7 + 4 + 3)


def test_the_year_is_told_in_words_and_as_a_table(root, here):
    page = root.page(f"{here}?year=2027")
    assert page.count('role="img" aria-label="') >= 12 and "January: 21 days open" in page
    shown = visible(page)
    assert "The year 2027" in shown and "Open hours" in shown and "2028" in shown
    assert "The year 9999" not in visible(root.page(f"{here}?year=9999"))


def test_holidays_are_a_checklist_and_the_chosen_ones_become_a_draft(root, here):
    path = f"{here}/special-days"
    assert "run on public holidays, too" in visible(root.page(here))
    page = root.page(f"{path}?year=2027")
    assert page.count('name="days"') == page.count(" checked>") + 2, (
        "the two that are no public holidays are not chosen"
    )
    assert "Easter Sunday" in page and "moves with Easter" in page and "no public holiday" in page
    given = {"days": ["2027-05-03", "2027-12-24"], "name-2027-05-03": "Easter Monday", "hours-2027-12-24": "8-12"}
    made = draft_of(root.send_fields(path, given))
    assert (made.data["holidays"], made.data["special"]) == (["2027-05-03"], {"2027-12-24": [["08:00", "12:00"]]})
    assert rulebook.in_force(RulebookKind.CALENDAR).number == 1, "nothing counts before it is put in force"
    assert "Δευτέρα του Πάσχα" in root.page(f"/admin/rulebook/{made.id}?year=2027&language=el")
    assert "Known already: closed" in visible(
        root.page(f"/admin/rulebook/{made.id}/special-days?year=2027&language=en")
    )


@pytest.mark.parametrize(("given", "field"), [
    ({}, "days"), ({"days": "soon"}, "days"), ({"days": "2026-12-24", "hours-2026-12-24": "early"}, "hours-2026-12-24"),
])  # fmt: skip
def test_wrong_choices_are_told(root, here, given, field):
    answer = root.send_fields(f"{here}/special-days", given, status=422)
    assert f'href="#{field}"' in answer.text


def test_a_calendar_file_is_shown_as_a_difference_and_approved(root, here):
    raw = file_of(all_day("20271225", "Christmas <b>"), all_day("20200101", "Past"))
    shown = root.send_fields(
        f"{here}/calendar-file", {"file": (io.BytesIO(raw), "town.ics")}, at=f"{here}/special-days", status=200
    ).text
    assert "Christmas &lt;b&gt;" in shown and 'value="2027-12-25"' in shown
    assert "It lies outside this year" in visible(shown)
    given = {"days": ["2027-12-25"], "name-2027-12-25": "Christmas"}
    made = draft_of(root.send_fields(f"{here}/special-days", given))
    assert made.data["names"] == {"2027-12-25": "Christmas"}


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7 \x00\xff", b"x" * 100_000])
def test_a_file_that_is_no_calendar_is_told(root, here, raw):
    given = {"file": (io.BytesIO(raw), "town.ics")}
    answer = root.send_fields(f"{here}/calendar-file", given, at=f"{here}/special-days", status=422)
    assert 'id="file-error"' in answer.text
    nothing = root.send_fields(f"{here}/calendar-file", {}, at=f"{here}/special-days", status=422)
    assert "Choose a file." in visible(nothing.text)


def test_only_calendars_have_special_days(root):
    root.page(f"/admin/rulebook/{rulebook.in_force(RulebookKind.MATRIX).id}/special-days", 404)
