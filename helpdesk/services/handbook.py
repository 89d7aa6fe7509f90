"""What administrators write for others: canned replies, help articles, notices of outages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.catalogue import Department, Service
from helpdesk.models.help import Article, CannedReply, Outage
from helpdesk.permissions import Actor, may
from helpdesk.services import catalogue, house, retrieval
from helpdesk.vocabulary import Readership

KINDS: Mapping[str, type[Any]] = {"reply": CannedReply, "article": Article, "outage": Outage}
_OUTAGES = table(Outage)
LONGEST_PHRASING = 300
MOST = 1000
"""A body has dozens of each; a list never grows beyond this."""


def all_of(kind: str) -> Sequence[Row[Any]]:
    """All things of a kind, the newest first."""
    rows = table(KINDS[kind])
    columns = [column for column in rows.c if column.name != "words"]
    return db.session.execute(select(*columns).order_by(rows.c.id.desc()).limit(MOST)).all()


def find(kind: str, id_: int) -> Row[Any] | None:
    """One of them; None where there is none."""
    rows = table(KINDS[kind])
    return db.session.execute(select(rows).where(rows.c.id == id_)).one_or_none()


def titles(kind: str, ids: Iterable[int]) -> Mapping[int, Mapping[str, str]]:
    """The titles of some of them, by id."""
    rows, wanted = table(KINDS[kind]), sorted(ids)
    if not wanted:
        return {}
    query = select(rows.c.id, rows.c.titles).where(rows.c.id.in_(wanted))
    return {row.id: row.titles for row in db.session.execute(query)}


@unit()
def save(actor: Actor, kind: str, id_: int | None, at: datetime, **given: Any) -> int:
    """Makes (without an id) or changes one; its id. Raises Forbidden, NotFound, Invalid that names wrong fields."""
    _require(actor)
    return _keep(actor, kind, id_, at, given)


@unit()
def add_phrasing(actor: Actor, id_: int, language: str, words: str, at: datetime) -> None:
    """Lets an article be found by another way to ask for it; this is no review of what it says.

    Raises Forbidden, NotFound; Invalid where it is too long or there are too many.
    """
    _require(actor)
    row = db.session.get(Article, id_, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("There is no such article.")
    told = " ".join(words.split())
    lines = (row.phrasings or {}).get(language, "").splitlines()
    if told in lines:
        return
    if len(told) > LONGEST_PHRASING or len(lines) >= retrieval.MOST_LINES:
        raise Invalid("That is too long, or there are too many ways to ask.", fields={"words": "shorten it"})
    row.phrasings = {**(row.phrasings or {}), language: "\n".join([*lines, told])}
    db.session.flush()
    retrieval.keep(row)
    house.record(actor, "changed", "article", row.id, at, {"phrasings": None})


def draft(actor: Actor, at: datetime, **given: Any) -> int:
    """An article that is not published yet, by whom whoever calls let propose it; its id."""
    return _keep(actor, "article", None, at, {**given, "published": False})


def _keep(actor: Actor, kind: str, id_: int | None, at: datetime, given: dict[str, Any]) -> int:
    row = KINDS[kind]() if id_ is None else db.session.get(KINDS[kind], id_)
    if row is None:
        raise NotFound(f"There is no such {kind}.")
    if id_ is None and "key" in row.__mapper__.columns:
        given["key"] = _free_key(kind, given.get("titles") or {})
    _check(kind, given)
    different = house.changes(row, given)
    for name, value in given.items():
        setattr(row, name, value)
    if kind == "article":
        row.updated_at = at
    db.session.add(row)
    db.session.flush()
    if kind == "article":
        retrieval.keep(row)
    if different:
        house.record(actor, "made" if id_ is None else "changed", kind, row.id, at, different)
    return int(row.id)


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("Texts for all are kept by administrators.")


def _free_key(kind: str, titles: Mapping[str, str]) -> str:
    """A key out of the title that no other has: addresses of articles are made of it, and stay."""
    model, wished = KINDS[kind], catalogue.key_from(titles)[:50] or kind
    taken = set(db.session.execute(select(model.key).where(model.key.startswith(wished))).scalars())
    return next(key for key in (wished, *(f"{wished}-{n}" for n in range(2, MOST + 2))) if key not in taken)


def _check(kind: str, given: Mapping[str, Any]) -> None:
    wrong = {}
    body = "bodies" if kind == "article" else "texts"
    for name, told in (("titles", "Give a title."), (body, "Write the text.")):
        if not any(str(text).strip() for text in (given.get(name) or {}).values()):
            wrong[name] = told
    if kind == "outage" and given.get("begins_at") is None:
        wrong["begins_at"] = "Say when it begins."
    if given.get("ends_at") and given.get("begins_at") and given["ends_at"] <= given["begins_at"]:
        wrong["ends_at"] = "The end must come after the beginning."
    if kind == "article":
        wrong |= _wrong_readers(given)
    for name, model in (("department_id", Department), ("service_id", Service)):
        if given.get(name) is not None and db.session.get(model, given[name]) is None:
            wrong[name] = "Choose one that exists."
    if wrong:
        raise Invalid("The text cannot be saved like this.", fields=wrong)


def _wrong_readers(given: Mapping[str, Any]) -> dict[str, str]:
    audience = given.get("audience", Readership.PUBLIC)
    if audience not in set(Readership):
        return {"audience": "Choose one that exists."}
    if audience == Readership.DEPARTMENT and given.get("department_id") is None:
        return {"department_id": "Say whose article it is."}
    return {}


@unit()
def end_outage(actor: Actor, id_: int, at: datetime) -> None:
    """Takes a notice down now. Raises Forbidden, NotFound; Stale when it is over already."""
    _require(actor)
    row = find("outage", id_)
    if row is None:
        raise NotFound("There is no such notice.")
    if row.ends_at is not None and row.ends_at <= at:
        raise Stale("This notice is over already.")
    begins = min(row.begins_at, at)
    db.session.execute(update(_OUTAGES).where(_OUTAGES.c.id == id_).values(ends_at=at, begins_at=begins))
    house.record(actor, "ended", "outage", id_, at)
