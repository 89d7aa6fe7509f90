"""The review of a major incident: written with the course from the journal, read as a report, printed as a PDF."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import Forbidden, HelpdeskError, Invalid, Stale
from helpdesk.permissions import Actor, may
from helpdesk.services import body, majors, problems
from helpdesk.services.majors import Action, Major, Review, printing
from helpdesk.services.majors.chronicle import CRITERIA
from helpdesk.vocabulary import FINISHED
from helpdesk.web import language
from helpdesk.web.desk import choices, given
from helpdesk.web.desk.majors import shown
from helpdesk.web.desk.refusals import REFUSED
from helpdesk.web.desk.room import NUMBER, room
from helpdesk.web.desk.words import words
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


MOST_LINES = 200
WORDS = ("cause", "went_well", "went_badly")


@room.get(f"/tickets/{NUMBER}/major/review")
@agent
def major_review(number: int) -> ResponseReturnValue:
    """The report once it is finished; before, and with ``edit``, the form."""
    return _page(current_actor(), number)


@room.post(f"/tickets/{NUMBER}/major/review")
@agent
def save_review(number: int) -> ResponseReturnValue:
    """Keeps what was written, as a draft or as the finished review; "more" only gives more lines."""
    actor, form = current_actor(), request.form
    try:
        review = _typed(form)
        if (act := form.get("act", "draft")) == "more":
            return _page(actor, number, review=review, more=True)
        seen = given.number(form, "seen")
        majors.save(actor, number, review, finish=act == "finish", seen=seen)
    except (Stale, Invalid, Forbidden) as error:
        return _page(actor, number, error, _typed(form, strict=False))
    told = _("The review is saved. The ticket can be closed now.") if act == "finish" else _("The draft is kept.")
    flash(say(told), "done")
    return redirect(url_for("desk.major_review", number=number), 303)


@room.post(f"/tickets/{NUMBER}/major/review/problem")
@agent
def open_review_problem(number: int) -> ResponseReturnValue:
    """Opens a problem for an action of the review, and leads to it."""
    actor = current_actor()
    try:
        id_ = majors.open_problem(actor, number, given.number(request.form, "action") or 0)
    except (Stale, Forbidden) as error:
        return _page(actor, number, error)
    flash({"text": say("The problem is open.")}, "toast")  # type: ignore[arg-type]
    return redirect(url_for("desk.problem", id=id_), 303)


def _typed(form: Mapping[str, str], *, strict: bool = True) -> Review:
    """Lines without a word are no lines; a moment or a day that cannot be read is named, or left out of the page."""
    timeline, actions = [], []
    for place in range(MOST_LINES):
        if text := form.get(f"line-{place}-text", "").strip():
            timeline.append((_moment(form, f"line-{place}-at", strict), text))
        told = form.get(f"action-{place}-text", "").strip()
        owner = form.get(f"action-{place}-owner_id", "")
        if told or owner:
            due = _day(form, f"action-{place}-due_on", strict)
            actions.append(Action(told, int(owner) if owner.isdecimal() else None, due))
    timeline.sort(key=lambda line: line[0])
    cause, well, badly = (form.get(name, "") for name in WORDS)
    return Review(timeline, cause, well, badly, actions)


def _moment(form: Mapping[str, str], name: str, strict: bool) -> datetime:
    try:
        found = given.moment(form, name)
    except Invalid:
        found = None
    if found is None and strict:
        raise Invalid("That is no date.", fields={"timeline": "each line has its moment"})
    return found or clock.now()


def _day(form: Mapping[str, str], name: str, strict: bool) -> date | None:
    try:
        return date.fromisoformat(form.get(name, "")) if form.get(name) else None
    except ValueError:
        if strict:
            raise Invalid("That is no date.", fields={"actions": "a date"}) from None
        return None


def _page(
    actor: Actor, number: int, error: HelpdeskError | None = None, review: Review | None = None, more: bool = False
) -> ResponseReturnValue:
    known = words(language.current())
    found = majors.read(actor, number)
    works = may(actor, "coordinate-major", found.ticket)
    writing = works and (not found.reviewed or "edit" in request.args or error is not None or more)
    whole = review or majors.begun(actor, number, language.current())
    values: dict[str, Any] = {
        "review": whole, "writing": writing, "more": more,
        "words": known, "choices": choices.of(known.language), "languages": i18n.LANGUAGES, "typed": {},
        "solved": problems.resolved(one.problem_id for one in whole.actions if one.problem_id),
        "wrong": error.fields if error else {}, "problem": say(REFUSED.get(error.code, error.detail)) if error else "",
        "local": lambda at: at.astimezone(i18n.ZONE).strftime("%Y-%m-%dT%H:%M"),
        "plain_day": lambda on: i18n.plain_day(on, language.current()) if on else "",
        "may_finish": found.ticket.status in FINISHED, "cadence": (),
    }  # fmt: skip
    page = render_template("desk/major_review.html", **values, **shown(actor, found, clock.now()))
    return page, error.status if error else 200


@room.get(f"/tickets/{NUMBER}/major/review.pdf")
@agent
def major_review_pdf(number: int) -> ResponseReturnValue:
    """The same as a document, in the page's language."""
    actor = current_actor()
    found = majors.read(actor, number)
    document = printing.pdf(printed(actor, found, majors.begun(actor, number, language.current())))
    name = f"{number}-{'review' if language.current() == 'en' else 'apotimisi'}.pdf"
    response = Response(document, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def printed(actor: Actor, found: Major, review: Review) -> printing.Printed:
    """What the document says."""
    wished, row = language.current(), found.row
    people = dict(choices.of(wished).everybody)
    around = shown(actor, found, clock.now())
    facts = [
        (say(_("Declared")), f"{i18n.moment(row.declared_at, wished)} ({say(CRITERIA[row.criterion])})"),
        (say(_("Lasted")), i18n.duration(around["lasted"], wished)),
        (say(_("Coordinator")), found.coordinator),
        (say(_("Services")), ", ".join(around["services"]) or "–"),
        (say(_("Reports about it")), str(found.linked + 1)),
        (say(_("People told")), f"{found.reached} ({say(_('updates'))}: {len(found.updates)})"),
    ]
    headings = {
        "timeline": say(_("The course of it")), "cause": say(_("Cause")), "went_well": say(_("What went well")),
        "went_badly": say(_("What went badly")), "actions": say(_("What we do about it")), "when": say(_("When")),
        "what": say(_("What")), "action": say(_("Action")), "owner": say(_("By whom")), "due": say(_("Until")),
        "none": say(_("Nothing was decided.")),
    }  # fmt: skip
    saved = found.review
    foot = say(_("Ticket %(number)s"), number=found.ticket.id)
    if saved is not None:
        foot = f"{foot} · {say(_('Saved %(moment)s'), moment=i18n.moment(saved.saved_at, wished))}"
    return printing.Printed(
        wished, i18n.pick(row.titles, wished), say(_("Review of a major incident")),
        body.name(wished) or say("Help desk"), i18n.pick(row.summaries, wished), facts, headings,
        [(i18n.moment(at, wished), text) for at, text in review.timeline],
        review.cause, review.went_well, review.went_badly,
        [(one.text, people.get(str(one.owner_id), "–"), i18n.plain_day(one.due_on, wished) if one.due_on else "–")
         for one in review.actions], foot,
    )  # fmt: skip
