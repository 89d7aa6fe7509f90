"""The receipt of an application as a document, for citizens and for the counter alike."""

from typing import Any

from flask import Response

from helpdesk import i18n
from helpdesk.services import body, printing
from helpdesk.web import language
from helpdesk.web.templating import say


def pdf(found: Any) -> Response:
    """The receipt in the page's language; it is never kept by anybody between us and the reader."""
    response = Response(printing.document("receipt", told(found)), mimetype="application/pdf")
    name = found.protocol_number.replace("/", "-")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def told(found: Any) -> dict[str, Any]:
    """What the document says."""
    spoken = language.current()
    facts = [
        (say("Protocol number"), found.protocol_number),
        (say("Entered on"), i18n.moment(found.at, spoken)),
        (say("Received on"), i18n.moment(found.received_at, spoken)),
        (say("Number of the request"), str(found.id)),
        (say("Applicant"), found.requester or ""),
        (say("On behalf of"), found.on_behalf_of or ""),
        (say("Application for"), i18n.pick(found.service or {}, spoken) if found.service else ""),
        (say("Subject of the application"), found.subject),
        (say("Department that has it"), i18n.pick(found.department, spoken) if found.department else ""),
    ]
    return {
        "language": spoken,
        "title": say("Receipt of an application"),
        "body": body.name(spoken),
        "facts": [(name, value) for name, value in facts if value],
        "foot": say("This receipt was made by the electronic protocol and is valid without a signature."),
    }
