"""What a kind of rules brings to its pages: how a version is shown, compared and edited. One plug-in a kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from werkzeug.datastructures import MultiDict


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


Typed = dict[str, Any]
"""What stands in a form, also where it is wrong."""
Fields = Mapping[str, str]
"""What is wrong, by field."""


@dataclass(frozen=True)
class Said:
    """One thing that a version says: the part it belongs to, its name, and what holds there; all in words.

    Two versions are compared by part and name.
    """

    part: str
    name: str
    text: str


@dataclass(frozen=True)
class Change:
    """What differs between two versions; an empty text: it is not there."""

    part: str
    name: str
    before: str
    after: str


def compare(before: Sequence[Said], after: Sequence[Said]) -> list[Change]:
    """What differs, in the order of the later version, with what is gone at the end of its part."""
    old = {(said.part, said.name): said.text for said in before}
    new = {(said.part, said.name): said.text for said in after}
    parts = list(dict.fromkeys(said.part for said in (*after, *before)))
    names = [*new, *(key for key in old if key not in new)]
    ordered = sorted(names, key=lambda key: parts.index(key[0]))
    changes = (Change(*key, old.get(key, ""), new.get(key, "")) for key in ordered)
    return [change for change in changes if change.before != change.after]


def _same(typed: Typed, act: str) -> Typed:
    return typed


def _where_it_is(fields: Fields) -> dict[str, str]:
    return dict(fields)


@dataclass(frozen=True)
class Editor:
    """A form for the data of a version.

    ``shown`` fills it, ``sent`` takes what was typed, ``read`` makes data of it and raises Invalid that names fields
    of the form. ``act`` does what a button of the form asks for (a row more, a row less) without saving; ``placed``
    puts what the leaf package found wrong to the form's own fields.
    """

    template: str
    shown: Callable[[dict[str, Any]], Typed]
    sent: Callable[[MultiDict[str, str]], Typed]
    read: Callable[[Typed], dict[str, Any]]
    act: Callable[[Typed, str], Typed] = _same
    placed: Callable[[Fields], dict[str, str]] = _where_it_is


@dataclass(frozen=True)
class Chapter:
    """A kind of rules on its pages.

    ``says`` gives the values that ``template`` draws; ``lines`` says the same as a list, to be compared, unless
    ``compared`` does it in a way of its own. ``several``: whether a body may have more than one. ``more`` is what the
    page of a version tells beside, and ``first`` a template that tells it on top; ``begin`` fills the form of a new
    one, from the query; ``keys`` are those that a new one may have, where they cannot be any; ``home`` and ``called``
    are the page on which its versions are listed.
    """

    about: str
    template: str
    says: Callable[[Any], dict[str, Any]]
    lines: Callable[[Any], list[Said]]
    editor: Editor
    several: bool = False
    new: str = ""
    compared: Callable[[Any, Any], list[Change]] | None = None
    more: Callable[[Row[Any], Any], dict[str, Any]] | None = None
    begin: Callable[[MultiDict[str, str]], Typed] | None = None
    first: str = ""
    home: str = "admin.rulebook_"
    called: str = _("Rulebook")
    keys: Callable[[], Sequence[tuple[str, str]]] | None = None

    def changes(self, before: Any, after: Any) -> list[Change]:
        """What differs between two versions, in words."""
        if self.compared is not None:
            return self.compared(before, after)
        return compare(self.lines(before), self.lines(after))
