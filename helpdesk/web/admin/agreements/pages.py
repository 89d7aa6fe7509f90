"""The list of agreements: what is in force or drafted, with whom, who answers for it, what is overdue or too long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import sla
from helpdesk import clock
from helpdesk.services import agreements, catalogue
from helpdesk.services.agreements import Agreed
from helpdesk.services.rulebook import PARTY
from helpdesk.web.admin import words
from helpdesk.web.admin.agreements import telling
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin
from helpdesk.web.templating import say
from routing import fold
from sla import AgreementKind


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


TONE = {"in_force": "met", "scheduled": "paused", "draft": "soon"}
SHOW = {
    "": _("All agreements"),
    "in-force": _("In force"),
    "coming": _("Drafts and what waits"),
    "overdue": _("Overdue"),
}


@dataclass(frozen=True)
class Line:
    """One version in the list, in words."""

    id: int
    title: str
    key: str
    version: str
    party: str
    owner: str
    applies: str
    valid: str
    review: str
    state: str
    overdue: bool
    warnings: int
    kind: AgreementKind

    @property
    def searched(self) -> str:
        """What a search looks in."""
        return fold(" ".join((self.title, self.key, self.party, self.owner, self.applies)))


@room.get("/agreements")
@admin
def agreements_() -> ResponseReturnValue:
    """Every agreement by kind, or those that a search or a choice leaves."""
    now, q, show = clock.now(), request.args.get("q", "").strip()[:100], request.args.get("show", "")
    known = agreements.known(now)
    lines = _lines(known, now)
    kept = [line for line in lines if _shown(line, q, show)]
    parts = [(kind, [line for line in kept if line.kind is kind]) for kind in AgreementKind]
    overdue = [line for line in lines if line.overdue]
    return render_template(
        "admin/agreements/list.html", parts=parts, kinds=telling.KIND, overdue=overdue, q=q, show=show, shows=SHOW,
        states=words.STATE, tone=TONE, found=len(kept), filtered=bool(q or show), counts=_counts(lines),
    )  # fmt: skip


@room.get("/agreements/<key>")
@admin
def agreement(key: str) -> ResponseReturnValue:
    """The page of the version by which an agreement is known now: an address that stays."""
    return redirect(url_for("admin.rulebook_version", id=agreements.find(key).id))


def _shown(line: Line, q: str, show: str) -> bool:
    fits = {"in-force": line.state == "in_force", "coming": line.state != "in_force", "overdue": line.overdue}
    return fits.get(show, True) and (not q or fold(q) in line.searched)


def _counts(lines: Sequence[Line]) -> dict[str, int]:
    return {
        "": len(lines),
        "in-force": sum(line.state == "in_force" for line in lines),
        "coming": sum(line.state != "in_force" for line in lines),
        "overdue": sum(line.overdue for line in lines),
    }


def _lines(known: Sequence[Agreed], now: datetime) -> list[Line]:
    held = agreements.weak(now)
    names = {one.id: one.name for one in catalogue.colleagues(all_=True)}
    return [_line(one, names, _warnings(one, held, now)) for one in known]


def _warnings(one: Agreed, held: Sequence[sla.Gap], now: datetime) -> int:
    """How many of its promises do not hold up, or are not held up; a draft is seen in its agreement's place."""
    found = held if one.is_in_force else agreements.weak(now, {one.row.key: one.policy})
    return sum(one.row.key in (gap.policy, gap.promised_by) for gap in found)


def _line(one: Agreed, names: Mapping[int, str], warnings: int) -> Line:
    agreed, kind = one.policy.agreement, one.policy.kind
    party = getattr(agreed, PARTY[kind])
    everybody = say(_("Everybody")) if kind is AgreementKind.SLA else ""
    return Line(
        id=one.row.id,
        title=words.titled(one.row),
        key=one.row.key,
        version=_version(one.row, names),
        party=telling.named(PARTY[kind], party) if party else everybody,
        owner=telling.person(agreed.owner),
        applies=telling.whom(replace(one.policy.when, **{PARTY[kind]: ()}) if party else one.policy.when),
        valid=_valid(agreed),
        review=telling.day(agreed.review_on),
        state=one.row.state,
        overdue=one.overdue,
        warnings=warnings,
        kind=kind,
    )


def _version(row: Any, names: Mapping[int, str]) -> str:
    """Which version, who made it hold, when, and why."""
    who = names.get(row.in_force_by_id or row.created_by_id, "") or say("The system")
    at = telling.day(agreements.today(row.in_force_at or row.starts_at or row.created_at))
    return ", ".join(filter(None, (say(_("version %(number)s"), number=row.number), at, who, row.why)))


def _valid(agreed: sla.Agreement) -> str:
    since, until = telling.day(agreed.valid_from), telling.day(agreed.valid_until)
    if since and until:
        return f"{since} – {until}"
    if until:
        return say(_("until %(day)s"), day=until)
    return say(_("since %(day)s"), day=since) if since else say(_("open end"))
