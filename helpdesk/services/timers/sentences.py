"""What a step says about its clock, in a sentence of the reader's language."""

from datetime import timedelta

from helpdesk import i18n
from helpdesk.vocabulary import ClockName


def _(message: str) -> str:
    """Marks a message for translation; it is translated in the reader's language."""
    return message


NEAR = {
    ClockName.ACKNOWLEDGE: _("Somebody should look at request %(number)s within %(left)s of opening hours."),
    ClockName.FIRST_RESPONSE: _("Request %(number)s needs its first answer within %(left)s of opening hours."),
    ClockName.NEXT_RESPONSE: _("The citizen wrote on request %(number)s and needs an answer within %(left)s."),
    ClockName.UPDATE: _("The citizen of request %(number)s should hear from us within %(left)s of opening hours."),
    ClockName.RESOLUTION: _("Request %(number)s should be resolved within %(left)s of opening hours."),
    ClockName.OLA: _("The department's part of request %(number)s is due within %(left)s of opening hours."),
    ClockName.UA: _("The supplier should answer on request %(number)s within %(left)s."),
    ClockName.STATUTORY: _("The law gives request %(number)s only %(left)s more."),
    ClockName.FORWARDING: _("Request %(number)s must be passed on to who is competent within %(left)s."),
    ClockName.CALLBACK: _("The citizen of request %(number)s was promised a call within %(left)s."),
}
MISSED = {
    ClockName.ACKNOWLEDGE: _("Nobody has looked at request %(number)s in time."),
    ClockName.FIRST_RESPONSE: _("Request %(number)s should have had its first answer by now."),
    ClockName.NEXT_RESPONSE: _("The citizen wrote on request %(number)s and should have had an answer by now."),
    ClockName.UPDATE: _("The citizen of request %(number)s should have heard from us by now."),
    ClockName.RESOLUTION: _("Request %(number)s should have been resolved by now."),
    ClockName.OLA: _("The department's part of request %(number)s should be done by now."),
    ClockName.UA: _("The supplier should have answered on request %(number)s by now."),
    ClockName.STATUTORY: _("The time that the law gives request %(number)s is over."),
    ClockName.FORWARDING: _("Request %(number)s should have been passed on to who is competent by now."),
    ClockName.CALLBACK: _("The citizen of request %(number)s was not rung in the promised time."),
}


def sentence(clock: ClockName, number: int, left: timedelta, language: str) -> str:
    """How much is left of it when the step is due, or that it is over."""
    message = (NEAR if left > timedelta() else MISSED)[clock]
    return i18n.gettext(language, message) % {"number": number, "left": i18n.duration(left, language)}
