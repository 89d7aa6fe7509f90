"""Verbs on a ticket, each one unit of work: checked, changed, journalled."""

from collections.abc import Callable, Mapping

from helpdesk.models.tickets import Ticket
from helpdesk.services import callbacks
from helpdesk.services.classification import classify
from helpdesk.services.tickets import suppliers
from helpdesk.services.tickets.competence import deny, forward
from helpdesk.services.tickets.ending import cancel, close, confirm, record_closure, reject, reopen, resolve
from helpdesk.services.tickets.marking import (
    complain_of,
    concern,
    link,
    rename,
    restrict,
    revoke_tracking,
    set_owner,
    tag,
)
from helpdesk.services.tickets.merging import merge, unmerge
from helpdesk.services.tickets.pausing import pause
from helpdesk.services.tickets.procedure import extend, mark_complete, mark_incomplete, no_reply_needed
from helpdesk.services.tickets.work import assign, deescalate, escalate, give, resume, take, transfer, wait

__all__ = [
    "MARKS", "VERBS", "assign", "cancel", "classify", "close", "complain_of", "concern", "confirm", "deescalate",
    "deny",
    "escalate", "extend", "forward", "give", "link", "mark_complete", "mark_incomplete", "merge", "no_reply_needed",
    "pause", "record_closure", "reject", "rename", "reopen", "resolve", "restrict", "resume", "revoke_tracking",
    "set_owner", "suppliers", "tag", "take", "transfer", "unmerge", "wait",
]  # fmt: skip

VERBS: Mapping[str, Callable[..., Ticket]] = {
    "take": take,
    "assign": assign,
    "transfer": transfer,
    "escalate": escalate,
    "de-escalate": deescalate,
    "wait": wait,
    "resume": resume,
    "resolve": resolve,
    "confirm": confirm,
    "reject": reject,
    "close": close,
    "record-closure": record_closure,
    "reopen": reopen,
    "cancel": cancel,
    "merge": merge,
    "unmerge": unmerge,
    "engage-supplier": suppliers.engage,
    "supplier-answered": suppliers.answered,
    "deny-competence": deny,
    "forward": forward,
    "no-reply-needed": no_reply_needed,
    "mark-incomplete": mark_incomplete,
    "mark-complete": mark_complete,
    "extend": extend,
    "promise-call-back": callbacks.promise,
    "move-call-back": callbacks.move,
    "ring-call-back": callbacks.ring,
    "dial-call-back": callbacks.dial,
    "cancel-call-back": callbacks.cancel,
}
"""Moves by name: the API's actions and the desk's buttons call these."""

MARKS: Mapping[str, Callable[..., Ticket]] = {
    "classify": classify,
    "rename": rename,
    "tag": tag,
    "link": link,
    "restrict": restrict,
    "complain-of": complain_of,
    "on-behalf-of": concern,
    "set-owner": set_owner,
    "revoke-tracking": revoke_tracking,
}
"""What leaves the status alone, by name."""
