"""What can happen after a reply, as the composer offers it."""

from helpdesk.services.conversation import Conversation
from helpdesk.vocabulary import WAITING_STATUS, WaitingReason
from helpdesk.web.desk.words import Words
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


def of(found: Conversation, known: Words) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What can happen after a reply: groups of (value, words, what the button says then)."""
    groups = []
    if "wait" in found.allowed:
        waits = [
            (f"wait:{reason}", known["waiting"][reason], known["sending"][WAITING_STATUS[reason]])
            for reason in WaitingReason
        ]
        groups.append((say(_("Then wait")), waits))
    if "resolve" in found.allowed:
        ends = [(f"resolve:{code}", told, known["sending"]["resolve"]) for code, told in known["resolution"].items()]
        groups.append((say(_("Then resolve")), ends))
    return groups
