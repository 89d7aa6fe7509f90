"""To which tickets something applies: what a promise may ask of a ticket, and whether a ticket has it."""

from dataclasses import dataclass, fields

from sla import form
from sla.matrix import Priority

NAMES = ("priority", "type", "service", "department", "customer", "supplier", "major")
"""What may be asked about, in the order in which it is told."""
YES = "yes"
"""What a scope says of a ticket that was declared a major incident."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a promise may depend on of a ticket: codes and keys, "yes" for major, empty where there is none."""

    priority: str = ""
    type: str = ""
    service: str = ""
    department: str = ""
    customer: str = ""
    supplier: str = ""
    major: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """To which tickets something applies; an empty list asks nothing."""

    priority: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    supplier: tuple[str, ...] = ()
    major: tuple[str, ...] = ()

    def fits(self, scope: Scope) -> bool:
        """Whether every list that is given has the ticket's value."""
        return all(not (wanted := getattr(self, name)) or getattr(scope, name) in wanted for name in NAMES)

    def meets(self, other: "When") -> bool:
        """Whether there can be a ticket to which both apply."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in NAMES)
        return all(not mine or not theirs or set(mine) & set(theirs) for mine, theirs in pairs)

    @property
    def asked(self) -> tuple[str, ...]:
        """What it asks about; the more, the more specific."""
        return tuple(item.name for item in fields(self) if getattr(self, item.name))

    @classmethod
    def from_dict(cls, data: object, field: str = "when") -> "When":
        """Reads lists by name; raises Malformed with the field's path."""
        known = form.mapping(data, field, NAMES)
        lists = {
            name: tuple(form.text(value, place) for place, value in form.items(known[name], f"{field}.{name}"))
            for name in known
        }
        for place, value in enumerate(lists.get("priority", ())):
            form.one_of(Priority, value, f"{field}.priority[{place}]")
        for place, value in enumerate(lists.get("major", ())):
            if value != YES:
                raise form.Malformed(f"{field}.major[{place}]", f"must be {YES}")
        return cls(**lists)

    def to_dict(self) -> dict[str, list[str]]:
        """The form that `from_dict` reads."""
        return {name: list(getattr(self, name)) for name in self.asked}
