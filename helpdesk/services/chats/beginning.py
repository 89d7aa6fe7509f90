"""Opening a conversation: once, however often a browser that heard nothing asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from helpdesk.db import db, table, unit
from helpdesk.models.chats import Chat
from helpdesk.services import catalogue
from helpdesk.services.access.secrets import new_token
from helpdesk.services.chats import asking, guarding, holding, settings, talking
from helpdesk.services.chats.holding import Key, Line
from helpdesk.services.dialogue import Spoken
from helpdesk.services.notices import NewFile
from helpdesk.vocabulary import ChatAuthor, ChatState


@dataclass(frozen=True)
class Beginning:
    """What a citizen begins with. ``department_id`` and ``service_id`` are their own choice; ``people``: no bot.

    ``visitor`` is where they come from, as a hash; ``proven``: who they are was proven by the site that embeds us.
    ``name_of_it`` is their browser's secret name for it: whoever begins again under it has the same conversation.
    """

    text: str
    language: str = "el"
    name: str = ""
    email: str = ""
    phone: str = ""
    department_id: int | None = None
    service_id: int | None = None
    widget_id: int | None = None
    proven: bool = False
    visitor: str = ""
    people: bool = False
    client_id: str | None = None
    files: Sequence[NewFile] = ()
    name_of_it: str = ""


def begin(new: Beginning, at: datetime) -> Key:
    """Opens a conversation with its first line; who opened it keeps the key, which is told to nobody else.

    What the bot thinks about it is thought before anything is written. Raises Invalid, Forbidden, Crowded.
    """
    limits = settings.current()
    guarding.check_line(new.text, new.files, limits)
    if known := begun(new.name_of_it):
        return go_on(known, new.text, new.client_id, new.files, at)
    guarding.check_opening(new.visitor, limits, at)
    places = catalogue.current()
    new = replace(
        new,
        department_id=new.department_id if new.department_id in places.departments else None,
        service_id=new.service_id if new.service_id in places.services else None,
    )
    alone = new.people or new.files
    spoken = Spoken(0, new.language, at, new.department_id)
    return _begin(new, None if alone else asking.think(spoken, new.text, at), at)


def go_on(known: Key, text: str, client_id: str | None, files: Sequence[NewFile], at: datetime) -> Key:
    """Begins what was begun: the same words are there already, other ones are said in it."""
    if client_id:
        talking.say(known, text, client_id=client_id, files=files, at=at)
    return known


def begun(name_of_it: str) -> Key | None:
    """The conversation that was begun under this name, for a browser that did not hear that it was."""
    token = holding.token_for(name_of_it)
    return holding.find(token) if token else None


@unit()
def _begin(new: Beginning, thought: Any, at: datetime) -> Key:
    key, chat = _opened(new, at)
    if chat is not None:
        line = Line(ChatAuthor.CITIZEN, new.text, client_id=new.client_id)
        asking.put(chat, line, at, files=new.files, thought=thought, people=new.people, first=True)
    return key


def _opened(new: Beginning, at: datetime) -> tuple[Key, Chat | None]:
    """Its key, and it; only the key where another request of the same name was quicker."""
    token = holding.token_for(new.name_of_it) or new_token()
    row = {
        "token_hash": holding.hashed(token), "state": ChatState.BOT.value, "language": new.language,
        "name": new.name.strip()[:200], "email": new.email.strip().lower(), "phone": new.phone, "proven": new.proven,
        "department_id": new.department_id, "service_id": new.service_id, "widget_id": new.widget_id,
        "visitor": new.visitor, "opened_at": at, "changed_at": at, "citizen_seen_at": at,
    }  # fmt: skip
    made = insert(table(Chat)).values(row).on_conflict_do_nothing(index_elements=["token_hash"])
    number = db.session.execute(made.returning(table(Chat).c.id)).scalar_one_or_none()
    if number is not None:
        return Key(number, token), db.session.get_one(Chat, number)
    known = holding.find(token)
    assert known is not None
    return known, None
