"""Words for the process: its stages, its verbs, who may, how things end; translated with the others in `words`."""


def _(message: str) -> str:
    """Marks a message for translation; it is translated when a language's words are made."""
    return message


STAGE = {
    "new": _("New"),
    "classified": _("Classified"),
    "assigned": _("Assigned"),
    "in_progress": _("In progress"),
    "reopened": _("Open again"),
    "waiting_requester": _("Waiting for citizen"),
    "waiting_supplier": _("Waiting for supplier"),
    "waiting_internal": _("Waiting for colleagues"),
    "scheduled": _("Scheduled"),
    "resolved": _("Resolved"),
    "forwarded": _("Forwarded, not ours"),
    "closed": _("Closed"),
    "cancelled": _("Cancelled"),
    "merged": _("Merged"),
}
VERB = {
    "take": _("Take"),
    "assign": _("Assign"),
    "transfer": _("Transfer"),
    "escalate": _("Escalate"),
    "de-escalate": _("Take the escalation back"),
    "classify": _("Change the classification"),
    "wait": _("Let it wait"),
    "resume": _("Go on"),
    "resolve": _("Resolve"),
    "confirm": _("Confirm the solution"),
    "reject": _("Reject the solution"),
    "close": _("Close"),
    "record-closure": _("Fill in the closure checklist"),
    "reopen": _("Reopen"),
    "cancel": _("Cancel"),
    "merge": _("Merge"),
    "unmerge": _("Part again"),
    "engage-supplier": _("Engage a supplier"),
    "supplier-answered": _("Supplier is done"),
    "deny-competence": _("We are not competent"),
    "forward": _("Forward to another body"),
    "no-reply-needed": _("Needs no answer"),
    "mark-incomplete": _("Documents are missing"),
    "mark-complete": _("All is there"),
    "extend": _("Extend the deadline of the law"),
    "promise-call-back": _("Promise a call"),
    "move-call-back": _("Move the promised call"),
    "ring-call-back": _("Ring now"),
    "dial-call-back": _("Note the call"),
    "cancel-call-back": _("Cancel the promised call"),
}
"""Those of other rooms are called by their code until they stand here."""
ROOT_CAUSE = {
    "equipment": _("Something broke"),
    "software": _("Fault in a programme"),
    "network": _("Network or power"),
    "wear": _("Wear or damage"),
    "weather": _("Weather or nature"),
    "third_party": _("Somebody else's doing"),
    "supplier": _("A supplier's doing"),
    "own_procedure": _("Our own way of working"),
    "own_mistake": _("A mistake of ours"),
    "misunderstanding": _("A misunderstanding"),
    "unknown": _("It could not be found out"),
}
TOLD_BY = {
    "phone": _("By phone"),
    "counter": _("At the counter"),
    "email": _("By e-mail"),
    "letter": _("By letter"),
    "other": _("In another way"),
}
FIELD = {
    "root_cause": _("Why it had happened"),
    "verified_by": _("Who tested that it works"),
    "told_by": _("How they told you"),
    "workaround": _("A workaround was used"),
}
POSITION = {
    "colleague": _("agents of its department"),
    "holder": _("whoever has it or answers for it"),
    "other_agent": _("agents of other departments"),
    "supervisor": _("supervisors of its department"),
    "other_supervisor": _("supervisors of other departments"),
    "administrator": _("administrators"),
    "requester": _("the citizen who asked"),
    "other_citizen": _("other citizens"),
    "system": _("the clock"),
}
