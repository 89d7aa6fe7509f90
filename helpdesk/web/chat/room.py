"""The blueprint of the chat's doors, and who knocks: the token stands in a header, never in an address."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.services.chats import Key
from helpdesk.web.api import problems
from helpdesk.web.safety import address

room = Blueprint("chat", __name__, url_prefix="/chat/api")

TOKEN = "X-Chat-Token"  # noqa: S105 - a header's name


def by_conversation() -> str:
    """Limits count a conversation, not a place: behind one address may sit a whole school."""
    return f"{address()}:{(request.view_args or {}).get('id', 0)}"


def key(id_: int) -> Key:
    """The conversation that is asked for, with the proof that it is theirs; raises NotFound without one."""
    token = request.headers.get(TOKEN, "")
    if not 20 <= len(token) <= 100:
        raise NotFound("There is no such conversation.")
    return Key(id_, token)


@room.errorhandler(HelpdeskError)
def _refused(error: HelpdeskError) -> ResponseReturnValue:
    return problems.from_error(error)
