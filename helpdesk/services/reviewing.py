"""A letter to whoever answers for an agreement, a model or a known error when its day comes: once for each such day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from helpdesk import i18n
from helpdesk.db import db, table, unit
from helpdesk.models.house import HouseEvent
from helpdesk.models.people import Person, Staff
from helpdesk.models.problems import Problem
from helpdesk.permissions import SYSTEM
from helpdesk.services import accounts, body, house, letters, outbox, problems, rulebook
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.rulebook import Version
from helpdesk.services.rulebook.reading import ROWS
from helpdesk.vocabulary import Role, RulebookKind

REMINDED = "reminded"
"""What the house's log calls it."""
AGREEMENT, MODEL, KNOWN_ERROR = "agreement", "model", "known_error"
_EVENTS, _PROBLEMS = table(HouseEvent), table(Problem)
_PEOPLE, _STAFF = table(Person), table(Staff)
_RULEBOOK = "rulebook"


@dataclass(frozen=True)
class Due:
    """Something whose day has come.

    ``field``: which of its days, ``logged``: the kind and id under which the log has it, ``key``: what it is over all
    its versions, ``owner``: by e-mail address or id; ``titles`` by language, ``path`` its page.
    """

    thing: str
    key: tuple[str, str]
    logged: tuple[str, int]
    titles: Mapping[str, str]
    owner: str | int | None
    field: str
    day: date
    path: str


@unit()
def remind(now: datetime) -> int:
    """Tells those who answer for what is to be looked at today or should have been; of how many days it told."""
    book = accounts.book()
    if book.default(CARRIER) is None:
        return 0
    found = list(due(now.astimezone(i18n.ZONE).date()))
    told = _told({one.logged[0] for one in found}) if found else frozenset()
    fresh = [one for one in found if (*one.key, one.day.isoformat()) not in told]
    for one in fresh:
        outbox.put([_letter(one, reader, book, now) for reader in _readers(one.owner)], now)
        house.record(SYSTEM, REMINDED, *one.logged, now, {one.field: one.day.isoformat()})
    return len(fresh)


def due(day: date) -> Iterator[Due]:
    """Everything in force whose day is that one or an earlier one."""
    for version in rulebook.all_in_force(RulebookKind.POLICY).values():
        agreed = version.value.agreement
        for name, at in (("review_on", agreed.review_on), ("valid_until", agreed.valid_until)):
            if at is not None and at <= day:
                yield _of_version(version, AGREEMENT, _titles(version), agreed.owner, name, at)
    for version in rulebook.all_in_force(RulebookKind.MODEL).values():
        model = version.value
        if model.review_on is not None and model.review_on <= day:
            yield _of_version(version, MODEL, model.names, model.owner, "review_on", model.review_on)
    yield from _known_errors(day)


def _of_version(version: Version, thing: str, titles: Mapping[str, str], owner: str, field: str, day: date) -> Due:
    path = f"/admin/agreements/{version.key}" if thing == AGREEMENT else f"/admin/rulebook/{version.id}"
    return Due(thing, (version.kind, version.key), (_RULEBOOK, version.id), titles, owner, field, day, path)


def _titles(version: Version) -> Mapping[str, str]:
    """An agreement has one title, in whatever language it was made; the usual one has none."""
    title = rulebook.record(version.id).title
    if title in ("", rulebook.DEFAULT):
        return {code: i18n.gettext(code, "The usual one") for code in i18n.LANGUAGES}
    return dict.fromkeys(i18n.LANGUAGES, title)


def _known_errors(day: date) -> Iterator[Due]:
    columns = (_PROBLEMS.c.id, _PROBLEMS.c.titles, _PROBLEMS.c.owner_id, _PROBLEMS.c.review_on)
    query = select(*columns).where(problems.KNOWN, _PROBLEMS.c.review_on <= day).order_by(_PROBLEMS.c.id)
    for row in db.session.execute(query).all():
        logged, path = (problems.KIND, row.id), f"/desk/problems/{row.id}"
        key = (problems.KIND, str(row.id))
        yield Due(KNOWN_ERROR, key, logged, row.titles, row.owner_id, "review_on", row.review_on, path)


def _told(kinds: set[str]) -> frozenset[tuple[str, str, str]]:
    """The days that somebody was told of already: of which thing, by whichever of its versions."""
    query = (
        select(_EVENTS.c.kind, _EVENTS.c.thing_id, _EVENTS.c.data, ROWS.c.kind.label("of"), ROWS.c.key)
        .outerjoin(ROWS, (ROWS.c.id == _EVENTS.c.thing_id) & (_EVENTS.c.kind == _RULEBOOK))
        .where(_EVENTS.c.kind.in_(kinds), _EVENTS.c.act == REMINDED)
    )
    return frozenset(
        (row.of or row.kind, row.key or str(row.thing_id), day)
        for row in db.session.execute(query)
        for day in row.data.values()
    )


def _readers(owner: str | int | None) -> Sequence[Any]:
    """The owner; where they work here no more, the administrators."""
    query = (
        select(_PEOPLE.c.email, _PEOPLE.c.name, _PEOPLE.c.language, _STAFF.c.calendar_key)
        .join(_STAFF, _STAFF.c.person_id == _PEOPLE.c.id)
        .where(_STAFF.c.active, _PEOPLE.c.email.is_not(None))
        .order_by(_PEOPLE.c.id)
    )
    theirs = _PEOPLE.c.id == owner if isinstance(owner, int) else _PEOPLE.c.email == owner
    found: Sequence[Any] = db.session.execute(query.where(theirs)).all()
    return found or db.session.execute(query.where(_STAFF.c.role == Role.ADMINISTRATOR)).all()


def _letter(one: Due, reader: Any, book: accounts.AddressBook, now: datetime) -> outbox.Parcel:
    account = book.default(CARRIER)
    assert account is not None
    language = i18n.chosen(reader.language)
    base = current_app.config["SETTINGS"].public_base_url.rstrip("/")
    letter = letters.render(
        "review", language, thing=one.thing, title=i18n.pick(one.titles, language), ends=one.field == "valid_until",
        on=i18n.plain_day(one.day, language), department="", body_name=body.name(language), link=base + one.path,
    )  # fmt: skip
    opens = rulebook.calendar_for(reader.calendar_key).value.next_opening(now)
    return outbox.Parcel(
        kind=account.kind, account_id=account.id, external_id=outbox.mint(account.address), template="review",
        to_address=reader.email, to_name=reader.name, subject=letter.subject, text=letter.text, automatic=True,
        due_at=opens,
    )  # fmt: skip
