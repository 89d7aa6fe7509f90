"""The rulebook's first page, and the page of a version: what it says, what it changes, its life."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError
from helpdesk.services import catalogue, replay, rulebook
from helpdesk.vocabulary import RulebookKind, VersionState
from helpdesk.web.admin import words
from helpdesk.web.admin.room import room
from helpdesk.web.admin.rulebook.chapters import CHAPTERS
from helpdesk.web.guards import admin
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


OPEN = (VersionState.DRAFT, VersionState.SCHEDULED)
"""States of what may still come."""
TONE = {"in_force": "met", "scheduled": "paused", "draft": "soon"}


@room.get("/rulebook")
@admin
def rulebook_() -> ResponseReturnValue:
    """Every kind: what is in force, what waits or is drafted, and all that was."""
    parts = [(kind, CHAPTERS[kind], *_parted(rulebook.versions(kind))) for kind in RulebookKind]
    return render_template(
        "admin/rulebook/list.html", parts=parts, kinds=words.RULEBOOK, states=words.STATE, tone=TONE,
        titled=words.titled,
    )  # fmt: skip


Rows = Sequence[Row[Any]]


def _parted(rows: Rows) -> tuple[Rows, Rows, Rows]:
    held = [row for row in rows if row.state == VersionState.IN_FORCE]
    coming = [row for row in rows if row.state in OPEN]
    return held, coming, [row for row in rows if row not in held and row not in coming]


@room.get("/rulebook/<int:id>")
@admin
def rulebook_version(id: int) -> ResponseReturnValue:
    """What one version says."""
    return page(id)


def page(id_: int, error: HelpdeskError | None = None, typed: Mapping[str, str] | None = None) -> ResponseReturnValue:
    """The page of a version, with what was refused and what had been typed."""
    row = rulebook.record(id_)
    chapter, kind = CHAPTERS[RulebookKind(row.kind)], RulebookKind(row.kind)
    value, others = rulebook.version(id_).value, rulebook.versions(kind, row.key)
    against = _against(row, others)
    body = render_template(
        "admin/rulebook/version.html", row=row, chapter=chapter, says=chapter.says(value), others=others,
        more=chapter.more(row, value) if chapter.more else {}, place=url_for(chapter.home),
        kind=words.RULEBOOK[row.kind], states=words.STATE, tone=TONE, titled=words.titled,
        names={person.id: person.name for person in catalogue.colleagues(all_=True)},
        against=against, changes=_changes(chapter, against, value), failed=_failed(row, clock.now()),
        problem=say(error.detail) if error else "", wrong=error.fields if error else {},
        typed=typed or _planned(row), can_try=row.kind in replay.TRIED, open_=OPEN,
        usual=(rulebook.DEFAULT, rulebook.ALWAYS),
        drafted=[one for one in others if one.state in OPEN and one.id != id_],
    )  # fmt: skip
    return body, error.status if error else 200


def _against(row: Row[Any], others: Rows) -> Row[Any] | None:
    """With which version it is compared: the one asked for, else the one in force."""
    wanted = request.args.get("with", type=int)
    asked = next((one for one in others if one.id == wanted and one.id != row.id), None)
    held = next((one for one in others if one.state == VersionState.IN_FORCE and one.id != row.id), None)
    return asked or held


def _changes(chapter: Any, against: Row[Any] | None, value: Any) -> Any:
    return chapter.changes(rulebook.version(against.id).value, value) if against is not None else []


def _failed(row: Row[Any], now: datetime) -> bool:
    """Whether its day came and it could not be put in force."""
    return row.state == VersionState.DRAFT and row.starts_at is not None and row.starts_at <= now


def _planned(row: Row[Any]) -> dict[str, str]:
    """What the form to put it in force begins with."""
    if row.state != VersionState.SCHEDULED:
        return {"when": "now", "why": row.why if row.state == VersionState.DRAFT else "", "day": "", "time": ""}
    local = row.starts_at.astimezone(i18n.ZONE)
    return {"when": "day", "why": row.why, "day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}
