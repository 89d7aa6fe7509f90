"""Conversations by chat by machine: those that run, their lines, answering, whispering, passing on, ending."""

from collections.abc import Callable, Mapping

from helpdesk.errors import Invalid, NotFound
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, chats, records
from helpdesk.services.chats import Listed, Read
from helpdesk.web.api.operations import operation
from helpdesk.web.api.paging import PAGING
from helpdesk.web.api.shapes import chats as shapes
from helpdesk.web.api.shapes import outgoing


@operation("GET", "/chats", scope="read", answer=outgoing.Page[shapes.Chat], queries=PAGING)
def list_chats(actor: Actor, limit: int, cursor: str | None) -> outgoing.Page[shapes.Chat]:
    """Conversations in which somebody waits or speaks, as far as the token's person may read them."""
    found = sorted(chats.running(actor), key=lambda one: int(one.row.id))
    rows, more = records.part(found, lambda one: int(one.row.id), cursor, limit)
    return outgoing.Page(items=[_chat(one) for one in rows], next=more)


@operation("GET", "/chats/{id}", scope="read", answer=shapes.Chat)
def read_chat(actor: Actor, id: int) -> shapes.Chat:
    """One conversation."""
    return _chat(chats.one(actor, id))


@operation("GET", "/chats/{id}/lines", scope="read", answer=outgoing.Page[shapes.ChatLine], queries=PAGING)
def list_chat_lines(actor: Actor, id: int, limit: int, cursor: str | None) -> outgoing.Page[shapes.ChatLine]:
    """Its lines, in their order."""
    chats.one(actor, id)
    rows, more = records.part(chats.lines(id, 0), lambda line: line.seq, cursor, limit)
    return outgoing.Page(items=[_line(line) for line in rows], next=more)


@operation("POST", "/chats/{id}/lines", scope="write", answer=shapes.ChatKept, body=shapes.ChatSaying, status=201)
def say_in_chat(actor: Actor, id: int, given: shapes.ChatSaying) -> shapes.ChatKept:
    """Says something to the citizen. 409 where the token's person does not have the conversation."""
    kept = chats.answer(actor, id, given.text, client_id=given.client_id)
    return shapes.ChatKept(seq=kept.seq, at=kept.at)


Deed = Callable[[Actor, int, shapes.ChatDeed], object]


def _pass_on(actor: Actor, id_: int, given: shapes.ChatDeed) -> object:
    place = next((one.id for one in catalogue.departments() if one.key == given.department), None)
    if place is None:
        raise Invalid("There is no such department.", fields={"department": "an active department"})
    return chats.pass_on(actor, id_, place, given.reason)


VERBS: Mapping[str, Deed] = {
    "take-over": lambda actor, id_, given: chats.take_over(actor, id_),
    "whisper": lambda actor, id_, given: chats.whisper(actor, id_, given.text),
    "pass-on": _pass_on,
    "end": lambda actor, id_, given: chats.end_for_staff(actor, id_),
    "block": lambda actor, id_, given: chats.block(actor, id_, given.reason, hours=given.hours),
}


@operation("POST", "/chats/{id}/actions/{name}", scope="write", answer=shapes.Chat, body=shapes.ChatDeed)
def act_in_chat(actor: Actor, id: int, name: str, given: shapes.ChatDeed) -> shapes.Chat:
    """take-over, whisper, pass-on, end, block. 409 where the conversation does not allow it any more."""
    chats.one(actor, id)
    if name not in VERBS:
        raise NotFound("There is no such verb.")
    VERBS[name](actor, id, given)
    return _chat(chats.one(actor, id))


def _chat(one: Listed) -> shapes.Chat:
    row = one.row
    place = catalogue.current().departments.get(row.department_id or 0)
    return shapes.Chat(
        id=row.id, state=row.state, ticket=row.ticket_id, department=place.key if place else None, agent=row.agent_id,
        language=row.language, queued_at=row.queued_at, accepted_at=row.accepted_at, seq=row.seq,
        citizen_read=row.citizen_read, agent_read=row.agent_read,
    )  # fmt: skip


def _line(line: Read) -> shapes.ChatLine:
    return shapes.ChatLine(
        seq=line.seq, author=line.author, name=line.name, text=line.text, code=line.code, at=line.at,
        choices=list(line.data.get("choices", ())), sources=list(line.data.get("sources", ())),
        attachments=[file.id for file in line.files],
    )  # fmt: skip
