"""Who may read which help article: the one condition that every list, search, answer and page puts to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.permissions import Actor
from helpdesk.vocabulary import ActorKind

READABLE = """
    (article.published and (article.audience = 'public' or :reads_staff and (article.audience = 'staff'
        or :reads_all or article.department_id = any(cast(:reads_of as bigint[])))))
"""
"""The condition, of a table that is called ``article``; `Reader.values` fills it."""


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: a citizen, unless ``staff``; ``departments`` are those whose own articles they read."""

    staff: bool = False
    everything: bool = False
    departments: tuple[int, ...] = ()

    @property
    def values(self) -> Mapping[str, Any]:
        """What the condition is filled with."""
        return {"reads_staff": self.staff, "reads_all": self.everything, "reads_of": list(self.departments)}


PUBLIC = Reader()
"""Whoever comes by: the portal, the bot and the widget know nobody else."""


def of(actor: Actor) -> Reader:
    """The reader that an actor is."""
    if actor.kind is ActorKind.SYSTEM:
        return Reader(staff=True, everything=True)
    return Reader(actor.is_staff, actor.sees_all, tuple(sorted(actor.departments))) if actor.is_staff else PUBLIC
