"""What the ticket's page says of a refusal, by its code; of others the service's own sentence."""


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


REFUSED = {
    "stale-version": _("Somebody changed this ticket meanwhile. Look at what is new; what you typed is still here."),
    "illegal-move": _("The ticket's state no longer allows this. Nothing was changed."),
    "missing-field": _("Something is missing."),
    "takes-part": _("This person takes part in that conversation already."),
    "checklist": _("The closure checklist has open points."),
    "desk-closes": _("Only the desk that answers for it closes it: its owner, their department, or a supervisor."),
    "too-late": _("It was resolved too long ago to be reopened: open a new ticket that follows it."),
    "taken": _("Somebody else has taken this ticket."),
    "unread": _("Somebody has written meanwhile. Read that first, then send: your text is still here."),
    "forbidden": _("You may read this ticket, not change it."),
    "merged": _("This ticket goes on in another one. Answer there: your text is still here."),
    "circle": _("That ticket was merged into this one. Part them first."),
    "survivor-finished": _("Nobody works on that ticket any more. Reopen it first, or merge it into this one."),
    "survivor-shown": _("This ticket is hidden from other departments and that one is not. Hide that one first."),
    "different-people": _("Other people asked in that ticket. What you answer will go to all: say that you mean it."),
    "engaged": _("A supplier is engaged already. Say first that it has answered."),
    "not-engaged": _("No supplier is engaged."),
    "denied": _("It is on record already that this department is not competent."),
    "nothing-to-answer": _("We spoke last: nothing of the citizen's waits for an answer."),
    "incomplete": _("It is marked already that something is missing."),
    "not-incomplete": _("Nothing is marked as missing."),
    "extended": _("The deadline was extended before. The law allows it once."),
    "call-promised": _("A call is promised already. Ring, or cancel it first."),
    "no-call-promised": _("No call is promised."),
    "call-owed": _("A call is promised here: ring, or cancel it first."),
    "slot-full": _("This time was taken meanwhile. Choose another one."),
    "ringing": _("A colleague is ringing them."),
}
