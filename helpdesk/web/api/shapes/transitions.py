"""The table of moves, as it is published."""

from helpdesk.vocabulary import ActorKind, Status
from helpdesk.web.api.shapes.outgoing import Outgoing


class Condition(Outgoing):
    """What else must hold; ``code`` comes with the refusal where it does not."""

    code: str
    text: str


class Transition(Outgoing):
    """A verb: from which statuses it may be asked, where it leads (none: it stays), what it needs, and who may.

    ``who`` names positions towards a ticket; ``who_if_restricted`` those that are left where it is hidden from others.
    """

    verb: str
    sources: list[Status]
    targets: list[Status]
    needs: list[str]
    actors: list[ActorKind]
    who: list[str]
    who_if_restricted: list[str]
    conditions: list[Condition]
