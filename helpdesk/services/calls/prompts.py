"""What callers hear: the body's own words or sounds where it has some, else what is delivered, in their language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from channels.turns import Say, Spoken, Voice
from helpdesk import clock, i18n, storage
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.calls import PhonePrompt
from helpdesk.permissions import Actor, may
from helpdesk.services import body, stored
from helpdesk.services.accounts import Account

_ROWS = table(PhonePrompt)


def _(message: str) -> str:
    """Marks a message for translation; it is said in the caller's language."""
    return message


DELIVERED: Mapping[str, str] = {
    "greeting": _("You have reached {body}."),
    "language": _("For English press {digit}."),
    "option": _("For {title} press {digit}."),
    "invalid": _("That was none of the choices."),
    "closed": _("We are closed now. We are here again {opening}."),
    "closed-unknown": _("We are closed now."),
    "wait": _("Please hold the line. The next colleague who is free will answer you."),
    "place": _("You are number {place} in the line."),
    "wait-range": _("Most callers now wait between {least} and {most} minutes."),
    "keep-place": _("To be called back without losing your place press 1."),
    "leave-message": _("To leave a message press 2."),
    "late": _("Nobody could answer you until now. We are sorry."),
    "number-read": _("We will call you on {number}. If that is right press 1. To give another number press 2."),
    "number-ask": _("Please key in your telephone number, and then the hash key."),
    "number-bad": _("We cannot call that number."),
    "call-back-noted": _("Thank you. We will call you back. Your request has the number {number}."),
    "voicemail": _(
        "Please speak after the tone, and press the hash key at the end. Your message is recorded,"
        " and deleted after {days} days."
    ),
    "voicemail-thanks": _("Thank you. Your message has reached us."),
    "screening": _("A call for {department}. To take it press 1."),
    "screening-outbound": _("To be connected with the citizen press 1."),
    "taken": _("A colleague has already taken this call."),
    "gone": _("The caller has hung up."),
    "recorded": _("This call is recorded, and deleted after {days} days."),
    "record-not": _("To go on without a recording press 9."),
    "connecting": _("{body} is calling you. One moment, please."),
    "consulted": _("A colleague would like to speak to you. Press 1."),
    "number-unknown": _("This number is not in use."),
    "bye": _("Thank you for calling. Goodbye."),
}
"""By key. In braces stands what is filled in."""

_SPEECH = {"el": "el-GR", "en": "en-GB"}
SOUNDS = frozenset({"audio/wav", "audio/x-wav", "audio/mpeg"})
LARGEST = 2 * 1024 * 1024


@dataclass(frozen=True)
class Prompt:
    """What is said under a key in a language; ``sha256`` where a sound is played instead."""

    key: str
    language: str
    text: str
    own: bool = False
    sha256: str | None = None
    content_type: str = ""


def of_body() -> dict[tuple[str, str], Any]:
    """The body's own prompts, by key and language."""
    return {(row.key, row.language): row for row in db.session.execute(select(_ROWS))}


def all_of(language: str) -> list[Prompt]:
    """Every prompt as it is said now."""
    own = of_body()
    return [_prompt(key, language, own) for key in DELIVERED]


def _prompt(key: str, language: str, own: Mapping[tuple[str, str], Any]) -> Prompt:
    row, usual = own.get((key, language)), i18n.gettext(language, DELIVERED[key])
    if row is None:
        return Prompt(key, language, usual)
    return Prompt(key, language, row.text or usual, True, row.sha256, row.content_type)


def voice(account: Account) -> Voice:
    """How this account puts what is to be said; the body's own prompts are read once."""
    own, name = of_body(), body.name

    def say(what: Say) -> Spoken:
        language = i18n.chosen(what.language)
        speech = (_SPEECH[language], str(account.settings.get(f"voice_{language}") or _VOICES[language]))
        if not what.prompt:
            return Spoken(text=what.text[:4000], language=speech[0], voice=speech[1])
        found = _prompt(what.prompt, language, own)
        if found.sha256 and not what.values:
            return Spoken(url=sound_url(found.sha256, found.content_type))
        told = found.text.format_map(_Filled({"body": name(language), **what.values}))
        return Spoken(text=told, language=speech[0], voice=speech[1])

    return say


_VOICES = {"el": "Google.el-GR-Standard-B", "en": "Google.en-GB-Standard-A"}


class _Filled(dict[str, str]):
    """Values of a prompt; a brace that a body's own words have and nobody fills is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def sound_url(sha256: str, content_type: str) -> str:
    """Where the carrier fetches a sound of ours."""
    base: str = current_app.config["SETTINGS"].public_base_url
    return f"{base.rstrip('/')}/sounds/{sha256}.{'mp3' if content_type == 'audio/mpeg' else 'wav'}"


def waiting_sound() -> str:
    """Where the carrier fetches what is heard while somebody waits."""
    base: str = current_app.config["SETTINGS"].public_base_url
    return f"{base.rstrip('/')}/sounds/waiting.wav"


def is_sound(sha256: str) -> bool:
    """Whether a stored file is a prompt, which anybody may hear."""
    return db.session.execute(select(_ROWS.c.key).where(_ROWS.c.sha256 == sha256).limit(1)).scalar() is not None


def save(
    actor: Actor,
    key: str,
    language: str,
    words: str,
    sound: bytes | None = None,
    *,
    content_type: str = "",
    at: datetime | None = None,
) -> None:
    """The body's own words, or a sound that is played instead; empty words without a sound: as delivered again."""
    if not may(actor, "administer"):
        raise Forbidden("Only administrators change what callers hear.")
    _check(key, language, words, sound, content_type)
    row = {"text": words.strip(), "changed_at": at or clock.now()}
    row |= {"sha256": storage.keep(sound), "content_type": content_type} if sound else {"sha256": None}
    before = _replace(key, language, row if words.strip() or sound is not None else None)
    stored.drop([before] if before else [])


@unit()
def _replace(key: str, language: str, row: Mapping[str, Any] | None) -> str | None:
    """Puts the row in the place of what was there; the file that it named."""
    here = (_ROWS.c.key == key, _ROWS.c.language == language)
    before: str | None = db.session.execute(select(_ROWS.c.sha256).where(*here)).scalar()
    if row is None:
        db.session.execute(_ROWS.delete().where(*here))
        return before
    kept = insert(_ROWS).values({"key": key, "language": language, **row})
    db.session.execute(kept.on_conflict_do_update(index_elements=["key", "language"], set_=dict(row)))
    return before


def _check(key: str, language: str, words: str, sound: bytes | None, content_type: str) -> None:
    wrong = {}
    if key not in DELIVERED or language not in i18n.LANGUAGES:
        wrong["key"] = "one that there is"
    if len(words) > 1000:
        wrong["text"] = "at most 1000 characters"
    if sound is not None and (content_type not in SOUNDS or len(sound) > LARGEST):
        wrong["sound"] = "a WAV or MP3 file of at most 2 MB"
    if wrong:
        raise Invalid("That cannot be said.", fields=wrong)


def digit_by_digit(number: str) -> str:
    """A number as it is read out: one digit after the other."""
    return " ".join(number.removeprefix("+30").removeprefix("+"))
