"""What everybody reads of a major incident: titles, summaries and updates in each language, checked and picked."""

from collections.abc import Mapping, Sequence

from helpdesk import i18n
from helpdesk.errors import Invalid

LONGEST_TITLE, LONGEST_TEXT = 150, 4_000

Words = Mapping[str, str] | str
"""The same in each language; one text alone is for readers of every language."""


def _(message: str) -> str:
    """Marks a message for translation; it is translated for each reader."""
    return message


STRUCK, UNNAMED = _("Disruption: %(services)s"), _("Major disruption")
BEGUN = _("We know about it and are working on it. You will read here as soon as there is news.")


def texts(given: Words, field: str, most: int = LONGEST_TEXT) -> dict[str, str]:
    """The text in every language of the house; raises Invalid that names what is missing or too long."""
    if isinstance(given, str):
        given = dict.fromkeys(i18n.LANGUAGES, given)
    told = {language: (given.get(language) or "").strip() for language in i18n.LANGUAGES}
    wrong = {f"{field}_{language}": "is needed" for language, text in told.items() if not text}
    wrong |= {
        f"{field}_{language}": f"at most {most} characters" for language, text in told.items() if len(text) > most
    }
    if wrong:
        raise Invalid("Citizens read this in their own language.", code="missing-field", fields=wrong)
    return told


def title(given: Words, field: str = "title") -> dict[str, str]:
    """One line in every language."""
    if isinstance(given, str):
        given = dict.fromkeys(i18n.LANGUAGES, given)
    return texts({language: " ".join((text or "").split()) for language, text in given.items()}, field, LONGEST_TITLE)


def usual_title(services: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What it is called where nobody says: by the services it is about, never by what a citizen wrote."""
    return {language: _usual_title(services, language)[:LONGEST_TITLE] for language in i18n.LANGUAGES}


def _usual_title(services: Sequence[Mapping[str, str]], language: str) -> str:
    if not services:
        return i18n.gettext(language, UNNAMED)
    names = ", ".join(i18n.pick(one, language) for one in services)
    return i18n.gettext(language, STRUCK) % {"services": names}


def usual_summary() -> dict[str, str]:
    """What everybody reads at first where nobody says more."""
    return {language: i18n.gettext(language, BEGUN) for language in i18n.LANGUAGES}
