"""Whether promises hold: a department or a supplier that may take longer than the customer was promised."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from sla.agreement import AgreementKind
from sla.calendar import Calendar
from sla.matrix import Priority
from sla.policy import Policy, choose
from sla.scope import NAMES, Scope, When
from sla.target import Target

SUPPORTED = "resolution"
"""The promise to the customer that departments and suppliers hold up."""
SUPPORTING: Mapping[str, AgreementKind] = {"ola": AgreementKind.OLA, "ua": AgreementKind.UA}
"""The clocks that hold it up, and the kind of agreement that comes before a policy's own word on them."""
OTHER = "\N{NULL}other"
"""Stands for every value that no policy names."""
_HOUR = timedelta(hours=1)
_WEEK = 7 * 24


class Hours(NamedTuple):
    """A target and the calendar it is counted in."""

    target: Target
    calendar: Calendar

    def due(self, start: datetime) -> datetime:
        """When it is due for what starts then."""
        return self.calendar.after(start, self.target.promised(start, self.calendar))


class Overrun(NamedTuple):
    """The worst start of a week: when the promise is due, when what should hold it up is, and how many starts run over.

    `of` is how many starts were tried.
    """

    start: datetime
    promised_at: datetime
    supported_at: datetime
    starts: int
    of: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A target that may end after the promise it holds up, for a kind of ticket that both apply to; policies by key."""

    policy: str
    target: Target
    promised_by: str
    promise: Target
    scope: Scope
    overrun: Overrun


Named = Mapping[str, Policy]
CalendarOf = Callable[[Target, Scope], Calendar]


def starts_of(since: datetime) -> tuple[datetime, ...]:
    """Every full hour of the week that follows."""
    first = since.replace(minute=0, second=0, microsecond=0)
    return tuple(first + at * _HOUR for at in range(_WEEK))


def overrun(support: Hours, promise: Hours, starts: Sequence[datetime]) -> Overrun | None:
    """The start from which the support is due longest after the promise; None when it never is.

    Due moments are compared, not amounts: 16 hours round the clock end before 10 hours of an office.
    """
    pairs = ((start, promise.due(start), support.due(start)) for start in starts)
    late = [pair for pair in pairs if pair[2] > pair[1]]
    if not late:
        return None
    return Overrun(*max(late, key=lambda pair: pair[2] - pair[1]), len(late), len(starts))


def gaps(
    policies: Named, calendar_of: CalendarOf, since: datetime, real: Callable[[Scope], bool] = lambda scope: True
) -> list[Gap]:
    """Every supporting target that is due after a promise which it holds up, once for each such pair.

    `real` says which kinds of tickets there are (a service belongs to a department).
    """
    starts = starts_of(since)
    found = (_gap(policies, calendar_of, starts, real, *pair) for pair in _pairs(policies))
    return [gap for gap in found if gap is not None]


Promised = tuple[str, Target]
"""A target, with the key of its policy."""


def _gap(
    policies: Named,
    calendar_of: CalendarOf,
    starts: tuple[datetime, ...],
    real: Callable[[Scope], bool],
    support: Promised,
    promise: Promised,
) -> Gap | None:
    """The first kind of ticket for which both hold and the support comes later."""
    for scope in _scopes(policies, support, promise):
        if real(scope) and _hold(policies, support, promise, scope):
            ours, theirs = (Hours(target, calendar_of(target, scope)) for _, target in (support, promise))
            if over := _overrun(ours, theirs, starts):
                return Gap(*support, *promise, scope, over)
    return None


@lru_cache(maxsize=4096)
def _overrun(support: Hours, promise: Hours, starts: tuple[datetime, ...]) -> Overrun | None:
    return overrun(support, promise, starts)


def _pairs(policies: Named) -> Iterator[tuple[Promised, Promised]]:
    promises = [pair for pair in _targets(policies, (SUPPORTED,)) if policies[pair[0]].kind is AgreementKind.SLA]
    pairs = product(_targets(policies, SUPPORTING), promises)
    return (
        (support, promise)
        for support, promise in pairs
        if _for_major(policies, support) >= _for_major(policies, promise)
    )


def _for_major(policies: Named, promised: Promised) -> bool:
    """Whether it holds for major incidents alone: what was agreed for every day does not answer for such a promise."""
    key, target = promised
    return bool(policies[key].when.major or target.when.major)


def _targets(policies: Named, clocks: Collection[str]) -> Iterator[Promised]:
    return ((key, target) for key, policy in policies.items() for target in policy.targets if target.clock in clocks)


def _scopes(policies: Named, *promised: Promised) -> Iterator[Scope]:
    """One ticket for each combination of values that all of them ask for; where none asks, one that nobody names.

    Such a one is the least likely to be caught by another target or policy.
    """
    whens = [when for key, target in promised for when in (policies[key].when, target.when)]
    return (Scope(*values) for values in product(*(_values(name, whens) for name in NAMES)))


def _values(name: str, whens: Iterable[When]) -> list[str]:
    asked: list[Sequence[str]] = [wanted for when in whens if (wanted := getattr(when, name))]
    if not asked:
        return [priority.value for priority in Priority] if name == "priority" else [OTHER]
    return [value for value in dict.fromkeys(asked[0]) if all(value in others for others in asked[1:])]


def _hold(policies: Named, support: Promised, promise: Promised, scope: Scope) -> bool:
    """Whether such a ticket gets both of them, and not others that come first."""
    chosen = choose(policies, scope)
    if chosen is None or chosen.key != promise[0] or chosen.policy.target(SUPPORTED, scope) is not promise[1]:
        return False
    key, target = _supporting(policies, chosen.key, support[1].clock, scope)
    return key == support[0] and target is support[1]


def _supporting(policies: Named, policy: str, clock: str, scope: Scope) -> tuple[str, Target | None]:
    """What is agreed with the department or supplier, else what the ticket's policy says of them."""
    agreed = choose(policies, scope, SUPPORTING[clock])
    if agreed is not None and (target := agreed.policy.target(clock, scope)) is not None:
        return agreed.key, target
    return policy, policies[policy].target(clock, scope)
