"""What the bot reads: published articles, and what the form of a service asks."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db
from helpdesk.services import catalogue

OF_SERVICE = 2
"""Articles of a service that routing names: offered where the words of the question stand in none."""


def articles(ids: Collection[int]) -> Mapping[int, Row[Any]]:
    """Published articles by id ``(id, key, titles, bodies, department_id, service_id, updated_at)``."""
    if not ids:
        return {}
    return {row.id: row for row in db.session.execute(_ARTICLES, {"ids": sorted(ids)})}


_ARTICLES = text(
    "select id, key, titles, bodies, department_id, service_id, updated_at from article"
    " where published and id = any(:ids)"
)


def about(service_id: int | None) -> list[int]:
    """The published articles of a service."""
    if service_id is None:
        return []
    return list(db.session.execute(_ABOUT, {"service": service_id, "most": OF_SERVICE}).scalars())


_ABOUT = text("select id from article where published and service_id = :service order by id limit :most")


def any_published() -> bool:
    """Whether there is anything to answer from."""
    return bool(db.session.execute(text("select exists(select from article where published)")).scalar())


def form_of(service_id: int | None) -> list[Mapping[str, Any]]:
    """What the form of a live service asks beside the common things."""
    row = catalogue.current().services.get(service_id or 0)
    return list(row.fields) if row is not None and row.phase == "live" else []
