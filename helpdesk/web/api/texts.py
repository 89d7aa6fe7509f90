"""Short messages by machine: which ways lead to a citizen, before anything is written."""

from helpdesk import clock
from helpdesk.permissions import Actor
from helpdesk.services import scope
from helpdesk.services.texting import limits, wording
from helpdesk.web.api.operations import operation
from helpdesk.web.api.shapes import texts as shapes


@operation("GET", "/tickets/{number}/ways", scope="read", answer=shapes.Ways)
def list_ways(actor: Actor, number: int) -> shapes.Ways:
    """Every way to who asked, the closed ones with the reason; empty in a body that sends no short messages."""
    found = wording.open_ways(scope.find(actor, number), clock.now())
    items = [
        shapes.WayTo(channel=one.kind, address=one.address, open=not one.why_not, why_not=one.why_not, until=one.until)
        for one in found
    ]
    approved = [
        shapes.ApprovedWords(id=row.id, language=row.language, words=row.words, gaps=wording.gaps(row.words))
        for row in (wording.templates() if found else ())
    ]
    return shapes.Ways(items=items, approved=approved, most_parts=limits.limits().most_parts)
