"""Whether a number is answered at a moment, and when it will be again."""

from datetime import datetime
from typing import Any

from helpdesk import i18n
from helpdesk.models.calls import PhoneNumber
from helpdesk.services import catalogue, rulebook


def calendar_of(number: PhoneNumber | None, department_id: int | None) -> Any:
    """The number's own calendar, else the department's."""
    department = catalogue.current().departments.get(department_id) if department_id else None
    own = number.calendar_key if number else None
    return rulebook.calendar_for(own or (department.calendar_key if department else None)).value


def is_open(number: PhoneNumber | None, department_id: int | None, at: datetime) -> bool:
    """By the number's own hours, else the department's."""
    return bool(calendar_of(number, department_id).is_open(at))


def opening(number: PhoneNumber | None, department_id: int | None, at: datetime, language: str) -> str:
    """When somebody is there again, in words."""
    found: datetime = calendar_of(number, department_id).next_opening(at)
    return f"{i18n.weekday(found, language)} {i18n.clock_time(found, language)}"
