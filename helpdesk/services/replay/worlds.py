"""What was in force at any moment of the past, as it would have been with some versions beside or instead."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row

from helpdesk.services import rulebook
from helpdesk.services.rulebook import Version
from helpdesk.services.timers.offers import Offer
from helpdesk.vocabulary import RulebookKind
from sla import DEFAULT_MATRIX, Matrix
from sla.waiting import WaitingRules

_TIMED = (RulebookKind.POLICY, RulebookKind.CALENDAR, RulebookKind.MATRIX)
TRIED = (*_TIMED, RulebookKind.WAITING)
"""Kinds of rules that decide about clocks, so that it can be tried what others would have done."""


class Worlds:
    """Offers by moment: what was in force then, what the ticket's own journal names, and over both what is tried."""

    def __init__(self, tried: Sequence[Version]) -> None:
        self.tried = tried
        self._held: Sequence[Row[Any]] = rulebook.held(*_TIMED)
        self._offers: dict[tuple[int, frozenset[int]], Offer] = {}
        self._epochs: dict[int, Mapping[tuple[RulebookKind, str], Version]] = {}

    @cached_property
    def waiting(self) -> WaitingRules | None:
        """The rules of waiting that are tried."""
        found: WaitingRules | None = self._tried(RulebookKind.WAITING)
        return found

    def tried_matrix(self, kind: str) -> Matrix | None:
        """The matrix that is tried for tickets of that type; None where theirs stays."""
        tried = {one.key: one.value for one in self.tried if one.kind is RulebookKind.MATRIX}
        own = rulebook.matrix_key(kind)
        if own in tried or own not in rulebook.all_in_force(RulebookKind.MATRIX):
            return tried.get(own) or tried.get(rulebook.DEFAULT)
        return None

    def _tried(self, kind: RulebookKind) -> Any:
        return next((one.value for one in self.tried if (one.kind, one.key) == (kind, rulebook.DEFAULT)), None)

    def offer(self, at: datetime, own: Iterable[int]) -> Offer:
        """What is promised at a moment to a ticket whose journal names these versions then."""
        key = self._epoch(at), frozenset(own)
        if key not in self._offers:
            self._offers[key] = self._offer(*key)
        return self._offers[key]

    def matrix_of(self, at: datetime, kind: str) -> Matrix:
        """The matrix in force for that type at a moment, else the one in force now."""
        held = self._in_force(self._epoch(at))
        keys = [(RulebookKind.MATRIX, rulebook.matrix_key(kind)), (RulebookKind.MATRIX, rulebook.DEFAULT)]
        found = next((held[key] for key in keys if key in held), None) or rulebook.matrix_for(kind)
        matrix: Matrix = found.value if found else DEFAULT_MATRIX
        return matrix

    def _offer(self, epoch: int, own: frozenset[int]) -> Offer:
        found = dict(self._in_force(epoch))
        for version in (*map(rulebook.version, sorted(own)), *self.tried):
            found[version.kind, version.key] = version
        known = {key: version for (kind, key), version in found.items() if kind is RulebookKind.CALENDAR}
        policies = {key: version for (kind, key), version in sorted(found.items()) if kind is RulebookKind.POLICY}

        def calendar_of(key: str | None) -> Version:
            now = rulebook.all_in_force(RulebookKind.CALENDAR)
            wanted = key or rulebook.DEFAULT
            return known.get(wanted) or now.get(wanted) or known.get(rulebook.DEFAULT) or now[rulebook.DEFAULT]

        return Offer(policies, calendar_of)

    @cached_property
    def _turns(self) -> list[datetime]:
        """The moments at which anything came into force or went."""
        moments = {row.in_force_at for row in self._held} | {row.retired_at for row in self._held if row.retired_at}
        return sorted(moments)

    def _epoch(self, at: datetime) -> int:
        return bisect_right(self._turns, at)

    def _in_force(self, epoch: int) -> Mapping[tuple[RulebookKind, str], Version]:
        if epoch not in self._epochs:
            self._epochs[epoch] = self._standing(self._turns[epoch - 1]) if epoch else {}
        return self._epochs[epoch]

    def _standing(self, at: datetime) -> Mapping[tuple[RulebookKind, str], Version]:
        held = (
            rulebook.version(row.id)
            for row in self._held
            if row.in_force_at <= at and (row.retired_at is None or row.retired_at > at)
        )
        return {(version.kind, version.key): version for version in held}
