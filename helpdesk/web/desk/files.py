"""Files of messages, for whoever may read their ticket."""

from flask.typing import ResponseReturnValue

from helpdesk.services import conversation
from helpdesk.web import attachments
from helpdesk.web.desk.room import room
from helpdesk.web.guards import agent, current_actor


@room.get("/attachments/<int(max=999999999999999):id>")
@agent
def attachment(id: int) -> ResponseReturnValue:
    """One file, to be saved."""
    return attachments.serve(conversation.attachment(current_actor(), id))
