"""The life of a request as citizens read it: what was said and what happened, the newest first, no codes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk import i18n
from helpdesk.services import catalogue
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import Direction, Status
from helpdesk.web import language
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


@dataclass(frozen=True)
class Entry:
    """One point on the line: a message with words and files, or something that happened (``text`` empty)."""

    at: datetime
    kind: str
    title: str
    author: str = ""
    text: str = ""
    files: Sequence[Any] = ()


_HAPPENED = {
    "application_completed": _("We have all documents that we need"),
    "call_back_dialled": _("We rang you"),
    "call_back_given_up": _("We could not reach you by telephone"),
    "call_back_cancelled": _("The call we had promised is off"),
    "ticket_merged": _("We joined your request with another one about the same thing"),
    "ticket_unmerged": _("We look at your request by itself again"),
    "resolution_confirmed": _("You said that it is solved"),
    "resolution_rejected": _("You said that it is not solved"),
    "ticket_reopened": _("We took your request up again"),
    "ticket_cancelled": _("Your request ended"),
}
_NAMES = {
    "ticket_forwarded": _("We sent your request on to another body"),
    "application_incomplete": _("Something is missing"),
    "deadline_extended": _("We need more time"),
    "ticket_resolved": _("We finished your request"),
}
"""What a message of ours is called after what it did; of two facts the first names it."""
_BY_STATUS = {
    Status.WAITING_REQUESTER: _("We need something from you"),
    Status.WAITING_SUPPLIER: _("We wait for others to do their part"),
    Status.WAITING_INTERNAL: _("We wait for others to do their part"),
    Status.SCHEDULED: _("A date was set"),
}


GOES_ON = frozenset({"ticket_transferred", "status_changed", "ticket_reopened", "ticket_closed", "ticket_resolved"})
"""What a citizen learns of the request in which theirs goes on; of its own citizen they learn nothing."""


def of_the_survivor(facts: Iterable[Recorded], since: datetime) -> list[Recorded]:
    """The facts of another request that tell how the joined one goes on, from when it was joined."""
    own = {"waiting_requester"}
    return [
        fact
        for fact in facts
        if fact.at >= since and fact.type in GOES_ON and fact.event.data().get("status") not in own
    ]


def timeline(messages: Sequence[Any], files: Sequence[Any], facts: Iterable[Recorded]) -> list[Entry]:
    """All of it, the newest first; of one moment, what followed stands above what it followed from."""
    copied = {message.copy_of_id: message.id for message in messages if message.copy_of_id is not None}
    titles, happened = _facts(facts)
    titles |= {copied[id_]: title for id_, title in titles.items() if id_ in copied}
    enclosed = _by_message(files)
    said = [_said(message, titles, enclosed) for message in reversed(messages)]
    return sorted([*said, *happened], key=lambda entry: entry.at)[::-1]


def _by_message(files: Sequence[Any]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for file in files:
        found[file.message_id].append(file)
    return found


def _said(message: Any, titles: Mapping[int, str], files: Mapping[int, list[Any]]) -> Entry:
    inbound = message.direction == Direction.INBOUND
    usual = say("You wrote") if inbound else say("We answered")
    return Entry(
        at=message.at,
        kind="yours" if inbound else "ours",
        title=titles.get(message.id, usual),
        author="" if inbound else message.author or "",
        text=message.reply_text or message.text,
        files=files.get(message.id, ()),
    )


def _facts(facts: Iterable[Recorded]) -> tuple[dict[int, str], list[Entry]]:
    """What messages are called after what they did, and what happened besides; nothing told twice in a row."""
    titles: dict[int, str] = {}
    happened: list[Entry] = []
    for fact in facts:
        data = fact.event.data()
        if fact.type == "ticket_opened" and data.get("message_id"):
            titles[data["message_id"]] = say("You sent this request")
        elif fact.type in _NAMES and data.get("message_id"):
            titles.setdefault(data["message_id"], say(_NAMES[fact.type]))
        elif (told := _sentence(fact.type, data)) and (not happened or happened[-1].title != told):
            happened.append(Entry(fact.at, "event", told))
    return titles, happened


def _sentence(type_: str, data: Mapping[str, Any]) -> str:
    if type_ == "call_back_dialled" and data.get("way", "phone") != "phone":
        return ""
    if type_ in _HAPPENED:
        return say(_HAPPENED[type_])
    if type_ in {"ticket_routed", "ticket_transferred"}:
        return _went(data.get("department_id"))
    if type_ == "ticket_assigned" and data.get("assignee_id") and not data.get("why"):
        return say("Somebody took your request up")
    if type_ == "ticket_escalated" and data.get("told"):
        return say("We asked more colleagues to help with your request")
    if type_ == "status_changed":
        return say(_BY_STATUS[Status(data["status"])]) if data["status"] in _BY_STATUS else ""
    if type_ == "call_back_promised":
        begins, ends = (datetime.fromisoformat(data[name]) for name in ("begins_at", "ends_at"))
        told = {"begins": i18n.moment(begins, language.current()), "ends": i18n.moment(ends, language.current())}
        if data.get("way", "phone") != "phone":
            return say("We will write to you between %(begins)s and %(ends)s", **told)
        return say("We will ring you between %(begins)s and %(ends)s", **told)
    if type_ == "ticket_closed":
        return say("We closed your request")
    return ""


def _went(department_id: int | None) -> str:
    department = catalogue.current().departments.get(department_id or 0)
    if department is None:
        return ""
    return say("Your request went to: %(department)s", department=i18n.pick(department.names, language.current()))
