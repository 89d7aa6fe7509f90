"""Who is there for chats, and with how many: what a supervisor sees beside what waits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk.permissions import Actor, may
from helpdesk.services import catalogue, presence
from helpdesk.services.chats.reading import Listed
from helpdesk.vocabulary import ChatState, PresenceState, WorkKind


@dataclass(frozen=True)
class There:
    """A colleague at the desk: how, whether chats come to them, how many they have, until when the state holds."""

    person_id: int
    name: str
    state: PresenceState
    takes: bool
    chats: int
    until: datetime | None = None


def there(actor: Actor, running: Sequence[Listed], at: datetime) -> list[There]:
    """The colleagues of the actor's departments, to administrators all, who takes chats first; nobody's for others.

    ``running`` are the conversations that the actor sees, which were read already.
    """
    if not may(actor, "supervise"):
        return []
    known, has = catalogue.current().colleagues, Counter(_had(running))
    everybody = may(actor, "administer")
    found = [
        There(id_, known[id_].name, one.state, one.takes(WorkKind.CHAT), has[id_], one.until)
        for id_, one in presence.there(at).items()
        if id_ in known
        and known[id_].active
        and (everybody or not actor.departments.isdisjoint(known[id_].departments))
    ]
    return sorted(found, key=lambda one: (not one.takes, one.chats, one.name))


def _had(running: Sequence[Listed]) -> list[int]:
    return [one.row.agent_id for one in running if one.row.state == ChatState.ACTIVE]
