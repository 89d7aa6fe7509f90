"""By which way an answer goes, as the composer shows it: who reads it where, what is not possible and why, how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels import segments
from helpdesk.services import accounts
from helpdesk.services.texting import limits, routes, wording
from helpdesk.services.texting.routes import WHATSAPP, Ground, Way, Whom
from helpdesk.web.desk.lines import moment
from helpdesk.web.desk.words import Words
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


WHY_NOT: Mapping[str, str] = {
    "declined": _("They have asked for no messages by %(channel)s."),
    "shut": _("They have not written by WhatsApp for a day: only approved words may be sent there."),
    "land-line": _("Their number is a land line, which takes no messages."),
    "abroad": _("Their number is of a country to which the body does not write."),
}
"""What an agent must know before they write; other closed ways are of no interest."""


@dataclass(frozen=True)
class Approved:
    """Words that WhatsApp has approved, ready to be chosen."""

    id: int
    name: str
    words: str


@dataclass(frozen=True)
class Panel:
    """The ways of an answer: the open ones (value, words) with the usual first, warnings, and for messages how much
    room there is."""

    open: Sequence[tuple[str, str]]
    text: bool
    warnings: Sequence[str]
    until: str
    most: int
    restricted: bool
    approved: Sequence[Approved]
    gaps: int


def of(row: Any, known: Words, now: datetime) -> Panel | None:
    """None where no message is in question; nothing is asked then."""
    book = accounts.book()
    if not routes.texts_with(book) or not row.requester_phone:
        return None
    them = Whom(row.channel, row.department_id, row.requester_email, row.requester_phone)
    found = routes.ways(them, Ground.whole(book, them), now)
    ready = [one for one in found if not one.why_not]
    shut = next((one for one in found if one.kind == WHATSAPP and one.why_not == "shut" and one.until), None)
    approved = _approved(row.language, known) if shut is not None else []
    return Panel(
        open=[(one.kind, _told(one, known)) for one in ready],
        text=any(one.is_text for one in ready),
        warnings=[told for one in found if (told := _warning(one, known, row.channel))],
        until=next((moment(one.until, now, known.language) for one in ready if one.until), ""),
        most=limits.limits().most_parts,
        restricted=bool(row.restricted),
        approved=approved,
        gaps=max((wording.gaps(one.words) for one in approved), default=0),
    )


def _told(way: Way, known: Words) -> str:
    name = known["channel"].get(way.kind, way.kind)
    return say(_("%(channel)s to %(address)s"), channel=name, address=way.address)


def _warning(way: Way, known: Words, came_by: str) -> str:
    concerns = way.why_not == "declined" or way.until is not None or way.kind == came_by
    if not concerns or way.why_not not in WHY_NOT:
        return ""
    return say(WHY_NOT[way.why_not], channel=known["channel"].get(way.kind, way.kind))


def _approved(language: str, known: Words) -> list[Approved]:
    """Those in the citizen's language."""
    return [
        Approved(row.id, row.names.get(known.language) or next(iter(row.names.values()), ""), row.words)
        for row in wording.templates(language)
    ]


def counted(words: str) -> str:
    """How a text would be cut, in words; empty for none."""
    if not words.strip():
        return ""
    found = segments.count(words.strip())
    return say(_("%(places)s of %(room)s places, %(parts)s parts"), places=found.places, room=found.room,
               parts=found.parts)  # fmt: skip
