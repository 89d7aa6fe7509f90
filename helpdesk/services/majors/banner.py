"""What the portal, the chat and the phone's greeting say to everybody while a major incident lasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text, update

from helpdesk import i18n
from helpdesk.db import db, table
from helpdesk.models.help import Outage
from helpdesk.models.majors import MajorIncident
from helpdesk.services import catalogue
from helpdesk.services.hands import Hand

_OUTAGES = table(Outage)


def put_up(hand: Hand) -> None:
    """The notice on the portal, about the first of the services, as long as it lasts."""
    major = db.session.get_one(MajorIncident, hand.ticket.id)
    row = {
        "titles": major.titles, "texts": major.summaries, "begins_at": hand.at, "ends_at": None,
        "service_id": next(iter(major.service_ids), None),
    }  # fmt: skip
    major.outage_id = db.session.execute(insert(_OUTAGES).values(row).returning(_OUTAGES.c.id)).scalar_one()
    db.session.flush()


def change(major: MajorIncident, texts: Mapping[str, str]) -> None:
    """It says what the newest update says."""
    _set(major, texts=dict(texts))


def take_down(hand: Hand, major: MajorIncident) -> None:
    """It is over."""
    _set(major, ends_at=hand.at)


def put_back(major: MajorIncident) -> None:
    """It was not over."""
    _set(major, ends_at=None)


def _set(major: MajorIncident, **values: Any) -> None:
    db.session.execute(update(_OUTAGES).where(_OUTAGES.c.id == major.outage_id).values(**values))


@dataclass(frozen=True)
class Announcement:
    """What is said of one major incident, in one language: ``spoken`` is the whole of it in plain sentences."""

    title: str
    text: str
    services: tuple[str, ...]
    since: datetime
    told_at: datetime
    next_at: datetime | None

    @property
    def spoken(self) -> str:
        """For a greeting that is read aloud: title and text, each closed like a sentence."""
        return " ".join(part if part.endswith((".", ";", "!", "·")) else f"{part}." for part in (self.title, self.text))


_LASTING = text(
    """
    select major_incident.titles, major_incident.service_ids, major_incident.declared_at,
           major_incident.next_update_at, coalesce(said.texts, major_incident.summaries) as texts,
           coalesce(said.at, major_incident.declared_at) as told_at
    from major_incident left join lateral (
        select texts, at from major_update where ticket_id = major_incident.ticket_id and at <= :at
        order by id desc limit 1) as said on true
    where declared_at <= :at and (ended_at is null or ended_at > :at)
    order by declared_at desc, major_incident.ticket_id desc limit 5
    """
)


def announcements(language: str, at: datetime) -> Sequence[Announcement]:
    """What everybody is told of the major incidents of that moment, the newest first; empty on a quiet day.

    A pure read of one statement that changes nothing: the chat shows it as a notice, a phone greeting says
    ``spoken``. It holds the coordinators' public words only, no ticket's number and nobody's data.
    """
    return [_announcement(row, language) for row in db.session.execute(_LASTING, {"at": at})]


def _announcement(row: Any, language: str) -> Announcement:
    known = catalogue.current().services
    names = tuple(i18n.pick(known[id_].names, language) for id_ in row.service_ids if id_ in known)
    title, words = i18n.pick(row.titles, language), i18n.pick(row.texts, language)
    return Announcement(title, words, names, row.declared_at, row.told_at, row.next_update_at)
