"""Changes that people are told of, who they are, and what became of telling them, in the words of the house."""

from collections.abc import Mapping

from helpdesk.vocabulary import PublicChange, Reader


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
