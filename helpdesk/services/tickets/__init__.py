"""Verbs on a ticket, each one unit of work: checked, changed, journalled."""

from collections.abc import Callable, Mapping

from helpdesk.models.tickets import Ticket
from helpdesk.services.classification import classify
from helpdesk.services.tickets.ending import cancel, close, confirm, reject, reopen, resolve
from helpdesk.services.tickets.marking import link, rename, restrict, revoke_tracking, set_owner, tag
from helpdesk.services.tickets.work import assign, escalate, give, resume, take, transfer, wait

__all__ = [
    "MARKS", "VERBS", "assign", "cancel", "classify", "close", "confirm", "escalate", "give", "link", "reject",
    "rename", "reopen", "resolve", "restrict", "resume", "revoke_tracking", "set_owner", "tag", "take",
    "transfer", "wait",
]  # fmt: skip

VERBS: Mapping[str, Callable[..., Ticket]] = {
    "take": take,
    "assign": assign,
    "transfer": transfer,
    "escalate": escalate,
    "wait": wait,
    "resume": resume,
    "resolve": resolve,
    "confirm": confirm,
    "reject": reject,
    "close": close,
    "reopen": reopen,
    "cancel": cancel,
}
"""Moves by name: the API's actions and the desk's buttons call these."""

MARKS: Mapping[str, Callable[..., Ticket]] = {
    "classify": classify,
    "rename": rename,
    "tag": tag,
    "link": link,
    "restrict": restrict,
    "set-owner": set_owner,
    "revoke-tracking": revoke_tracking,
}
"""What leaves the status alone, by name."""
