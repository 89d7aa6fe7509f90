"""The promises of a story: its own policy and calendar, in force only while it opens."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from helpdesk.errors import Invalid
from helpdesk.permissions import SYSTEM
from helpdesk.services import rulebook
from helpdesk.services.rulebook import Version
from helpdesk.services.stories.reading import Told, wrong
from helpdesk.vocabulary import RulebookKind


@contextmanager
def in_force(told: Told, at: datetime) -> Iterator[int | None]:
    """Lets the story's policy decide inside; its id, None where it brings none. Nobody else ever sees it in force.

    The calendar stays in force: it holds for nobody who does not name it.
    """
    data = _policy(told, at)
    if data is None:
        yield None
        return
    version = _enacted(RulebookKind.POLICY, data, "policy", at)
    yield version.id
    rulebook.retire(SYSTEM, version.id, at=at)


def _policy(told: Told, at: datetime) -> dict[str, Any] | None:
    if told.policy is None and told.calendar is None:
        return None
    data = dict(told.policy or rulebook.in_force(RulebookKind.POLICY).value.to_dict())
    if told.calendar is not None:
        calendar = _enacted(RulebookKind.CALENDAR, told.calendar, "calendar", at)
        targets = data.get("targets")
        if isinstance(targets, list):
            data["targets"] = [_timed(target, calendar.key) for target in targets]
    return data | {"order": 0}


def _timed(target: Any, calendar: str) -> Any:
    return {**target, "calendar": target.get("calendar") or calendar} if isinstance(target, Mapping) else target


def _enacted(kind: RulebookKind, data: Mapping[str, Any], path: str, at: datetime) -> Version:
    """The version with this data, made once however many stories bring it."""
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]
    key = f"story-{digest}"
    if (known := rulebook.all_in_force(kind).get(key)) is not None:
        return known
    try:
        if kept := rulebook.versions(kind, key):
            return rulebook.put_in_force(SYSTEM, kept[0].id, at=at)
        return rulebook.enact(kind, key, dict(data), title=f"Imported {path}", at=at)
    except Invalid as refused:
        raise wrong(path, str(refused)) from None
