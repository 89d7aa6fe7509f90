"""The demo's calendars and routing words, as data."""

from typing import Any

from helpdesk.services.demo.departments import DEPARTMENTS, DOMAIN
from helpdesk.services.demo.lexicon import WORDS
from helpdesk.services.demo.offers import SERVICES
from helpdesk.services.rulebook.defaults import danger
from sla.holidays import propose

ZONE = "Europe/Athens"


def _week(begin: str, end: str, days: str = "mon tue wed thu fri") -> dict[str, list[list[str]]]:
    return {day: [[begin, end]] for day in days.split()}


CALENDARS: dict[str, tuple[str, dict[str, list[list[str]]]]] = {
    "office": ("Ωράριο γραφείων", _week("08:00", "15:00")),
    "call-center": ("Τηλεφωνικό κέντρο", _week("08:00", "20:00") | _week("09:00", "14:00", "sat")),
    "early": ("Πρωινή βάρδια", _week("06:00", "14:00", "mon tue wed thu fri sat")),
    "water-shifts": ("Βάρδιες ύδρευσης", _week("00:00", "24:00", "mon tue wed thu fri sat sun")),
}


def calendars(year: int) -> dict[str, tuple[str, dict[str, Any]]]:
    """Titles and data by key, with the public holidays around that year; the offices' hours are the default."""
    names = {holiday.day.isoformat(): holiday.name for holiday in propose("GR", (year - 1, year, year + 1))}
    closed = {"holidays": list(names), "names": names}
    known = {"default": CALENDARS["office"], **CALENDARS}
    return {
        key: (title, {"tz": ZONE, "hours": week, **({} if key == "water-shifts" else closed)})
        for key, (title, week) in known.items()
    }


def ruleset() -> dict[str, Any]:
    """Danger first; then words that tell the service; what is left goes by its address, else to triage."""
    by_words = [
        {
            "key": service or f"{department}-words",
            "title": title,
            "when": {"words": {"any": words.split(", ")}},
            "then": {"department": department} | ({"service": service} if service else {}),
        }
        for department, service, title, words in WORDS
    ]
    return {
        "rules": [danger("Κίνδυνος για ανθρώπους", "επείγον"), *by_words],
        "services": {item["key"]: item["department"] for item in SERVICES},
        "addresses": {
            f"{item['address']}@{DOMAIN}": item["key"] for item in DEPARTMENTS if item["key"] != "citizen-service"
        },
    }
