"""What stands around promises: with whom they were agreed, who answers for them, until when, and when to look again."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sla import form
from sla.form import Malformed


class AgreementKind(StrEnum):
    """Whose promise it is (FitSM PR2, PR3): ours to a customer, a department's to us, a supplier's to us."""

    SLA = "sla"
    OLA = "ola"
    UA = "ua"


_DAYS = ("valid_from", "valid_until", "review_on")
_WORDS = ("customer", "department", "supplier", "owner", "terms")


@dataclass(frozen=True, slots=True)
class Agreement:
    """The parties by their keys (empty: everybody, or nobody in particular), the owner's address, dates, and words."""

    kind: AgreementKind = AgreementKind.SLA
    customer: str = ""
    department: str = ""
    supplier: str = ""
    owner: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    review_on: date | None = None
    terms: str = ""

    def is_overdue(self, today: date) -> bool:
        """Whether it ran out, or should have been looked at again by now."""
        return any(day is not None and day < today for day in (self.valid_until, self.review_on))

    @classmethod
    def from_dict(cls, data: object, field: str = "agreement") -> "Agreement":
        """Reads the members by name, all of them optional; raises Malformed with the field's path."""
        known = form.mapping(data, field, [item.name for item in fields(cls)])
        days: dict[str, Any] = {name: form.day(known[name], f"{field}.{name}") for name in _DAYS if known.get(name)}
        if "valid_from" in days and "valid_until" in days and days["valid_until"] < days["valid_from"]:
            raise Malformed(f"{field}.valid_until", "must not lie before valid_from")
        words: dict[str, Any] = {name: form.text(known[name], f"{field}.{name}") for name in _WORDS if known.get(name)}
        kind = form.one_of(AgreementKind, known.get("kind", "sla"), f"{field}.kind")
        if kind is AgreementKind.UA and "supplier" not in words:
            raise Malformed(f"{field}.supplier", "an agreement with a supplier names it")
        return replace(cls(kind), **words, **days)

    def to_dict(self) -> Mapping[str, object]:
        """The form that `from_dict` reads; what is empty is left out."""
        said = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items() if value}
