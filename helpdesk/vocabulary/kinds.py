"""What follows from a ticket's type: one table that every room reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.vocabulary.tickets import TicketType


class Care(StrEnum):
    """Why somebody's requests are handled with more care than others: what a member of staff decided and explained."""

    VULNERABLE = "vulnerable"
    VIP = "vip"


@dataclass(frozen=True)
class TypeRules:
    """The rules of one type.

    ``restricted``: hidden from other departments from the first moment. ``names_staff``: it may name colleagues whom
    it is about, who then know nothing of it. ``closes_itself``: silence after the resolution closes it.
    ``application``: the law wants a protocol number, whatever the service. ``law``: clocks of the law with their days,
    as a new body begins with them.
    """

    restricted: bool = False
    names_staff: bool = False
    closes_itself: bool = True
    application: bool = False
    law: tuple[tuple[str, int], ...] = ()


RULES: Mapping[TicketType, TypeRules] = {
    TicketType.INCIDENT: TypeRules(),
    TicketType.REQUEST: TypeRules(),
    TicketType.COMPLAINT: TypeRules(names_staff=True),
    TicketType.INFORMATION: TypeRules(),
    TicketType.SECURITY_INCIDENT: TypeRules(restricted=True, closes_itself=False),
    TicketType.ACCESSIBILITY: TypeRules(law=(("statutory", 30), ("forwarding", 5))),
    TicketType.DATA_PROTECTION: TypeRules(
        restricted=True, closes_itself=False, application=True, law=(("statutory", 30),)
    ),
}
"""Accessibility: thirty days to answer, five to pass on what is another body's (law 4727/2020). Data protection: one
month (GDPR, article 12)."""

_BY_CODE: Mapping[str, TypeRules] = {kind.value: found for kind, found in RULES.items()}
_USUAL = TypeRules()


def rules(kind: str) -> TypeRules:
    """The rules of that type; a code that is none of ours has the usual ones."""
    return _BY_CODE.get(kind, _USUAL)
