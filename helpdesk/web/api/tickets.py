"""Tickets by machine: list, open, read, change, move."""

from typing import Any, Literal

from pydantic import ValidationError

from helpdesk.errors import Invalid
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, classification, intake, records, refusals, tickets
from helpdesk.services.people import Contact
from helpdesk.services.replies import NewFile
from helpdesk.vocabulary import ChannelKind, Priority, Stage, Status, TicketType
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import Query, operation
from helpdesk.web.api.paging import PAGING
from helpdesk.web.api.shapes.words import LARGEST, Email, KeyName, Moment, whole

FILTERS = (
    Query("status", Status, "only this status"),
    Query("stage", Stage, "only at this step of the process"),
    Query("department", KeyName, "key of a department"),
    Query("service", KeyName, "key of a service"),
    Query("type", TicketType, "only this type"),
    Query("priority", Priority, "only this priority"),
    Query("channel", ChannelKind, "only from this channel"),
    Query("assignee", whole(1, LARGEST), "id of who works on it"),
    Query("requester", Email, "e-mail address of who asks"),
    Query("updated_since", Moment, "changed at or after"),
    Query("received_from", Moment, "received at or after"),
    Query("received_to", Moment, "received before"),
    Query("order", Literal["newest", "oldest", "due"], "newest, oldest, or due next first (open ones)", "newest"),
)


@operation("GET", "/tickets", scope="read", answer=shapes.Page[shapes.Ticket], queries=(*PAGING, *FILTERS))
def list_tickets(
    actor: Actor,
    limit: int,
    cursor: str | None,
    assignee: int | None,
    **given: Any,
) -> shapes.Page[shapes.Ticket]:
    """Tickets the token's person may see."""
    wanted = records.Wanted(assignee_id=assignee, **given)
    found, more = records.tickets(actor, wanted, cursor, limit)
    return shapes.Page(items=[shapes.Ticket(**item) for item in found], next=more)


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
        requester_id=None if given.requester else actor.id,
        on_behalf_of=_contact(given.on_behalf_of, given.language or actor.language),
        service=given.service,
        department=given.department,
        category_id=catalogue.id_of("category", given.category) if given.category else None,
        type=given.type,
        impact=given.impact,
        urgency=given.urgency,
        tags=tuple(given.tags),
        restricted=given.restricted,
        complained_of=tuple(given.complained_of),
        received_at=given.received_at,
        attachments=files(given.attachments),
    )
    number = intake.take_down(actor, new).ticket_id
    assert number is not None
    return _changed(actor, number), {"Location": f"/api/v1/tickets/{number}"}


def _contact(given: shapes.NewRequester | None, language: str) -> Contact | None:
    """For whom somebody asks; nobody where nothing is said of them."""
    if given is None or not (given.name or given.email or given.phone):
        return None
    return Contact((given.email or "").lower(), given.name.strip(), given.phone or "", language)


def files(given: list[shapes.NewFile]) -> tuple[NewFile, ...]:
    """Attachments as the services take them."""
    return tuple(NewFile(item.name, item.content_type, item.content) for item in given)


@operation("GET", "/tickets/{number}", scope="read", answer=shapes.Ticket)
def read_ticket(actor: Actor, number: int) -> shapes.Ticket:
    """One ticket."""
    return shapes.Ticket(**records.ticket(actor, number))


def _changed(actor: Actor, number: int) -> shapes.Ticket:
    return shapes.Ticket(**records.changed(actor, number))


@operation("PATCH", "/tickets/{number}", scope="write", answer=shapes.Ticket, body=shapes.TicketChange)
def change_ticket(actor: Actor, number: int, given: shapes.TicketChange) -> shapes.Ticket:
    """Changes subject, classification, tags, restriction or for whom it is asked; needs the version that was read."""
    change = given.model_dump(exclude_unset=True)
    if "on_behalf_of" in change:
        change["on_behalf_of"] = _contact(given.on_behalf_of, actor.language) or Contact()
    for name in ("service", "category"):
        if change.get(name) is not None:
            change[f"{name}_id"] = catalogue.id_of(name, change.pop(name))
    classification.change(actor, number, **change)
    return _changed(actor, number)


_NULLABLE = frozenset({"assignee_id"})
"""Fields in which null says something; elsewhere it is as though they were left out."""


def _put_move(verb: str, body: type[shapes.Move]) -> None:
    def move(actor: Actor, number: int, given: shapes.Move) -> shapes.Ticket:
        fields = given.model_dump(exclude={"version"})
        for name in {"department", "category"} & fields.keys():
            key = fields.pop(name)
            with refusals.noted(actor, number, verb, None):
                fields[f"{name}_id"] = catalogue.id_of(name, key) if key is not None else None
        fields = {name: value for name, value in fields.items() if value is not None or name in _NULLABLE}
        tickets.VERBS[verb](actor, number, version=given.version, **fields)
        return _changed(actor, number)

    def note_invalid(actor: Actor, values: dict[str, Any], error: ValidationError) -> None:
        """What lacks a field is a refused move, too."""
        fields = {str(item["loc"][0]): "wrong" for item in error.errors(include_url=False) if item["loc"]}
        told = Invalid("The input does not have the described form", code="invalid-form", fields=fields)
        refusals.keep(actor, values["number"], verb, told, known=body.model_fields)

    doc = f"Moves a ticket: {verb}. Refused with 409 where its state does not allow it."
    move.__doc__ = doc
    path = f"/tickets/{{number}}/actions/{verb}"
    name = f"{verb}_ticket"
    put = operation("POST", path, scope="write", answer=shapes.Ticket, body=body, name=name, invalid=note_invalid)
    put(move)


for _verb, _body in shapes.MOVES.items():
    _put_move(_verb, _body)


@operation("GET", "/tickets/{number}/clocks", scope="read", answer=shapes.Page[shapes.Clock], queries=PAGING)
def list_clocks(actor: Actor, number: int, limit: int, cursor: str | None) -> shapes.Page[shapes.Clock]:
    """Every cycle of every clock of a ticket."""
    found, more = records.clocks(actor, number, cursor, limit)
    return shapes.Page(items=[shapes.Clock(**item) for item in found], next=more)


@operation("GET", "/tickets/{number}/ledger", scope="read", answer=shapes.Ledger)
def read_ledger(actor: Actor, number: int) -> shapes.Ledger:
    """Why each deadline is what it is: every cycle of every clock by rows that add up, with its steps."""
    return shapes.Ledger.model_validate(records.ledger(actor, number))
