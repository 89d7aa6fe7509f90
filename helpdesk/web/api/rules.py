"""Rules by machine: what is in force, all versions of a key, a new draft, and putting one in force."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from helpdesk.errors import NotFound
from helpdesk.permissions import Actor
from helpdesk.services import records, rulebook
from helpdesk.vocabulary import RulebookKind, VersionState
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import Query, operation
from helpdesk.web.api.paging import PAGING
from helpdesk.web.api.shapes.words import LARGEST

PATHS: Mapping[RulebookKind, str] = {
    RulebookKind.POLICY: "policies",
    RulebookKind.CALENDAR: "calendars",
    RulebookKind.RULESET: "rulesets",
    RulebookKind.MATRIX: "matrix",
    RulebookKind.WAITING: "waiting-rules",
    RulebookKind.MAJOR_CRITERIA: "major-criteria",
    RulebookKind.INFORMING: "informing-rules",
    RulebookKind.MODEL: "models",
}
STATE = Query("state", VersionState, "versions in this state instead of those in force", VersionState.IN_FORCE)
Versions = shapes.Page[shapes.RulesVersion]


def _version(row: Row[Any]) -> shapes.RulesVersion:
    return shapes.RulesVersion(
        key=row.key,
        number=row.number,
        name=f"{row.key}@{row.number}",
        title=row.title,
        state=row.state,
        data=row.data,
        why=row.why,
        created_at=row.created_at,
        created_by=row.created_by_id,
        starts_at=row.starts_at,
        in_force_at=row.in_force_at,
        in_force_by=row.in_force_by_id,
        retired_at=row.retired_at,
        retired_why=row.retired_why,
    )


def _put(kind: RulebookKind, path: str) -> None:
    """The four operations of a kind."""
    word = path.replace("-", "_")

    def list_rules(actor: Actor, limit: int, cursor: str | None, state: VersionState) -> Versions:
        rulebook.require(actor)
        found = [row for row in rulebook.versions(kind) if row.state == state]
        rows, more = records.part(found, lambda row: row.id, cursor, limit)
        return Versions(items=[_version(row) for row in rows], next=more)

    def list_versions(actor: Actor, key: str, limit: int, cursor: str | None) -> Versions:
        rulebook.require(actor)
        found = rulebook.versions(kind, key)
        if not found:
            raise NotFound("There is none with this key.")
        rows, more = records.part(found, lambda row: LARGEST - row.number, cursor, limit)
        return Versions(items=[_version(row) for row in rows], next=more)

    def make_draft(actor: Actor, key: str, given: shapes.RulesDraft) -> shapes.RulesVersion:
        title = given.title or next((row.title for row in rulebook.versions(kind, key)), "")
        return _version(rulebook.record(rulebook.make_draft(actor, kind, key, given.data, title=title, why=given.why)))

    def put_in_force(actor: Actor, key: str, given: shapes.PutInForce) -> shapes.RulesVersion:
        row = rulebook.numbered(kind, key, given.number)
        return _version(rulebook.start(actor, row.id, why=given.why, starts_at=given.starts))

    list_rules.__doc__ = f"{path}: what is in force, or in another state."
    list_versions.__doc__ = f"{path}: every version of a key, the newest first."
    make_draft.__doc__ = f"{path}: makes a draft, which decides nothing yet; a new key begins with it."
    put_in_force.__doc__ = f"{path}: lets a version hold from now on, or from a moment that comes."
    operation("GET", f"/{path}", scope="read", answer=Versions, queries=(*PAGING, STATE), name=f"list_{word}")(
        list_rules
    )
    one = f"/{path}/{{key}}"
    operation("GET", one, scope="read", answer=Versions, queries=PAGING, name=f"read_{word}")(list_versions)
    operation(
        "PUT", one, scope="administer", answer=shapes.RulesVersion, body=shapes.RulesDraft, status=201,
        name=f"draft_{word}",
    )(make_draft)  # fmt: skip
    operation(
        "POST", f"{one}/put-in-force", scope="administer", answer=shapes.RulesVersion, body=shapes.PutInForce,
        name=f"put_{word}_in_force",
    )(put_in_force)  # fmt: skip


for _kind, _path in PATHS.items():
    _put(_kind, _path)
