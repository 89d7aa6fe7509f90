"""Languages offered and chosen; message catalogues; dates and durations in words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.pofile import read_po

LANGUAGES = {"el": "Ελληνικά", "en": "English"}
DEFAULT = "el"
ZONE = ZoneInfo("Europe/Athens")
_FOLDER = Path(__file__).parent / "translations"


def chosen(*wishes: str | None) -> str:
    """The first wish that is a language we speak (``en-GB`` counts as ``en``), else the default."""
    for wish in wishes:
        code = (wish or "").split("-")[0].lower()
        if code in LANGUAGES:
            return code
    return DEFAULT


@cache
def catalogue(language: str) -> Mapping[str, str | tuple[str, ...]]:
    """All translated messages of a language; several .po files, one a room, are read as one."""
    found: dict[str, str | tuple[str, ...]] = {}
    for file in sorted((_FOLDER / language / "LC_MESSAGES").glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream, locale=language):
                if message.id and message.string:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    found[key] = tuple(message.string) if isinstance(message.string, list) else message.string
    return found


def gettext(language: str, message: str) -> str:
    """The message in that language; English is the source and its own fall-back."""
    found = catalogue(language).get(message, message)
    return found if isinstance(found, str) else found[0]


def ngettext(language: str, one: str, many: str, count: int) -> str:
    """The form of the message that fits the number (both our languages have two)."""
    found = catalogue(language).get(one)
    forms = found if isinstance(found, tuple) else (one, many)
    return forms[0] if count == 1 else forms[1]


def pick(texts: Mapping[str, str], language: str) -> str:
    """A text of several languages in the wished one, else in any that is there."""
    return texts.get(language) or texts.get(DEFAULT) or next(filter(None, texts.values()), "")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language == "en" else language)


def countries(codes: Iterable[str], language: str) -> str:
    """Countries by their names, from their two letters: ``Greece, Cyprus``."""
    names = _locale(language).territories
    return ", ".join(names.get(code, code) for code in codes)


def day(at: datetime, language: str, zone: ZoneInfo = ZONE) -> str:
    """``Tuesday 1 December 2026``, ``Τρίτη 1 Δεκεμβρίου 2026``."""
    return format_date(at.astimezone(zone), "EEEE d MMMM y", locale=_locale(language))


def plain_day(on: date, language: str) -> str:
    """``1 Dec 2026``, ``1 Δεκ 2026``: a date that has no time."""
    return format_date(on, "d MMM y", locale=_locale(language))


def weekday(at: datetime, language: str, zone: ZoneInfo = ZONE) -> str:
    """``Tuesday``, ``Τρίτη``."""
    return format_date(at.astimezone(zone), "EEEE", locale=_locale(language))


def moment(at: datetime, language: str, zone: ZoneInfo = ZONE) -> str:
    """``1 Dec 2026, 14:05`` in the reader's zone."""
    return format_datetime(at.astimezone(zone), "d MMM y, HH:mm", locale=_locale(language), tzinfo=zone)


def clock_time(at: datetime, language: str, zone: ZoneInfo = ZONE) -> str:
    """``14:05`` in the reader's zone."""
    return format_time(at.astimezone(zone), "HH:mm", locale=_locale(language), tzinfo=zone)


def duration(length: timedelta, language: str) -> str:
    """The two largest units: ``2d 3h``, ``45m``; in Greek ``2η 3ω``, ``45λ``. The sign is dropped."""
    minutes = int(abs(length.total_seconds()) // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    units = ("η", "ω", "λ") if language == "el" else ("d", "h", "m")
    parts = [f"{value}{unit}" for value, unit in zip((days, hours, rest), units, strict=True) if value]
    return " ".join(parts[:2]) or f"0{units[2]}"
