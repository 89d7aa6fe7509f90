"""The queue's query string, read strictly, and written back with one thing changed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from flask import url_for

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.services.filters import Due, Filters
from helpdesk.services.views import Sort, View
from helpdesk.vocabulary import ChannelKind, Priority, Stage, Status, TicketType
from helpdesk.web.desk.words import Words

_SETS: Mapping[str, type[StrEnum]] = {
    "priority": Priority, "status": Status, "stage": Stage, "type": TicketType, "channel": ChannelKind, "due": Due,
}  # fmt: skip
_WORDS = ("q", "department", "service", "assignee", "tag")
_DATES = {"from": "received_from", "to": "received_to"}
Chosen = TypeVar("Chosen", bound=StrEnum)


@dataclass(frozen=True)
class Chip:
    """A filter that is on: what it says, and the list without it."""

    label: str
    url: str


def read(args: Mapping[str, str]) -> Filters:
    """The filters of a query string; raises Invalid that names the one that is wrong."""
    given: dict[str, Any] = {name: args.get(name, "").strip()[:200] for name in _WORDS}
    given |= {name: _one_of(kind, args.get(name, ""), name) or "" for name, kind in _SETS.items()}
    given |= {field: _day(args.get(name, ""), name) for name, field in _DATES.items()}
    requester = args.get("requester", "")
    if requester and not requester.isdecimal():
        raise _wrong("requester")
    view = _one_of(View, args.get("view", ""), "view") or (View.ANY if given["q"] else View.MINE)
    sort = _one_of(Sort, args.get("sort", ""), "sort")
    return Filters(**given, view=view, requester=int(requester) if requester else None, sort=sort)


def _one_of(kind: type[Chosen], text: str, name: str) -> Chosen | None:
    try:
        return kind(text) if text else None
    except ValueError:
        raise _wrong(name) from None


def _day(text: str, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=i18n.ZONE) if text else None
    except ValueError:
        raise _wrong(name) from None


def _wrong(name: str) -> Invalid:
    told = "This list cannot be shown: one of its filters has a value we do not know."
    return Invalid(told, fields={name: "unknown"})


def written(filters: Filters) -> dict[str, str]:
    """The query string of a list; what is empty or usual is left out."""
    args = {name: str(getattr(filters, name)) for name in (*_WORDS, *_SETS) if getattr(filters, name)}
    if filters.view is not (View.ANY if filters.q else View.MINE):
        args["view"] = filters.view.value
    if filters.requester is not None:
        args["requester"] = str(filters.requester)
    for name, field in _DATES.items():
        if getattr(filters, field):
            args[name] = getattr(filters, field).astimezone(i18n.ZONE).date().isoformat()
    if filters.sort:
        args["sort"] = filters.sort.value
    return args


def address(filters: Filters, endpoint: str = "desk.queue", **more: Any) -> str:
    """The address of a list."""
    return url_for(endpoint, **{**written(filters), **more})


def chips(filters: Filters, names: Mapping[str, Mapping[str, str]], words: Words) -> list[Chip]:
    """The filters that are on, in words, each with the list without it."""
    found = []
    for name in ("department", "service", "assignee"):
        value = getattr(filters, name)
        if value:
            found.append(Chip(names[name].get(value, value), _without(filters, name)))
    for name in _SETS:
        value = getattr(filters, name)
        if value:
            found.append(Chip(words[name][value], _without(filters, name)))
    if filters.tag:
        found.append(Chip(f"#{filters.tag}", _without(filters, "tag")))
    for name, field in _DATES.items():
        value = getattr(filters, field)
        if value:
            sign = "≥" if name == "from" else "≤"
            found.append(Chip(f"{sign} {value:%d/%m/%Y}", _without(filters, field)))
    if filters.requester is not None:
        found.append(Chip(names["requester"].get(str(filters.requester), "…"), _without(filters, "requester")))
    return found


def _without(filters: Filters, name: str) -> str:
    """The list without that filter."""
    off: dict[str, Any] = {name: "" if isinstance(getattr(filters, name), str) else None}
    return address(replace(filters, **off))
