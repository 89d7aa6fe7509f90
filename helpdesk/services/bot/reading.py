"""What the bot reads: articles that everybody may read, and what the form of a service asks."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db
from helpdesk.services import catalogue
from helpdesk.services.readership import PUBLIC, READABLE

OF_SERVICE = 2
"""Articles of a service that routing names: offered where the words of the question stand in none."""


def articles(ids: Collection[int]) -> Mapping[int, Row[Any]]:
    """Published articles by id ``(id, key, titles, bodies, department_id, service_id, updated_at)``."""
    if not ids:
        return {}
    return {row.id: row for row in db.session.execute(_ARTICLES, {"ids": sorted(ids), **PUBLIC.values})}


_ARTICLES = text(
    f"""select id, key, titles, bodies, department_id, service_id, updated_at from article
    where id = any(:ids) and {READABLE}"""  # noqa: S608 - our words
)


def about(service_id: int | None) -> list[int]:
    """The published articles of a service."""
    if service_id is None:
        return []
    return list(db.session.execute(_ABOUT, {"service": service_id, "most": OF_SERVICE, **PUBLIC.values}).scalars())


_ABOUT = text(f"select id from article where service_id = :service and {READABLE} order by id limit :most")  # noqa: S608


def any_published() -> bool:
    """Whether there is anything to answer from."""
    return bool(db.session.execute(_ANY, PUBLIC.values).scalar())


_ANY = text(f"select exists(select from article where {READABLE})")  # noqa: S608


def form_of(service_id: int | None) -> list[Mapping[str, Any]]:
    """What the form of a live service asks beside the common things."""
    row = catalogue.current().services.get(service_id or 0)
    return list(row.fields) if row is not None and row.phase == "live" else []
