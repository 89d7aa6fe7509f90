"""Pages of plain text: accessibility, privacy, how to reach us."""

from flask import render_template
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.services import accounts, catalogue, slots
from helpdesk.vocabulary import ChannelKind
from helpdesk.web.guards import public
from helpdesk.web.portal.doors import portal
from helpdesk.web.portal.hours import Hours, of_departments


@portal.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How usable the pages are for everybody, and whom to tell where they are not."""
    return render_template("portal/accessibility.html", address=_address())


@portal.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What becomes of what people tell us."""
    return render_template("portal/privacy.html", address=_address())


@portal.get("/contact")
@public
def contact() -> ResponseReturnValue:
    """Every department with its hours of today."""
    departments = catalogue.departments()
    hours: dict[int, Hours] = of_departments(departments, clock.now())
    book = accounts.book()
    mails = {item.id: _mail_of(book, item.id) for item in departments}
    return render_template(
        "portal/contact.html", departments=departments, hours=hours, mails=mails, address=_address(book),
        called_back=any(rule.offered for rule in slots.rules().values()),
    )  # fmt: skip


def _address(book: accounts.AddressBook | None = None) -> str:
    found = (book or accounts.book()).default(ChannelKind.EMAIL)
    return found.address if found else ""


def _mail_of(book: accounts.AddressBook, department_id: int) -> str:
    found = book.speaking_for(ChannelKind.EMAIL, department_id)
    return found.address if found and found.department_id == department_id else ""
