"""Drafts: versions that decide nothing yet. Each change is a version of its own, so nobody overwrites anybody."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, text, update

import sla
from helpdesk import clock
from helpdesk.db import db, unit
from helpdesk.errors import Forbidden, Invalid, Stale
from helpdesk.permissions import Actor, may
from helpdesk.services import house
from helpdesk.services.rulebook.agreeing import check_agreement, check_default
from helpdesk.services.rulebook.checking import check
from helpdesk.services.rulebook.modelling import check_model
from helpdesk.services.rulebook.reading import MATRICES, ROWS, record
from helpdesk.services.workmodels import Model
from helpdesk.vocabulary import RulebookKind, VersionState

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONGEST_TITLE, LONGEST_WHY = 120, 500


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@unit()
def make_draft(
    actor: Actor,
    kind: RulebookKind,
    key: str,
    data: dict[str, Any],
    *,
    title: str = "",
    why: str = "",
    instead_of: int | None = None,
    at: datetime | None = None,
) -> int:
    """Keeps a new version that is not in force yet; its id. It may take the place of an earlier draft.

    Raises Invalid and Forbidden; Stale when that draft was replaced, discarded or put in force meanwhile.
    """
    require(actor)
    if not _KEY.fullmatch(key):
        raise Invalid(_("That is no key."), fields={"key": "small letters, digits and hyphens, at most 63"})
    if kind is RulebookKind.MATRIX and key not in MATRICES:
        raise Invalid(_("A matrix is the usual one, or that of a type."), fields={"key": _("Choose one of the list.")})
    _check_words(title=(title, _LONGEST_TITLE), why=(why, LONGEST_WHY))
    value = check(kind, data)
    if isinstance(value, sla.Policy) and actor.is_staff:
        check_agreement(value)
        check_default(key, value)
    if isinstance(value, Model) and actor.is_staff:
        check_model(value)
    known, moment = _locked(kind, key), at or clock.now()
    if instead_of is not None:
        _replace(known, instead_of, moment)
    row = {
        "kind": kind,
        "key": key,
        "number": max((row.number for row in known), default=0) + 1,
        "title": title or key,
        "data": data,
        "state": VersionState.DRAFT,
        "created_at": moment,
        "created_by_id": actor.id,
        "why": why,
    }
    id_ = int(db.session.execute(insert(ROWS).values(row).returning(ROWS.c.id)).scalar_one())
    note(actor, "drafted", id_, moment)
    return id_


def require(actor: Actor) -> None:
    """Raises Forbidden for everybody but administrators."""
    if not may(actor, "administer"):
        raise Forbidden("Rules are for administrators.")


def _check_words(**given: tuple[str, int]) -> None:
    wrong = {name: f"at most {most} characters" for name, (words, most) in given.items() if len(words) > most}
    wrong |= {name: "no character NUL" for name, (words, _most) in given.items() if "\x00" in words}
    if wrong:
        raise Invalid("These words cannot be kept.", fields=wrong)


def hold(id_: int) -> Row[Any]:
    """A version's row, of whose key nobody else changes anything until the commit. Raises NotFound."""
    row = record(id_)
    return next(known for known in _locked(row.kind, row.key) if known.id == id_)


def _locked(kind: str, key: str) -> Sequence[Row[Any]]:
    """Every version of a key, held until the commit: two administrators wait for each other."""
    db.session.execute(text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": f"rulebook {kind} {key}"})
    return db.session.execute(select(ROWS).where(ROWS.c.kind == kind, ROWS.c.key == key)).all()


def _replace(known: Sequence[Row[Any]], id_: int, at: datetime) -> None:
    """The earlier draft ends; one that is no draft any more was somebody else's doing."""
    if not any(row.id == id_ and row.state == VersionState.DRAFT for row in known):
        raise Stale(_("Somebody changed, discarded or put in force this draft meanwhile."), code="no-draft")
    _end(id_, at)


def _end(id_: int, at: datetime) -> None:
    ended = {"state": VersionState.DISCARDED, "retired_at": at, "starts_at": None}
    db.session.execute(update(ROWS).where(ROWS.c.id == id_).values(ended))


@unit()
def draft_again(actor: Actor, id_: int, *, why: str = "", at: datetime | None = None) -> int:
    """A draft that says what an earlier version says, as the way back to it; its id. Raises Forbidden, NotFound."""
    row = record(id_)
    return make_draft(actor, RulebookKind(row.kind), row.key, row.data, title=row.title, why=why, at=at)


@unit()
def discard(actor: Actor, id_: int, *, at: datetime | None = None) -> None:
    """Ends a draft, or a version that waits for its day; its number is not given again.

    Raises Forbidden, NotFound; Stale for any other state.
    """
    require(actor)
    moment = at or clock.now()
    if hold(id_).state not in (VersionState.DRAFT, VersionState.SCHEDULED):
        raise Stale(_("Only a draft can be discarded."), code="no-draft")
    _end(id_, moment)
    note(actor, "discarded", id_, moment)


def note(actor: Actor, act: str, id_: int, at: datetime) -> None:
    """Keeps in the house's log what a person did; what the system sets up by itself is no deed."""
    if actor.is_staff:
        house.record(actor, act, "rulebook", id_, at)
