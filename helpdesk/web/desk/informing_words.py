"""Changes that people are told of, who they are, and what became of telling them, in the words of the house."""

from collections.abc import Mapping

from helpdesk.vocabulary import PublicChange, Reader, Telling


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


CHANGES: Mapping[PublicChange, str] = {
    PublicChange.OPENED: _("Request received"),
    PublicChange.TAKEN_UP: _("Somebody works on it"),
    PublicChange.TRANSFERRED: _("Another department has it"),
    PublicChange.NEEDS_CITIZEN: _("It waits for the citizen"),
    PublicChange.WAITS_SUPPLIER: _("It waits for a supplier"),
    PublicChange.WAITS_INTERNAL: _("It waits for another department or an approval"),
    PublicChange.SCHEDULED: _("A date is set"),
    PublicChange.RESUMED: _("Work goes on"),
    PublicChange.ESCALATED: _("It was escalated"),
    PublicChange.DELAYED: _("It takes longer than promised"),
    PublicChange.EXTENDED: _("The law's deadline was extended"),
    PublicChange.CALL_PROMISED: _("A call is promised"),
    PublicChange.CALL_OFF: _("A promised call is off"),
    PublicChange.MERGED: _("It was merged with another"),
    PublicChange.UNMERGED: _("It stands by itself again"),
    PublicChange.FORWARDED: _("It went to another body"),
    PublicChange.RESOLVED: _("It is resolved"),
    PublicChange.REOPENED: _("It was reopened"),
    PublicChange.CLOSED: _("It is closed"),
    PublicChange.CANCELLED: _("It was cancelled"),
    PublicChange.IN_DANGER: _("An agreed time is in danger"),
    PublicChange.MISSED: _("An agreed time was missed"),
    PublicChange.MAJOR: _("A major incident"),
}
READERS: Mapping[Reader, str] = {
    Reader.REQUESTER: _("Who asked"),
    Reader.ON_BEHALF: _("For whom it was asked"),
    Reader.PARTICIPANT: _("Who takes part"),
    Reader.OWNER: _("The owner"),
    Reader.CUSTOMER: _("The customer body"),
}
TELLINGS: Mapping[Telling, str] = {
    Telling.LETTER: _("A letter was written"),
    Telling.COVERED: _("No letter of its own: our words at the same moment say it"),
    Telling.REPLACED: _("No letter: what came next says it"),
    Telling.OWN_ACT: _("No letter: they did it themselves"),
    Telling.SILENCED: _("No letter: they declined letters that can be declined"),
    Telling.NO_ADDRESS: _("No letter: we have no e-mail address"),
    Telling.UNWELCOME: _("No letter: their mail asks for no automatic answer"),
    Telling.MACHINE: _("No letter: a machine wrote to us"),
    Telling.NO_CHANNEL: _("No letter: we have no address to write from"),
}
TEMPLATES: Mapping[str, str] = {
    "received": CHANGES[PublicChange.OPENED],
    "follow_up": CHANGES[PublicChange.OPENED],
    "answered": _("Our answer"),
    "resolved": CHANGES[PublicChange.RESOLVED],
    "forwarded": CHANGES[PublicChange.FORWARDED],
    "incomplete": CHANGES[PublicChange.NEEDS_CITIZEN],
    "extended": CHANGES[PublicChange.EXTENDED],
    "reminder": _("A reminder"),
    "status": _("How it stands, because they asked"),
    "code": _("A code that opens the request once"),
    "deadline": _("To colleagues: a deadline"),
    "escalated": _("To colleagues: an escalation"),
    "waiting": _("To colleagues: it waits"),
    "": _("Another letter"),
}
"""What a letter was that tells of no change by itself, by its template."""
