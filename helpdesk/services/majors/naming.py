"""What everybody reads of a major incident: titles, summaries and updates in each language, checked and picked."""

from collections.abc import Mapping

from helpdesk import i18n
from helpdesk.errors import Invalid

LONGEST_TITLE, LONGEST_TEXT = 150, 4_000


def texts(given: Mapping[str, str], field: str, most: int = LONGEST_TEXT) -> dict[str, str]:
    """The text in every language of the house; raises Invalid that names what is missing or too long."""
    told = {language: (given.get(language) or "").strip() for language in i18n.LANGUAGES}
    wrong = {f"{field}_{language}": "is needed" for language, text in told.items() if not text}
    wrong |= {
        f"{field}_{language}": f"at most {most} characters" for language, text in told.items() if len(text) > most
    }
    if wrong:
        raise Invalid("Citizens read this in their own language.", code="missing-field", fields=wrong)
    return told


def title(given: Mapping[str, str], field: str = "title") -> dict[str, str]:
    """One line in every language."""
    return texts({language: " ".join((text or "").split()) for language, text in given.items()}, field, LONGEST_TITLE)
