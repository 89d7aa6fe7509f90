"""A problem's life: opened, declared a known error, looked at again, resolved; by its owner and those who supervise."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from helpdesk import clock, i18n
from helpdesk.db import db, unit
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.catalogue import Category, Service
from helpdesk.models.people import Staff
from helpdesk.models.problems import Problem
from helpdesk.permissions import Actor, may
from helpdesk.services import house
from helpdesk.services.problems import linking
from helpdesk.vocabulary import Audience, ProblemState

KIND = "problem"
MOST: Mapping[str, int] = {"titles": 160, "symptoms": 2_000, "causes": 8_000, "workarounds": 8_000}
"""The longest text of each, in each language."""
REVIEWED_AFTER = timedelta(days=90)
"""When a known error is looked at again, where nobody names a day."""
FIELDS = (*MOST, "audience", "active", "service_id", "category_id", "owner_id", "review_on")
_REFERENCES = {"service_id": Service, "category_id": Category}


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@unit()
def open_(actor: Actor, *, ticket: int | None = None, at: datetime | None = None, **given: Any) -> Problem:
    """A new problem, found by whoever works here; caused that ``ticket``, where one is named.

    Who opens it owns it unless somebody else is named. Raises Forbidden, NotFound, Invalid that names wrong fields.
    """
    if not may(actor, "use-desk"):
        raise Forbidden("Problems are for those who work here.")
    moment = at or clock.now()
    values = {"audience": Audience.INTERNAL, "owner_id": actor.id, "titles": {}} | given
    _check(values)
    opened = {"state": ProblemState.OPEN, "opened_at": moment, "opened_by_id": actor.id, "updated_at": moment}
    problem = Problem(**values | opened)
    db.session.add(problem)
    db.session.flush()
    house.record(actor, "made", KIND, problem.id, moment)
    if ticket is not None:
        linking.link(actor, ticket, problem.id, at=moment)
    return problem


@unit()
def change(actor: Actor, id_: int, *, version: int | None = None, at: datetime | None = None, **given: Any) -> Problem:
    """Changes what is given. Raises Forbidden, NotFound, Stale, Invalid; a known error keeps a way round it."""
    problem = held(actor, id_, version)
    _check(given)
    if problem.state == ProblemState.KNOWN_ERROR and not problem.no_workaround and "workarounds" in given:
        _require_workaround(given["workarounds"])
    _apply(actor, problem, given, at or clock.now())
    return problem


@unit()
def declare(
    actor: Actor,
    id_: int,
    *,
    none_yet: bool = False,
    workarounds: Mapping[str, str] | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Problem:
    """Makes it a known error: with a way round it, or with the explicit word that there is ``none_yet``.

    Raises Forbidden, NotFound; Stale for one that is resolved; Invalid without either.
    """
    problem, moment = held(actor, id_, version), at or clock.now()
    if problem.state == ProblemState.RESOLVED:
        raise Stale(_("This problem is resolved: open it again first."), code="resolved")
    told = dict(workarounds if workarounds is not None else problem.workarounds)
    _check({"workarounds": told})
    if not none_yet:
        _require_workaround(told)
    given = {"workarounds": told, "no_workaround": none_yet, "state": ProblemState.KNOWN_ERROR.value, "active": True}
    given |= {"declared_at": problem.declared_at or moment}
    given |= {"review_on": problem.review_on or (moment + REVIEWED_AFTER).date()}
    _apply(actor, problem, given, moment)
    return problem


def _require_workaround(told: Mapping[str, str]) -> None:
    if not any(words.strip() for words in told.values()):
        raise Invalid(
            _("A known error tells the way round it, or says that there is none yet."),
            fields={"workarounds": _("Write the workaround, or say that there is none yet.")},
        )


@unit()
def withdraw(actor: Actor, id_: int, *, version: int | None = None, at: datetime | None = None) -> Problem:
    """It is no known error any more, and its cause is looked for again."""
    return _turn(actor, id_, ProblemState.OPEN, version, at, resolved_at=None)


@unit()
def resolve(actor: Actor, id_: int, *, version: int | None = None, at: datetime | None = None) -> Problem:
    """The cause is gone: it is matched to nothing from now on."""
    moment = at or clock.now()
    return _turn(actor, id_, ProblemState.RESOLVED, version, moment, resolved_at=moment)


@unit()
def reopen(actor: Actor, id_: int, *, version: int | None = None, at: datetime | None = None) -> Problem:
    """The cause was not gone after all."""
    return _turn(actor, id_, ProblemState.OPEN, version, at, resolved_at=None)


def _turn(
    actor: Actor, id_: int, state: ProblemState, version: int | None, at: datetime | None, **values: Any
) -> Problem:
    problem = held(actor, id_, version)
    if problem.state == state:
        raise Stale(_("Somebody did that already."), code="illegal-move")
    _apply(actor, problem, {"state": state.value} | values, at or clock.now())
    return problem


@unit()
def reviewed(
    actor: Actor, id_: int, review_on: date, *, version: int | None = None, at: datetime | None = None
) -> Problem:
    """Somebody looked at it again; the next time is that day, which must come."""
    problem, moment = held(actor, id_, version), at or clock.now()
    if review_on <= moment.astimezone(i18n.ZONE).date():
        raise Invalid(_("The next review lies ahead."), fields={"review_on": _("A day to come.")})
    _apply(actor, problem, {"review_on": review_on}, moment)
    return problem


def held(actor: Actor, id_: int, version: int | None) -> Problem:
    """The problem under its lock, for its owner and those who supervise. Raises NotFound, Forbidden, Stale."""
    query = select(Problem).where(Problem.id == id_).with_for_update().execution_options(populate_existing=True)
    problem = db.session.execute(query).scalar_one_or_none()
    if problem is None:
        raise NotFound("There is no such problem.")
    if not (may(actor, "keep-problems") or problem.owner_id == actor.id):
        raise Forbidden(_("Its owner and supervisors keep a problem."))
    if version is not None and version != problem.version:
        raise Stale(_("Somebody changed this problem meanwhile."), code="stale-version")
    return problem


def _apply(actor: Actor, problem: Problem, given: Mapping[str, Any], at: datetime) -> None:
    different = house.changes(problem, given)
    if not different:
        return
    for name, value in given.items():
        setattr(problem, name, value)
    problem.updated_at = at
    db.session.flush()
    house.record(actor, "changed", KIND, problem.id, at, different)


def _check(given: Mapping[str, Any]) -> None:
    wrong = dict.fromkeys((name for name in given if name not in FIELDS), "There is no such field.")
    wrong |= dict(_wrong(given))
    if wrong:
        raise Invalid(_("The problem cannot be saved like this."), fields=wrong)


def _wrong(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "titles" in given and not any(words.strip() for words in given["titles"].values()):
        yield "titles", _("Give a title.")
    for name, most in MOST.items():
        told = given.get(name) or {}
        if any(code not in i18n.LANGUAGES for code in told):
            yield name, "one of the languages of this body"
        elif any(len(words) > most or "\x00" in words for words in told.values()):
            yield name, _("This is too long.")
    if "audience" in given and given["audience"] not in set(Audience):
        yield "audience", _("Choose one of the list.")
    for name, model in _REFERENCES.items():
        if given.get(name) is not None and db.session.get(model, given[name]) is None:
            yield name, _("Choose one of the list.")
    if "owner_id" in given and not _works_here(given["owner_id"]):
        yield "owner_id", _("Choose somebody who works here.")


def _works_here(person_id: int | None) -> bool:
    query = select(Staff.person_id).where(Staff.person_id == person_id, Staff.active)
    return person_id is not None and db.session.execute(query).scalar() is not None
