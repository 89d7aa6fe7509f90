"""The page of a major incident: declared, coordinated, told to everybody, resolved. Each act is a form of its own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import Forbidden, HelpdeskError, Invalid, NotFound, Stale
from helpdesk.permissions import Actor, may
from helpdesk.services import majors, scope
from helpdesk.services.majors import Major
from helpdesk.vocabulary import FINISHED
from helpdesk.web import language
from helpdesk.web.desk import choices, given
from helpdesk.web.desk.given import Given
from helpdesk.web.desk.refusals import REFUSED
from helpdesk.web.desk.room import NUMBER, room
from helpdesk.web.desk.words import words
from helpdesk.web.guards import agent, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


CADENCE = (15, 30, 60, 120, 240, 480)
"""Minutes until the next update, as the forms offer them."""

Texts = Mapping[str, str]


def in_languages(form: Given, name: str) -> dict[str, str]:
    """What was typed in each language, from fields ``<name>_<language>``."""
    return {code: form.get(f"{name}_{code}", "") for code in i18n.LANGUAGES}


def _minutes(form: Given, name: str) -> int:
    found = given.number(form, name)
    return found if found is not None else CADENCE[2]


def _ticked(name: str) -> list[int]:
    return [int(one) for one in request.form.getlist(name) if one.isascii() and one.isdecimal() and len(one) < 16]


def _declare(actor: Actor, number: int, form: Given) -> None:
    coordinator = given.number(form, "coordinator_id")
    if coordinator is None:
        raise Invalid("A major incident needs a coordinator.", fields={"coordinator_id": "is needed"})
    majors.declare(
        actor, number, coordinator, in_languages(form, "title"), in_languages(form, "summary"),
        services=_ticked("services"), update_minutes=_minutes(form, "update_minutes"), link=_ticked("link"),
        version=given.version(form),
    )  # fmt: skip


def _publish(actor: Actor, number: int, form: Given) -> None:
    majors.publish(actor, number, in_languages(form, "text"), _minutes(form, "next_minutes"))


def _resolve(actor: Actor, number: int, form: Given) -> None:
    texts = in_languages(form, "end")
    try:
        majors.resolve(actor, number, form.get("code", ""), texts, exclude=_ticked("exclude"))
    except Invalid as error:
        fields = {name.replace("text_", "end_"): told for name, told in error.fields.items()}
        raise Invalid(error.detail, code=error.code, fields=fields) from None


def _link(actor: Actor, number: int, form: Given) -> None:
    other = given.number(form, "other")
    majors.link(actor, number, [*_ticked("link"), *([other] if other else [])])


def _release(actor: Actor, number: int, form: Given) -> None:
    majors.release(actor, number, given.number(form, "other") or 0)


def _appoint(actor: Actor, number: int, form: Given) -> None:
    majors.appoint(actor, number, given.number(form, "coordinator_id") or 0)


def _inform(actor: Actor, number: int, form: Given) -> None:
    kind, _, id_ = form.get("who", "").partition(":")
    whom = {"person": "person_id", "customer": "customer_id"}.get(kind)
    named: dict[str, Any] = {whom: int(id_)} if whom and id_.isdecimal() else {}
    told = (form.get(name, "") for name in ("email", "name", "language"))
    majors.add_stakeholder(actor, number, *told, **named)


def _uninform(actor: Actor, number: int, form: Given) -> None:
    majors.remove_stakeholder(actor, number, given.number(form, "stakeholder") or 0)


def _revoke(actor: Actor, number: int, form: Given) -> None:
    majors.revoke(actor, number, form.get("reason", ""))


def _propose(actor: Actor, number: int, form: Given) -> None:
    majors.propose(actor, number, form.get("reason", ""))


def _dismiss(actor: Actor, number: int, form: Given) -> None:
    majors.dismiss(actor, given.number(form, "proposal") or 0, form.get("reason", ""))


ACTS: Mapping[str, tuple[Callable[[Actor, int, Given], None], str]] = {
    "declare": (_declare, _("It is a major incident. Everybody reads the notice now.")),
    "publish": (_publish, _("The update is on its way to everybody concerned.")),
    "resolve": (_resolve, _("It is resolved. The linked tickets follow in a moment; the review comes next.")),
    "link": (_link, _("The tickets are linked; who sent them hears every update from now on.")),
    "release": (_release, _("The ticket stands by itself again.")),
    "appoint": (_appoint, _("Somebody else coordinates it now.")),
    "inform": (_inform, _("They are kept informed from now on.")),
    "uninform": (_uninform, _("They are kept informed no more.")),
    "revoke": (_revoke, _("It is no major incident any more.")),
    "propose": (_propose, _("It is proposed. A supervisor decides.")),
    "dismiss": (_dismiss, _("It is no major incident, and the reason is on record.")),
}
"""By the name that stands in the address."""


@room.get(f"/tickets/{NUMBER}/major")
@agent
def major(number: int) -> ResponseReturnValue:
    """The page; of a ticket that is none, the form by which it is declared one."""
    return _page(current_actor(), number)


@room.post(f"/tickets/{NUMBER}/major/<act>")
@agent
def act_major(number: int, act: str) -> ResponseReturnValue:
    """One act of the table."""
    if act not in ACTS:
        abort(404)
    do, told = ACTS[act]
    actor = current_actor()
    try:
        do(actor, number, request.form)
    except (Stale, Invalid, Forbidden) as error:
        return _page(actor, number, error, act, request.form)
    flash(say(told), "done")
    back = "desk.ticket" if act in {"propose", "dismiss", "revoke"} else "desk.major"
    return redirect(url_for(back, number=number), 303)


def _page(
    actor: Actor, number: int, error: HelpdeskError | None = None, act: str = "", typed: Given | None = None
) -> ResponseReturnValue:
    known, now = words(language.current()), clock.now()
    values: dict[str, Any] = {
        "act": act, "typed": typed or {}, "wrong": error.fields if error else {}, "words": known,
        "problem": say(REFUSED.get(error.code, error.detail)) if error else "",
        "choices": choices.of(known.language), "cadence": _cadence(), "languages": i18n.LANGUAGES,
    }  # fmt: skip
    try:
        found = majors.read(actor, number)
    except NotFound:
        found = None
    if found is None or (found.row.revoked_at is not None and not found.ticket.major):
        page = render_template("desk/declare.html", **values, **_undeclared(actor, number, now))
    else:
        page = render_template("desk/major.html", **values, **shown(actor, found, now))
    return page, error.status if error else 200


def _cadence() -> list[tuple[int, str]]:
    return [(minutes, i18n.duration(timedelta(minutes=minutes), language.current())) for minutes in CADENCE]


def _undeclared(actor: Actor, number: int, now: datetime) -> dict[str, Any]:
    ticket = scope.find(actor, number)
    if not may(actor, "declare-major", ticket):
        raise Forbidden("You may read this ticket, not change it.")
    return {
        "ticket": ticket,
        "proposal": majors.of_ticket(number, ticket.service_id),
        "similar": majors.similar(actor, number, ticket.service_id, now) if ticket.service_id else (),
    }


def shown(actor: Actor, found: Major, now: datetime) -> dict[str, Any]:
    """What its page shows beside the words."""
    row, works = found.row, may(actor, "coordinate-major", found.ticket)
    offered = majors.candidates(actor, found.ticket.id) if works and found.lasts else ()
    return {
        "ticket": found.ticket,
        "found": found,
        "state": state(found),
        "lasted": (row.ended_at or now) - row.declared_at,
        "left": row.next_update_at - now if row.next_update_at else None,
        "works": works,
        "candidates": offered,
        "services": _names(row.service_ids),
        "told_texts": _said_last(found),
        "finished": found.ticket.status in FINISHED,
    }


def _said_last(found: Major) -> Texts:
    """What everybody reads of it now: how it ended, else the newest update, else what it began with."""
    if not found.lasts and found.row.resolutions:
        return dict(found.row.resolutions)
    return dict(found.updates[0].texts if found.updates else found.row.summaries)


def state(found: Major) -> tuple[str, str]:
    """How it stands, as a code and in words."""
    if found.row.revoked_at is not None:
        return "revoked", say(_("Taken back"))
    if found.lasts:
        return "lasting", say(_("It lasts"))
    if found.ticket.status == "closed":
        return "closed", say(_("Closed, with its review"))
    return ("reviewed", say(_("Over, reviewed"))) if found.reviewed else ("over", say(_("Over, its review is missing")))


def _names(ids: Sequence[int]) -> list[str]:
    known = choices.of(language.current())
    return [name for id_ in ids if (name := known.service(id_))]
