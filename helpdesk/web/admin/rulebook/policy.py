"""Agreements in the rulebook: how a policy is shown as a contract, compared and edited."""

from typing import Any

from werkzeug.datastructures import MultiDict

from helpdesk import clock
from helpdesk.services import agreements, catalogue
from helpdesk.web.admin.agreements import contract, form, reading
from helpdesk.web.admin.rulebook.chapter import Chapter, Editor, Said
from helpdesk.web.guards import current_actor
from sla import AgreementKind, Policy


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def _lines(policy: Policy) -> list[Said]:
    return [Said(*told) for told in contract.lines(policy)]


def _begin(asked: MultiDict[str, str]) -> dict[str, Any]:
    """What a new agreement of the kind that is asked for begins with; who makes it answers for it at first."""
    kind = asked.get("kind", "")
    known = catalogue.current().colleagues.get(current_actor().id or 0)
    return form.begin(
        AgreementKind(kind) if kind in set(AgreementKind) else AgreementKind.SLA,
        known.email if known is not None else "",
        agreements.today(clock.now()),
    )


CHAPTER = Chapter(
    about=_("What is promised to customers, and what departments and suppliers promise us so that it can be kept."),
    template="admin/agreements/_contract.html",
    says=contract.says,
    lines=_lines,
    editor=Editor("admin/agreements/_form.html", form.shown, form.sent, reading.read, form.act, reading.placed),
    several=True,
    new=_("New agreement"),
    more=contract.warnings,
    first="admin/agreements/_notices.html",
    begin=_begin,
    home="admin.agreements_",
    called=_("Agreements"),
)
