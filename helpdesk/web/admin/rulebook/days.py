"""Special days from elsewhere: the country's, or those of a calendar file; shown, approved, and then a draft."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

import sla
from helpdesk import clock, i18n
from helpdesk.errors import Invalid
from helpdesk.services import holidays, rulebook
from helpdesk.services.holidays import Approved
from helpdesk.vocabulary import RulebookKind
from helpdesk.web import language
from helpdesk.web.admin import words
from helpdesk.web.admin.room import room
from helpdesk.web.admin.rulebook.calendar import YEARS
from helpdesk.web.admin.rulebook.special import periods_of, written
from helpdesk.web.admin.rulebook.telling import day, periods
from helpdesk.web.admin.wrong import Wrong
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say, say_many
from sla.ical import LARGEST, Skip


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


SKIPPED = {
    Skip.TIMED: _("It has times: only whole days are taken."),
    Skip.CANCELLED: _("It is cancelled in the file."),
    Skip.OUTSIDE: _("It lies outside this year and the next two."),
    Skip.TOO_LONG: _("It is longer than a year."),
    Skip.TOO_OFTEN: _("It repeats more often than daily."),
    Skip.UNREADABLE: _("Its days or its repetition cannot be worked out."),
}
SHOWN = 100
"""Skipped events that a page lists; the others are counted."""


@room.get("/rulebook/<int:id>/special-days")
@admin
def special_days(id: int) -> ResponseReturnValue:
    """The country's days of a year, to be approved, and the way to a calendar file."""
    return _proposals(_calendar(id))


def _calendar(id_: int) -> Row[Any]:
    row = rulebook.record(id_)
    return row if row.kind == RulebookKind.CALENDAR else abort(404)


def _proposals(row: Row[Any], error: Invalid | None = None) -> ResponseReturnValue:
    this = clock.now().astimezone(i18n.ZONE).year
    year = request.args.get("year", this, type=int)
    year = year if YEARS[0] <= year <= YEARS[1] else this
    found = holidays.proposals(rulebook.version(row.id).value, year, language.current())
    page = render_template(
        "admin/rulebook/special_days.html", row=row, titled=words.titled, year=year, years=YEARS,
        found=[(one, day(one.holiday.day), periods(one.periods), written(_early(one.periods))) for one in found],
        problem=say(error.detail) if error else "", wrong=error.fields if error else {},
    )  # fmt: skip
    return page, error.status if error else 200


def _early(usual: Any) -> Any:
    """Hours offered for a day on which many close early: those until noon."""
    return [(opens, min(closes, "12:00")) for opens, closes in usual if opens < "12:00"][:1]


@room.post("/rulebook/<int:id>/calendar-file")
@admin
def compare_file(id: int) -> ResponseReturnValue:
    """What a calendar file would bring: nothing is kept before it is approved."""
    row, sent = _calendar(id), request.files.get("file")
    value: sla.Calendar = rulebook.version(row.id).value
    try:
        if sent is None or not sent.filename:
            raise Invalid(_("Please correct what is marked."), fields={"file": _("Choose a file.")})
        with closing(sent):
            raw = sent.read(LARGEST + 1)
        found = holidays.compare_file(value, raw, clock.now())
    except Invalid as error:
        return _proposals(row, error)
    return render_template(
        "admin/rulebook/import.html", row=row, titled=words.titled, file=sent.filename[:120],
        new=[(one, day(one.day)) for one in found.new],
        other=[(one, day(one.holiday.day), periods(one.periods)) for one in found.other],
        known=[(one, day(one.day)) for one in found.known],
        skipped=[_skipped(one) for one in found.skipped[:SHOWN]], more=max(0, len(found.skipped) - SHOWN),
        left=len(found.skipped),
    )  # fmt: skip


def _skipped(one: Any) -> tuple[str, str, str]:
    return one.name or say("Without a name"), day(one.day) if one.day else "", say(SKIPPED[one.why])


@room.post("/rulebook/<int:id>/special-days")
@admin
def approve_days(id: int) -> ResponseReturnValue:
    """Makes a draft with the chosen days."""
    row = _calendar(id)
    try:
        chosen = list(_approved())
        draft = holidays.approve(current_actor(), row.id, chosen, clock.now())
    except Invalid as error:
        return _proposals(row, error)
    count = len(chosen)
    told = say_many("A draft with %(num)s special day more. Nothing is in force yet.",
                    "A draft with %(num)s special days more. Nothing is in force yet.", count, num=count)  # fmt: skip
    flash(told, "done")
    return redirect(url_for("admin.rulebook_version", id=draft, year=chosen[0].day.year), 303)


def _approved() -> Iterator[Approved]:
    for text in dict.fromkeys(request.form.getlist("days")):
        try:
            at = date.fromisoformat(text)
            hours = periods_of(request.form.get(f"hours-{text}", ""))
        except Wrong as why:
            raise Invalid(_("Please correct what is marked."), fields={f"hours-{text}": str(why)}) from None
        except ValueError:
            raise Invalid(_("Please correct what is marked."), fields={"days": _("Give a day.")}) from None
        yield Approved(at, request.form.get(f"name-{text}", "").strip()[:200], hours)
