"""The tree of categories: its order, the path to a node, and what is chosen instead of what is chosen no more."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from helpdesk import clock, i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid, NotFound
from helpdesk.models.catalogue import Category, Service
from helpdesk.permissions import Actor
from helpdesk.services import house
from helpdesk.services.catalogue.reading import changed, current
from helpdesk.services.catalogue.standing import require

_ROWS = table(Category)
BETWEEN = " › "
"""What stands between the names of a path."""


def walk() -> Iterator[tuple[Any, int]]:
    """Every category with its depth, sisters in their order, each before what stands under it."""
    rows = sorted(current().categories.values(), key=lambda row: (row.position, row.id))

    def below(parent: int | None, depth: int) -> Iterator[tuple[Any, int]]:
        for row in rows:
            if row.parent_id == parent:
                yield row, depth
                yield from below(row.id, depth + 1)

    return below(None, 0)


def ancestors(category_id: int | None) -> list[Any]:
    """The category and all it stands under, from the top."""
    known, found, place = current().categories, list[Any](), category_id
    while place is not None and place in known and known[place] not in found:
        found.insert(0, known[place])
        place = known[place].parent_id
    return found


def path(category_id: int | None, language: str) -> str:
    """Its name after those of all it stands under; empty for none."""
    return BETWEEN.join(i18n.pick(row.names, language) for row in ancestors(category_id))


def below(category_id: int) -> set[int]:
    """The category and all that stands under it."""
    return {row.id for row in current().categories.values() if category_id in {one.id for one in ancestors(row.id)}}


def instead(rows: Mapping[int, Any], id_: int, in_use: Any) -> int | None:
    """The thing itself while it is in use, else the first of its successors that is; None where there is none."""
    seen: set[int] = set()
    place: int | None = id_
    while place is not None and place in rows and place not in seen:
        if in_use(rows[place]):
            return place
        seen.add(place)
        place = rows[place].successor_id
    return None


def chosen(category_id: int) -> int:
    """The category that is chosen by that id; raises Invalid for one that is chosen no more and names no other."""
    found = instead(current().categories, category_id, lambda row: row.active)
    if found is None:
        raise Invalid("This category is not in use.", fields={"category_id": "choose one that is in use"})
    return found


def live(service_id: int) -> int:
    """The service that takes requests under that id; raises Invalid where none does."""
    found = instead(current().services, service_id, lambda row: row.phase == "live")
    if found is None:
        told = "This service takes no new requests."
        raise Invalid(told, code="service-not-live", fields={"service": "choose one that takes requests"})
    return found


def last_place(parent_id: int | None) -> int:
    """Where a new node stands: after its sisters."""
    query = select(func.coalesce(func.max(_ROWS.c.position), -1)).where(
        _ROWS.c.parent_id.is_not_distinct_from(parent_id)
    )
    return int(db.session.execute(query).scalar_one()) + 1


@unit()
def move(actor: Actor, category_id: int, by: int, *, at: datetime | None = None) -> None:
    """Lets a category change places with its neighbour: -1 upwards, 1 downwards; at the end nothing happens."""
    require(actor)
    row = db.session.get(Category, category_id)
    if row is None:
        raise NotFound("There is no such category.")
    same = _ROWS.c.parent_id.is_not_distinct_from(row.parent_id)
    query = select(_ROWS.c.id).where(same).order_by(_ROWS.c.position, _ROWS.c.id).with_for_update()
    order = list(db.session.execute(query).scalars())
    place = order.index(category_id)
    other = place + by
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, id_ in enumerate(order):
        db.session.execute(update(_ROWS).where(_ROWS.c.id == id_).values(position=position))
    moment = at or clock.now()
    changed(moment)
    house.record(actor, "changed", "category", category_id, moment, {"position": [place, other]})


def retire(row: Any) -> None:
    """What used a category that is chosen no more uses its successor. Raises Invalid while something needs it."""
    standing = [one for one in current().categories.values() if one.parent_id == row.id and one.active]
    if standing:
        raise Invalid(
            "Other categories stand under this one.", fields={"active": "Move or retire first what stands under it."}
        )
    services = table(Service)
    used = services.c.category_id == row.id
    if row.successor_id is not None:
        db.session.execute(update(services).where(used).values(category_id=row.successor_id))
    elif db.session.execute(select(services.c.id).where(used, services.c.phase == "live").limit(1)).scalar():
        raise Invalid(
            "Services use this category.", fields={"successor_id": "Choose the category that takes its place."}
        )
