"""What else must hold for a move: the one table of conditions, to which each room adds a line of its own.

Only create_backstage imports it. A condition is a function of its room that looks at a `Case` and says what is missing.
"""

from collections.abc import Callable

from helpdesk.errors import Forbidden, Invalid
from helpdesk.services import callbacks, catalogue, patience, procedures, reviews, transitions
from helpdesk.services.tickets import competence, procedure
from helpdesk.services.transitions import Case, Condition, Unmet
from helpdesk.vocabulary import Role


def _(message: str) -> str:
    """Marks a message for translation; pages translate it."""
    return message


def when(hinders: Callable[[Case], bool]) -> Callable[[Case], Unmet]:
    """A condition that names no field: it is unmet where that is so."""
    return lambda case: {} if hinders(case) else None


def _taken(case: Case) -> Unmet:
    if case.ticket.assignee_id in (None, case.actor.id):
        return None
    return {"assignee_id": "already set"}


def _elsewhere(case: Case) -> Unmet:
    """An agent who neither owns it nor is of a department of its owner: they resolve, the owner's desk closes."""
    actor, ticket = case.actor, case.ticket
    if actor.role is not Role.AGENT or ticket.department_id is None or actor.id == ticket.owner_id:
        return None
    owner = catalogue.current().colleagues.get(ticket.owner_id or 0)
    home = owner.departments if owner is not None and owner.departments else (ticket.department_id,)
    return None if actor.departments.intersection(home) else {}


def _too_late(case: Case) -> Unmet:
    until = patience.current().reopens_until(case.ticket)
    return {} if until is not None and case.at > until else None


TABLE: tuple[Condition, ...] = (
    Condition("taken", frozenset({"take"}), _("Somebody else has taken this ticket."), _taken),
    Condition(
        "not-escalated",
        frozenset({"de-escalate"}),
        _("It is not escalated."),
        when(lambda case: case.ticket.escalation_level == 0),
    ),
    Condition(
        "engaged",
        frozenset({"engage-supplier"}),
        _("A supplier is engaged already: say first that it answered."),
        when(lambda case: case.ticket.supplier_id is not None),
    ),
    Condition(
        "not-engaged",
        frozenset({"supplier-answered"}),
        _("No supplier is engaged."),
        when(lambda case: case.ticket.supplier_id is None),
    ),
    Condition(
        "incomplete",
        frozenset({"mark-incomplete"}),
        _("It is marked as incomplete already: reply, or mark it complete."),
        when(lambda case: case.ticket.incomplete_since is not None),
    ),
    Condition(
        "not-incomplete",
        frozenset({"mark-complete"}),
        _("Nothing is marked as missing."),
        when(lambda case: case.ticket.incomplete_since is None),
    ),
    Condition(
        "extended",
        frozenset({"extend"}),
        _("The deadline was extended before: the law allows it once."),
        when(lambda case: case.ticket.extended_days is not None),
    ),
    Condition(
        "desk-closes",
        frozenset({"close", "confirm"}),
        _("Only the desk that answers for it closes it: its owner, their department, or a supervisor."),
        _elsewhere,
        refusal=Forbidden,
        of_the_past=False,
    ),
    Condition(
        "too-late",
        frozenset({"reopen"}),
        _("It was resolved too long ago to be reopened: open a new ticket that follows it."),
        _too_late,
        of_the_past=False,
    ),
    Condition(
        "denied",
        frozenset({"deny-competence"}),
        _("It is said already that this department is not competent."),
        when(lambda case: competence.is_denied(case.ticket)),
        by_row=False,
    ),
    Condition(
        "nothing-to-answer",
        frozenset({"no-reply-needed"}),
        _("Nothing of the citizen's waits for an answer."),
        when(lambda case: not procedure.owes_answer(case.ticket.id)),
        by_row=False,
    ),
    Condition(
        "call-promised",
        frozenset({"promise-call-back"}),
        _("A call is promised already: ring, or cancel it first."),
        when(lambda case: callbacks.is_promised(case.ticket.id)),
        by_row=False,
    ),
    Condition(
        "no-call-promised",
        frozenset({"dial-call-back", "cancel-call-back", "move-call-back", "ring-call-back"}),
        _("No call is promised."),
        when(lambda case: not callbacks.is_owed(case.ticket.id)),
        by_row=False,
    ),
    Condition(
        "call-owed",
        frozenset({"merge"}),
        _("A call is promised here: ring, or cancel it first."),
        when(lambda case: callbacks.is_owed(case.ticket.id)),
        by_row=False,
        of_the_past=False,
    ),
    Condition(
        "review-missing",
        frozenset({"close", "confirm"}),
        _("This is a major incident: it can be closed once its review is saved."),
        reviews.unwritten,
        by_row=False,
    ),
    Condition(
        "major",
        frozenset({"cancel", "merge", "forward"}),
        _("This is a major incident: let a supervisor take the declaration back first."),
        when(reviews.is_major),
    ),
    Condition(
        "steps-open",
        frozenset({"resolve"}),
        _("Steps that must be done, or approvals, are still open. Another code, such as rejected, is allowed."),
        procedures.missing,
        by_row=False,
        refusal=Invalid,
        of_the_past=False,
    ),
)


def register() -> None:
    """Fills the table of moves with them; idempotent. They are asked in this order."""
    transitions.CONDITIONS.clear()
    transitions.CONDITIONS.update({condition.code: condition for condition in TABLE})
