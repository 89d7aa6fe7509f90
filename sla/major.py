"""When an incident counts as major: written criteria as data, and which of them a given incident meets. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sla import form
from sla.form import Malformed
from sla.matrix import Level, Priority

LONGEST = 7 * 24 * 60
"""Minutes of a window: what happens within a week may still be one disturbance."""
MOST = 500


class InvalidCriteria(Malformed):
    """Criteria that cannot be understood; the message names the field."""


@dataclass(frozen=True, slots=True)
class Similar:
    """So many incidents of one service within so many minutes."""

    count: int = 5
    minutes: int = 30

    @classmethod
    def from_dict(cls, data: object, field: str) -> "Similar":
        """Reads {"count", "minutes"}; raises Malformed with the field's path."""
        known = form.mapping(data, field, ("count", "minutes"))
        count = form.whole(known.get("count"), f"{field}.count", 2)
        minutes = form.whole(known.get("minutes"), f"{field}.minutes", 1)
        if count > MOST:
            raise Malformed(f"{field}.count", f"must be at most {MOST}")
        if minutes > LONGEST:
            raise Malformed(f"{field}.minutes", f"must be at most {LONGEST}")
        return cls(count, minutes)

    def to_dict(self) -> dict[str, int]:
        """The form that `from_dict` reads."""
        return {"count": self.count, "minutes": self.minutes}


@dataclass(frozen=True, slots=True)
class Incident:
    """What the criteria look at. ``recent`` are the arrivals of its service's incidents, itself among them."""

    service: str
    priority: str
    impact: str
    recent: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """The criterion that an incident meets, empty for none; how many similar ones there were in how many minutes."""

    criterion: str
    similar: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria of a body, in the order in which they are tried.

    ``similar`` holds for every service, ``services`` for some instead (by key); an incident of one of the
    ``critical`` services always meets them, and so does one of both a priority and an impact that are named.
    """

    similar: Similar = Similar()
    services: tuple[tuple[str, Similar], ...] = ()
    critical: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    impacts: tuple[str, ...] = ()

    def similar_of(self, service: str) -> Similar:
        """What counts as many for that service."""
        return dict(self.services).get(service, self.similar)

    @property
    def widest(self) -> Similar:
        """As many and as long as any service asks for: what must be looked up."""
        known = [self.similar, *(one for _, one in self.services)]
        return Similar(max(one.count for one in known), max(one.minutes for one in known))

    def judge(self, incident: Incident, at: datetime) -> Finding:
        """Which criterion it meets."""
        asked = self.similar_of(incident.service)
        since = at - timedelta(minutes=asked.minutes)
        similar = sum(since < moment <= at for moment in incident.recent) if incident.service else 0
        if incident.service and incident.service in self.critical:
            return Finding("critical_service", similar, asked.minutes)
        if similar >= asked.count:
            return Finding("similar", similar, asked.minutes)
        if incident.priority in self.priorities and incident.impact in self.impacts:
            return Finding("priority", similar, asked.minutes)
        return Finding("", similar, asked.minutes)

    @classmethod
    def from_dict(cls, data: object) -> "Criteria":
        """Reads {"similar", "services"?, "critical_services"?, "priority"?: {"priorities", "impacts"}}.

        Raises InvalidCriteria, which names the field.
        """
        try:
            return _read(cls, data)
        except Malformed as error:
            raise InvalidCriteria(error.field, error.reason) from None

    def to_dict(self) -> dict[str, object]:
        """The form that `from_dict` reads."""
        return {
            "similar": self.similar.to_dict(),
            "services": {key: one.to_dict() for key, one in self.services},
            "critical_services": list(self.critical),
            "priority": {"priorities": list(self.priorities), "impacts": list(self.impacts)},
        }


def _read(cls: type[Criteria], data: object) -> Criteria:
    known = form.mapping(data, "criteria", ("similar", "services", "critical_services", "priority"))
    services: Mapping[str, object] = form.mapping(known.get("services", {}), "services")
    urgent = form.mapping(known.get("priority", {}), "priority", ("priorities", "impacts"))
    return cls(
        Similar.from_dict(known.get("similar", Similar().to_dict()), "similar"),
        tuple((key, Similar.from_dict(one, f"services.{key}")) for key, one in services.items()),
        tuple(form.text(one, at) for at, one in form.items(known.get("critical_services", []), "critical_services")),
        _codes(Priority, urgent.get("priorities", []), "priority.priorities"),
        _codes(Level, urgent.get("impacts", []), "priority.impacts"),
    )


def _codes(kinds: type[Priority] | type[Level], data: object, field: str) -> tuple[str, ...]:
    return tuple(form.one_of(kinds, value, place).value for place, value in form.items(data, field))
