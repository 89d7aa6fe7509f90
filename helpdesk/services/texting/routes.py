"""Which way a letter takes to a citizen: the channel of the request first, else what they can be reached by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.carrier import text_refusal
from helpdesk.services.accounts import Account, AddressBook
from helpdesk.services.texting import contacts, limits
from helpdesk.services.texting.contacts import Contacts
from helpdesk.vocabulary import TEXTS, ChannelKind

EMAIL, SMS, WHATSAPP = ChannelKind.EMAIL.value, ChannelKind.SMS.value, ChannelKind.WHATSAPP.value


@dataclass(frozen=True)
class Whom:
    """Who asked, and how we know them: what `ways` looks at of a ticket. ``phone`` in E.164."""

    came_by: str
    department_id: int | None
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class Way:
    """A way to somebody. ``why_not`` is a code, empty where it is open: no-address, no-account, declined, shut (only
    approved words), land-line, abroad and the like. ``until``: how long free words may still be sent.
    """

    kind: str
    address: str
    account: Account | None
    why_not: str = ""
    until: datetime | None = None

    @property
    def is_text(self) -> bool:
        """Whether short messages go this way."""
        return self.kind in TEXTS


@dataclass(frozen=True)
class Ground:
    """What is looked up once for many: our accounts, what is known of numbers, whom we write to at all."""

    book: AddressBook
    contacts: Contacts
    countries: frozenset[str]

    @classmethod
    def of(cls, book: AddressBook, whom: Iterable[Whom]) -> "Ground":
        """Asks the database only where a short message is in question."""
        if not texts_with(book):
            return cls(book, {}, frozenset())
        numbers = [one.phone for one in whom if one.phone and (not one.email or one.came_by in TEXTS)]
        return cls(book, contacts.known(numbers), limits.countries() if numbers else frozenset())

    @classmethod
    def whole(cls, book: AddressBook, whom: Whom) -> "Ground":
        """Of one person, with every number they have."""
        if not (texts_with(book) and whom.phone):
            return cls(book, {}, frozenset())
        return cls(book, contacts.known([whom.phone]), limits.countries())


def texts_with(book: AddressBook) -> bool:
    """Whether the body has a number for short messages at all."""
    return any(account.kind in TEXTS for account in book.accounts)


def order(came_by: str) -> Sequence[str]:
    """The channel by which somebody came first, then letters, then short messages."""
    usual = (EMAIL, SMS, WHATSAPP)
    if came_by == WHATSAPP:
        return (WHATSAPP, SMS, EMAIL)
    return (SMS, EMAIL, WHATSAPP) if came_by == SMS else usual


def ways(whom: Whom, ground: Ground, at: datetime) -> list[Way]:
    """All ways of the body to that person, in the order in which they are tried, the closed ones with the reason."""
    return [_way(kind, whom, ground, at) for kind in order(whom.came_by)]


def way(whom: Whom, ground: Ground, at: datetime, *, by: str = "") -> Way | None:
    """The first that is open, of those asked for; None where there is none."""
    open_ones = (one for one in ways(whom, ground, at) if not one.why_not)
    return next((one for one in open_ones if by in ("", one.kind)), None)


def _way(kind: str, whom: Whom, ground: Ground, at: datetime) -> Way:
    if kind == EMAIL:
        account = ground.book.speaking_for(kind, whom.department_id)
        why = "no-address" if not whom.email else "no-account" if account is None else ""
        return Way(kind, whom.email or "", account, why)
    known: Any = ground.contacts.get((kind, whom.phone or ""))
    account = ground.book.by_id.get(known.account_id) if known is not None and known.account_id else None
    account = account or ground.book.speaking_for(kind, whom.department_id)
    until = contacts.closes_at(known) if kind == WHATSAPP else None
    return Way(kind, whom.phone or "", account, _why_not(kind, whom, account, known, until, ground, at), until)


def _why_not(
    kind: str, whom: Whom, account: Account | None, known: Any, until: datetime | None, ground: Ground, at: datetime
) -> str:
    if not whom.phone:
        return "no-address"
    if account is None:
        return "no-account"
    if known is not None and known.declined_at is not None:
        return "declined"
    if kind == WHATSAPP:
        return "" if until is not None and at < until else "shut"
    return text_refusal(whom.phone, ground.countries)
