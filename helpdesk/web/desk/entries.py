"""The timeline of a ticket, ready to print: what was said, and what happened between, folded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.kinds import PICTURES
from helpdesk.permissions import Actor
from helpdesk.services.conversation import Happened, Said
from helpdesk.services.correspondence import UNDO
from helpdesk.vocabulary import TEXTS, Audience, Delivery, Direction
from helpdesk.web.desk import proof, story, texted
from helpdesk.web.desk.lines import moment
from helpdesk.web.desk.proof import Proof
from helpdesk.web.desk.telling import Telling
from helpdesk.web.desk.words import Words
from helpdesk.web.templating import say, say_many


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


SMALLEST, LARGEST = 4_000, 10_000_000
"""Bytes of pictures that are shown at once: smaller ones are lines and logos, larger ones take long to come."""

BAD = frozenset({Delivery.REFUSED, Delivery.UNKNOWN, Delivery.BOUNCED})
_ICONS = {
    "sent": "check", "delivered": "circle-check", "read": "circle-check", "waiting": "clock", "held": "pause",
    "sending": "send", "withdrawn": "undo-2",
}  # fmt: skip
WARNINGS = {
    "message-id-repeated": _("It bears the identifier of an earlier message."),
    "no-automatic-answer": _("Its sender wants no automatic answers."),
    "no-headers": _("It came without the usual headers."),
    "from-missing": _("It names no sender."),
    "html-cut": _("Its formatting was too large: only the words are shown."),
    "parts-cut": _("Some of its parts were left out, there were too many."),
    "message-cut": _("It was too large: only its beginning was read. The whole is kept."),
    "files-cut": _("It has more files than we show. All of them are kept in the raw message."),
    "winmail-opened": _("Its files came in a winmail.dat, which was opened."),
    "calendar-invite": _("It brings an invitation to an appointment."),
    "signed-by-sender": _("Its sender signed it (S/MIME or PGP); the signature was not checked."),
    "encrypted": _("It is encrypted: ask the sender to write without encryption."),
    "smime-wrapped": _("It is encrypted or signed as a whole (S/MIME) and cannot be read here."),
    "marked-as-spam": _("Whoever got it marked it as spam, their provider says."),
    "number-withheld": _("Its sender shows no number and cannot be answered."),
    "remote-images-blocked": _("Pictures from other servers were not loaded."),
}
SILENT = frozenset({"remote-images-blocked", "headers-broken", "boundary-missing", "date-unreadable", "headers-cut"})
"""Oddities of programmes that tell an agent nothing."""


@dataclass(frozen=True)
class Sending:
    """What became of a message that left us."""

    state: str
    words: str
    icon: str
    bad: bool
    detail: str


@dataclass(frozen=True)
class Spoken:
    """A message. ``kind``: citizen, reply, internal; ``rest`` the whole text where more than ``text`` came;
    ``formatted``: its sender gave it a look of its own; ``elsewhere`` the merged ticket on which it stands; ``copies``
    what became of it for those who asked in merged tickets."""

    id: int
    kind: str
    author: str
    role: str
    channel: str
    at: datetime
    when: str
    text: str
    rest: str
    formatted: bool
    language: str
    files: Sequence[Any]
    pictures: Sequence[Any]
    sending: Sending | None
    proof: Proof | None
    flags: Sequence[str]
    machine: bool
    withdrawn: bool
    mine: bool
    undo: bool
    elsewhere: int | None = None
    copies: Sequence[tuple[int, Sending]] = ()


@dataclass(frozen=True)
class Folded:
    """What happened between two messages: one line, or several under a heading; who, what, when, and its anchor."""

    id: str
    at: datetime
    heading: str
    facts: Sequence[tuple[str, str, str, str]]
    alarm: bool


@dataclass(frozen=True)
class Look:
    """Who looks, when, and with which words."""

    actor: Actor
    now: datetime
    words: Words
    telling: Telling


def entries(timeline: Sequence[Said | Happened], look: Look) -> list[Spoken | Folded]:
    """All of it, oldest first."""
    return [_spoken(one, look) if isinstance(one, Said) else _folded(one, look) for one in timeline]


def _spoken(said: Said, look: Look) -> Spoken:
    row = said.message
    kind = _kind(row)
    text = row.reply_text if row.reply_text is not None else row.text
    return Spoken(
        id=row.id,
        kind=kind,
        author=row.author or (say(_("The system")) if kind != "citizen" else look.words["time"]["unknown"]),
        role={"citizen": say(_("Citizen")), "reply": say(_("Answer")), "internal": say(_("Internal note"))}[kind],
        channel=look.words["channel"].get(row.channel, row.channel),
        at=row.at,
        when=moment(row.at, look.now, look.words.language),
        text=text.strip(),
        rest=row.text.strip() if row.reply_text is not None and row.reply_text.strip() != row.text.strip() else "",
        formatted=kind == "citizen" and bool(row.html),
        language=row.language or "",
        files=said.files,
        pictures=[file for file in said.files if file.content_type in PICTURES and SMALLEST <= file.size <= LARGEST],
        sending=_sending(row, look.words) if kind == "reply" else None,
        proof=proof.of(row.authentication) if kind == "citizen" else None,
        flags=_flags(row) if kind != "internal" else (),
        machine=bool(row.automatic),
        withdrawn=row.delivery_state == Delivery.WITHDRAWN,
        mine=row.author_id == look.actor.id,
        undo=_undoable(row, look),
        elsewhere=said.elsewhere,
        copies=[(copy.ticket_id, _sending(copy, look.words)) for copy in said.copies],
    )


def _kind(row: Any) -> str:
    if row.audience == Audience.INTERNAL:
        return "internal"
    return "citizen" if row.direction == Direction.INBOUND else "reply"


def _undoable(row: Any, look: Look) -> bool:
    waits = row.delivery_state == Delivery.WAITING and row.author_id == look.actor.id
    return bool(waits and row.at + UNDO > look.now)


def _sending(row: Any, words: Words) -> Sending:
    state = row.delivery_state
    if state is None:
        return Sending("none", say(_("not sent: no address; it can be read on the citizen's page")), "info", False, "")
    bad = state in BAD
    icon = _ICONS.get(state, "triangle-alert")
    why = texted.detail(row.delivery_detail) if bad and row.delivery_detail else ""
    told = words["delivery"].get(state, state)
    if row.channel in TEXTS:
        told = f"{words['channel'].get(row.channel, row.channel)}: {told}"
    return Sending(state, told, icon, bad, why)


def _flags(row: Any) -> list[str]:
    """What makes one look twice."""
    told = proof.doubts(row.authentication)
    told.extend(say(WARNINGS.get(word, word)) for word in row.warnings if word not in SILENT)
    return told


def _folded(happened: Happened, look: Look) -> Folded:
    telling, language = look.telling, look.words.language
    facts = [
        (story.who(fact, telling), story.sentence(fact, telling), moment(fact.at, look.now, language), f"f{fact.id}")
        for fact in happened.facts
    ]
    heading = say_many("%(num)s change", "%(num)s changes", len(facts), num=len(facts))
    alarm = any(fact.type == "clock_step_fired" for fact in happened.facts)
    return Folded(f"e{happened.facts[0].id}", happened.at, heading, facts, alarm)
