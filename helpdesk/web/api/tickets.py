"""Tickets by machine: list, open, read, change, move."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from helpdesk.permissions import Actor
from helpdesk.services import catalogue, classification, intake, records, tickets
from helpdesk.services.replies import NewFile
from helpdesk.vocabulary import ChannelKind, Priority, Status, TicketType
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import Query, operation

PAGING = (
    Query("limit", Annotated[int, Field(ge=1, le=200)], "how many at most", 50),
    Query("cursor", Annotated[str, Field(min_length=1, max_length=500)], "next of the part before"),
)
Key = Annotated[str, Field(min_length=1, max_length=80)]
FILTERS = (
    Query("status", Status, "only this status"),
    Query("department", Key, "key of a department"),
    Query("service", Key, "key of a service"),
    Query("type", TicketType, "only this type"),
    Query("priority", Priority, "only this priority"),
    Query("channel", ChannelKind, "only from this channel"),
    Query("assignee", Annotated[int, Field(ge=1, lt=2**63)], "id of who works on it"),
    Query("requester", Annotated[str, Field(min_length=3, max_length=254)], "e-mail address of who asks"),
    Query("updated_since", AwareDatetime, "changed at or after"),
    Query("received_from", AwareDatetime, "received at or after"),
    Query("received_to", AwareDatetime, "received before"),
    Query("order", Literal["newest", "oldest", "due"], "newest first, oldest first, or due next first", "newest"),
)


@operation("GET", "/tickets", scope="read", answer=shapes.Page[shapes.Ticket], queries=(*PAGING, *FILTERS))
def list_tickets(
    actor: Actor,
    limit: int,
    cursor: str | None,
    status: Status | None,
    assignee: int | None,
    **given: Any,
) -> shapes.Page[shapes.Ticket]:
    """Tickets the token's person may see."""
    wanted = records.Wanted(status=[status] if status else (), assignee_id=assignee, **given)
    found, more = records.tickets(actor, wanted, cursor, limit)
    return shapes.Page(items=[shapes.Ticket.model_construct(**item) for item in found], next=more)


@operation("POST", "/tickets", scope="write", answer=shapes.Ticket, body=shapes.NewTicket, status=201)
def open_ticket(actor: Actor, given: shapes.NewTicket) -> tuple[shapes.Ticket, dict[str, str]]:
    """Opens a ticket: routed, timed and acknowledged as from any channel."""
    asked = given.requester or shapes.NewRequester()
    new = intake.NewTicket(
        subject=given.subject,
        text=given.text,
        channel=given.channel,
        language=given.language,
        name=asked.name,
        email=asked.email,
        phone=asked.phone,
        service=given.service,
        department=given.department,
        type=given.type,
        impact=given.impact,
        urgency=given.urgency,
        tags=tuple(given.tags),
        restricted=given.restricted,
        received_at=given.received_at,
        attachments=files(given.attachments),
    )
    opened = intake.open_ticket(actor, new)
    return _ticket(actor, opened.number), {"Location": f"/api/v1/tickets/{opened.number}"}


def files(given: list[shapes.NewFile]) -> tuple[NewFile, ...]:
    """Attachments as the services take them."""
    return tuple(NewFile(item.name, item.content_type, item.content) for item in given)


@operation("GET", "/tickets/{number}", scope="read", answer=shapes.Ticket)
def read_ticket(actor: Actor, number: int) -> shapes.Ticket:
    """One ticket."""
    return _ticket(actor, number)


def _ticket(actor: Actor, number: int) -> shapes.Ticket:
    found = records.ticket(actor, number)
    return shapes.Ticket.model_construct(**found)


@operation("PATCH", "/tickets/{number}", scope="write", answer=shapes.Ticket, body=shapes.TicketChange)
def change_ticket(actor: Actor, number: int, given: shapes.TicketChange) -> shapes.Ticket:
    """Changes subject, classification, tags or restriction; needs the version that was read."""
    change = given.model_dump(exclude_unset=True)
    for name in ("service", "category"):
        if change.get(name) is not None:
            change[f"{name}_id"] = catalogue.id_of(name, change.pop(name))
    classification.change(actor, number, **change)
    return _ticket(actor, number)


MOVES: dict[str, type[shapes.Move]] = {
    "take": shapes.Move,
    "assign": shapes.Assign,
    "transfer": shapes.Transfer,
    "wait": shapes.Wait,
    "resume": shapes.Move,
    "resolve": shapes.Resolve,
    "confirm": shapes.Move,
    "reject": shapes.Reject,
    "close": shapes.Move,
    "reopen": shapes.Because,
    "cancel": shapes.Because,
}


def _put_move(verb: str, body: type[shapes.Move]) -> None:
    def move(actor: Actor, number: int, given: shapes.Move) -> shapes.Ticket:
        fields = given.model_dump(exclude={"version"})
        if "department" in fields:
            fields["department_id"] = catalogue.id_of("department", fields.pop("department"))
        tickets.VERBS[verb](actor, number, version=given.version, **fields)
        return _ticket(actor, number)

    doc = f"Moves a ticket: {verb}. Refused with 409 where its state does not allow it."
    move.__doc__ = doc
    path = f"/tickets/{{number}}/actions/{verb}"
    operation("POST", path, scope="write", answer=shapes.Ticket, body=body, name=f"{verb}_ticket")(move)


for _verb, _body in MOVES.items():
    _put_move(_verb, _body)


@operation("GET", "/tickets/{number}/clocks", scope="read", answer=shapes.Page[shapes.Clock])
def list_clocks(actor: Actor, number: int) -> shapes.Page[shapes.Clock]:
    """Every cycle of every clock of a ticket."""
    found = records.clocks(actor, number)
    return shapes.Page(items=[shapes.Clock(**item) for item in found], next=None)
