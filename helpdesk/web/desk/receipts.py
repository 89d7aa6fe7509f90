"""The receipt of an application, for a member of staff to print and hand over."""

from flask import Response, render_template

from helpdesk.services import protocol
from helpdesk.web import receipt as document
from helpdesk.web.desk.room import NUMBER, room
from helpdesk.web.guards import agent, current_actor


@room.get(f"/tickets/{NUMBER}/receipt")
@agent
def receipt(number: int) -> str:
    """The receipt alone, on a page that prints well."""
    return render_template("desk/receipt.html", found=protocol.receipt(current_actor(), number))


@room.get(f"/tickets/{NUMBER}/receipt.pdf")
@agent
def receipt_pdf(number: int) -> Response:
    """The same as a document."""
    return document.pdf(protocol.receipt(current_actor(), number))
