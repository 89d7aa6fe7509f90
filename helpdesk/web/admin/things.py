"""What administrators keep as lists of like things: how a list shows them and how one is made and changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk.permissions import Actor
from helpdesk.web.admin.fields import Group


@dataclass(frozen=True)
class Line:
    """One thing in its list: where it leads, its name with a quiet word, its cells, its state.

    ``also`` is what a search finds it by, beside what it shows: its name in every language.
    """

    id: int
    name: str
    note: str = ""
    cells: Sequence[str] = ()
    badge: str = ""
    tone: str = ""
    depth: int = 0
    also: str = ""


@dataclass(frozen=True)
class Thing:
    """A kind of thing. ``rows`` gives what a search finds; ``save`` takes the id (None: a new one) and the values.

    ``ordered``: its list is a tree in which things change places and get others under them.
    """

    path: str
    many: str
    one: str
    new: str
    about: str
    empty: str
    columns: Sequence[str]
    groups: Callable[[Any], list[Group]]
    lines: Callable[[], list[Line]]
    find: Callable[[int], Any]
    save: Callable[[Actor, int | None, dict[str, Any]], int]
    saved: str
    title: Callable[[Any], str]
    start: Callable[[], dict[str, Any]] = dict
    extra: str = ""
    ordered: bool = False
    needs: Callable[[], tuple[str, str] | None] = lambda: None
