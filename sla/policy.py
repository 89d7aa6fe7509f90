"""Promises as data: which targets hold for a ticket, by which policy, and why that one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sla import form
from sla.agreement import Agreement, AgreementKind
from sla.cycle import Reopening
from sla.form import Malformed
from sla.scope import Scope, When
from sla.target import Target

_PAUSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("resolution", ("waiting_requester", "scheduled")),
    ("update", ("waiting_requester",)),
)
NEVER_PAUSED = ("acknowledge", "first_response", "next_response", "statutory", "forwarding", "callback")
"""Clocks that no waiting pauses: somebody is owed a word, or the law counts."""


class InvalidPolicy(Malformed):
    """A policy that cannot be understood; the message names the field."""


@dataclass(frozen=True, slots=True)
class Policy:
    """An ordered list of targets for some tickets; the first target of a clock that fits is the promise.

    `pauses` names, by clock, the status categories in which it does not run. Lower `order` goes first.
    """

    targets: tuple[Target, ...]
    pauses: tuple[tuple[str, tuple[str, ...]], ...] = _PAUSES
    reopen: Reopening = Reopening.CONTINUE
    order: int = 100
    when: When = When()
    agreement: Agreement = Agreement()

    @property
    def kind(self) -> AgreementKind:
        """Whose promise it is."""
        return self.agreement.kind

    def target(self, clock: str, scope: Scope) -> Target | None:
        """The promise of that clock for such a ticket; None when nothing is promised."""
        return next((target for target in self.targets if target.clock == clock and target.when.fits(scope)), None)

    def pausing(self, clock: str) -> tuple[str, ...]:
        """The status categories in which that clock is paused; none for a clock that no waiting pauses."""
        return () if clock in NEVER_PAUSED else dict(self.pauses).get(clock, ())

    @classmethod
    def from_dict(cls, data: object) -> "Policy":
        """Reads {"targets", "pauses"?, "reopen"?, "order"?, "when"?, "agreement"?}.

        Raises InvalidPolicy, which names the field.
        """
        try:
            return _read(cls, data)
        except Malformed as error:
            raise InvalidPolicy(error.field, error.reason) from None

    def to_dict(self) -> dict[str, object]:
        """The form that `from_dict` reads."""
        return {
            "targets": [target.to_dict() for target in self.targets],
            "pauses": {clock: list(categories) for clock, categories in self.pauses},
            "reopen": self.reopen.value,
            "order": self.order,
            "when": self.when.to_dict(),
            **({"agreement": self.agreement.to_dict()} if self.agreement != Agreement() else {}),
        }


def _read(cls: type[Policy], data: object) -> Policy:
    known = form.mapping(data, "policy", ("targets", "pauses", "reopen", "order", "when", "agreement"))
    targets = tuple(Target.from_dict(item, place) for place, item in form.items(known.get("targets"), "targets"))
    if not targets:
        raise Malformed("targets", "must hold at least one")
    given = form.mapping(known.get("pauses", dict(_PAUSES)), "pauses")
    pauses = tuple(
        (clock, tuple(form.text(item, place) for place, item in form.items(categories, f"pauses.{clock}")))
        for clock, categories in given.items()
    )
    return cls(
        targets=targets,
        pauses=pauses,
        reopen=form.one_of(Reopening, known.get("reopen", "continue"), "reopen"),
        order=form.whole(known.get("order", 100), "order", 0),
        when=When.from_dict(known.get("when", {}), "when"),
        agreement=Agreement.from_dict(known.get("agreement", {})),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """The policy that holds, by its key, and why: "only", "order" or "specific" before the others that fit."""

    key: str
    policy: Policy
    why: str


def choose(
    policies: Mapping[str, Policy] | Iterable[tuple[str, Policy]],
    scope: Scope,
    kind: AgreementKind = AgreementKind.SLA,
) -> Choice | None:
    """Among those of that kind that fit the lowest order, then the most specific, then by key; None when none fits."""
    pairs = policies.items() if isinstance(policies, Mapping) else policies
    fitting = sorted(
        ((key, policy) for key, policy in pairs if policy.kind is kind and policy.when.fits(scope)),
        key=lambda pair: (pair[1].order, -len(pair[1].when.asked), pair[0]),
    )
    if not fitting:
        return None
    key, policy = fitting[0]
    if len(fitting) == 1:
        return Choice(key, policy, "only")
    return Choice(key, policy, "order" if policy.order < fitting[1][1].order else "specific")
