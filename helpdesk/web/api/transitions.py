"""Which moves there are, by machine."""

from helpdesk.permissions import Actor
from helpdesk.services import published, records
from helpdesk.services.published import Published
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import operation
from helpdesk.web.api.paging import PAGING


@operation("GET", "/transitions", scope="read", answer=shapes.Page[shapes.Transition], queries=PAGING)
def list_transitions(actor: Actor, limit: int, cursor: str | None) -> shapes.Page[shapes.Transition]:
    """The table of moves: which verb leads from where to where, for whom, with which fields, on what conditions."""
    numbered = list(enumerate(published.table(), 1))
    found, more = records.part(numbered, lambda line: line[0], cursor, limit)
    return shapes.Page(items=[_shape(line) for _, line in found], next=more)


def _shape(line: Published) -> shapes.Transition:
    return shapes.Transition(
        verb=line.verb,
        sources=list(line.sources),
        targets=list(line.targets),
        needs=list(line.needs),
        actors=list(line.by),
        who=list(line.who),
        who_if_restricted=list(line.restricted),
        conditions=[shapes.Condition(code=code, text=text) for code, text in line.conditions],
    )
