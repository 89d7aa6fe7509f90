"""Who may do what: every permission in one table, pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from helpdesk.vocabulary import ActorKind, Role


@dataclass(frozen=True)
class Actor:
    """Who acts: a member of staff, a citizen with a tracking code, or the system itself."""

    kind: ActorKind
    id: int | None = None
    role: Role | None = None
    departments: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    language: str = "el"
    name: str = ""
    scopes: frozenset[str] = field(default=frozenset({"*"}))

    @property
    def is_staff(self) -> bool:
        """Whether a human who works here acts."""
        return self.kind is ActorKind.STAFF

    @property
    def sees_all(self) -> bool:
        """Administrators answer for the whole house."""
        return self.is_staff and self.role is Role.ADMINISTRATOR


SYSTEM = Actor(ActorKind.SYSTEM)


class Guarded(Protocol):
    """What the table looks at of a ticket (a row of the ticket table has it all)."""

    @property
    def department_id(self) -> int | None: ...
    @property
    def restricted(self) -> bool: ...
    @property
    def assignee_id(self) -> int | None: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def requester_id(self) -> int | None: ...
    @property
    def complained_of(self) -> Collection[int] | None: ...


@dataclass(frozen=True)
class Rule:
    """Who may do a thing to a ticket. ``name`` is what is published: `told` and the pages put it into words."""

    name: str
    holds: Callable[[Actor, Guarded], bool]

    def __call__(self, actor: Actor, ticket: Guarded) -> bool:
        return self.holds(actor, ticket)


def _is_system(actor: Actor) -> bool:
    return actor.kind is ActorKind.SYSTEM


def _may_read(actor: Actor, ticket: Guarded) -> bool:
    """Staff read what is not restricted; a restricted ticket only those who answer for it."""
    if not actor.is_staff:
        return False
    return not ticket.restricted or _belongs(actor, ticket)


def _belongs(actor: Actor, ticket: Guarded) -> bool:
    return (
        actor.sees_all
        or (ticket.department_id is not None and ticket.department_id in actor.departments)
        or (actor.id is not None and actor.id in (ticket.assignee_id, ticket.owner_id))
    )


def _may_work(actor: Actor, ticket: Guarded) -> bool:
    """Work on it: the department's own people, the triage pool for everybody, supervisors what they read."""
    if not actor.is_staff:
        return False
    if _belongs(actor, ticket):
        return True
    return not ticket.restricted and (ticket.department_id is None or actor.role is Role.SUPERVISOR)


def _has_asked(actor: Actor, ticket: Guarded) -> bool:
    return actor.kind is ActorKind.CITIZEN and actor.id is not None and actor.id == ticket.requester_id


_reads, _works, _asked = Rule("reads", _may_read), Rule("works", _may_work), Rule("asked", _has_asked)
_asked_or_works = Rule("asked_or_works", lambda actor, ticket: _asked(actor, ticket) or _works(actor, ticket))


def is_about(actor: Actor, ticket: Guarded) -> bool:
    """Whether the ticket complains of the member of staff who acts: to them it does not exist."""
    return actor.is_staff and actor.id in (ticket.complained_of or ())


ON_TICKETS: Mapping[str, Callable[[Actor, Guarded], bool]] = {
    "read": _reads,
    "note": _reads,
    "follow": _asked,
    "write": _asked_or_works,
    "reply": _works,
    "take": _works,
    "assign": _works,
    "transfer": _works,
    "escalate": _works,
    "de-escalate": _works,
    "classify": _works,
    "wait": _works,
    "resume": _works,
    "resolve": _works,
    "confirm": _asked_or_works,
    "reject": _asked_or_works,
    "close": _works,
    "record-closure": _works,
    "reopen": _asked_or_works,
    "cancel": _works,
    "merge": _works,
    "unmerge": _works,
    "engage-supplier": _works,
    "supplier-answered": _works,
    "deny-competence": _works,
    "forward": _works,
    "no-reply-needed": _works,
    "mark-incomplete": _works,
    "mark-complete": _works,
    "extend": _works,
    "promise-call-back": _works,
    "move-call-back": _asked_or_works,
    "ring-call-back": _works,
    "dial-call-back": _works,
    "cancel-call-back": _asked_or_works,
    "link": _works,
    "link-problem": _works,
    "step": _works,
    "approve": _reads,
    "restrict": _works,
    "split": _works,
    "propose-article": _works,
    "revoke-tracking": _works,
    "propose-major": _reads,
    "declare-major": _works,
    "coordinate-major": _works,
    "revoke-major": _works,
}

IN_THE_HOUSE: Mapping[str, frozenset[Role]] = {
    "use-desk": frozenset(Role),
    "see-figures": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    "see-post": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    "replay-post": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    "supervise": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    "keep-problems": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    "mark-care": frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    "administer": frozenset({Role.ADMINISTRATOR}),
}


def may(actor: Actor, verb: str, thing: Guarded | None = None) -> bool:
    """Whether the actor may do that; an unknown verb is a bug and raises KeyError."""
    if _is_system(actor):
        return True
    if thing is None:
        return actor.is_staff and actor.role in IN_THE_HOUSE[verb]
    return not is_about(actor, thing) and ON_TICKETS[verb](actor, thing)


def rule(verb: str) -> str:
    """The name of the rule that says who may do that to a ticket."""
    return getattr(ON_TICKETS[verb], "name", verb)
