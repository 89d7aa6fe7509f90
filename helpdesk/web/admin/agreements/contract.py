"""An agreement as a contract to be read: parties, validity, promises and steps, and what does not hold of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sla
from helpdesk import clock, i18n
from helpdesk.services import agreements, rulebook
from helpdesk.services.rulebook import PARTY
from helpdesk.vocabulary import RulebookKind, VersionState
from helpdesk.web import language
from helpdesk.web.admin import words
from helpdesk.web.admin.agreements import telling
from helpdesk.web.admin.agreements.line import EDGE, WIDTH, Line, line
from helpdesk.web.admin.agreements.promises import CELLS, Promise
from helpdesk.web.desk.words import CLOCK, PRIORITY
from helpdesk.web.templating import say
from sla import AgreementKind, Policy


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@dataclass(frozen=True)
class Shown:
    """A promise in words. ``single`` stands for all priorities where they have the same."""

    clock: str
    whom: str
    cells: Sequence[str]
    single: str
    hours: str


@dataclass(frozen=True)
class Way:
    """Steps (when, what, urgent) with their picture, and the promises on whose way they are taken."""

    clocks: str
    drawn: str
    line: Line
    steps: Sequence[tuple[str, str, bool]]


def says(policy: Policy) -> dict[str, Any]:
    """What the contract's template draws."""
    agreed, kind, found = policy.agreement, policy.kind, telling.sorted_promises(policy)
    party = getattr(agreed, PARTY[kind])
    return {
        "kind": say(telling.ONE[kind]),
        "party": telling.named(PARTY[kind], party) if party else "",
        "role": say(telling.ASKED[PARTY[kind]]),
        "owner": telling.person(agreed.owner),
        "owner_address": agreed.owner,
        "asked": telling.asked(policy.when),
        "since": telling.day(agreed.valid_from),
        "until": telling.day(agreed.valid_until),
        "review": telling.day(agreed.review_on),
        "order": policy.order,
        "terms": agreed.terms,
        "priorities": [say(word) for word in PRIORITY.values()],
        "promises": [_shown(one, kind) for one in found],
        "ways": _ways(found),
        "pauses": telling.pauses(policy),
        "reopening": telling.reopening(policy) if any(one.clock == "resolution" for one in found) else "",
        "width": WIDTH,
        "edge": EDGE,
    }


def _shown(one: Promise, kind: AgreementKind) -> Shown:
    cells = telling.cells(one)
    return Shown(
        clock=_clock(one),
        whom=telling.whom(one.when) if one.when.asked else "",
        cells=cells,
        single=cells[0] if len(set(cells)) == 1 else "",
        hours=telling.calendar(one, kind),
    )


def _clock(one: Promise) -> str:
    return say(CLOCK.get(one.clock, one.clock))


def _ways(found: Sequence[Promise]) -> list[Way]:
    """Promises with the same steps at the same shares of their time have one picture."""
    alike: dict[Any, list[Promise]] = {}
    for one in found:
        shares = all(isinstance(step.at, str) or step.at == 0 for step in one.steps)
        alike.setdefault((one.steps, shares or (one.clock, one.when, one.by_days)), []).append(one)
    return [_way(ones, drawn) for ones in alike.values() if (drawn := line(ones[0])) is not None]


def _way(ones: Sequence[Promise], drawn: Line) -> Way:
    clocks = ", ".join(dict.fromkeys(map(_clock, ones)))
    steps = [(telling.moment(step), telling.act(step), step.urgent) for step in drawn.steps]
    return Way(clocks, _drawn(ones[0], drawn.cell) if len(ones) == 1 else "", drawn, steps)


def _drawn(one: Promise, cell: str) -> str:
    """For which amount the picture is drawn."""
    told = telling.amount(one.cells[cell], by_days=one.by_days)
    return f"{say(PRIORITY[cell])}: {told}" if cell in PRIORITY else told


def warnings(row: Any, policy: Policy) -> dict[str, Any]:
    """What the page of a version tells first: that it is overdue, that promises do not hold each other up."""
    now = clock.now()
    held = row.state == VersionState.IN_FORCE
    found = agreements.weak(now) if held else agreements.weak(now, {row.key: policy})
    titles = {one.key: words.titled(one) for one in rulebook.versions(RulebookKind.POLICY) if one.state == "in_force"}
    titles[row.key] = words.titled(row)
    day = agreements.today(now)
    agreed = policy.agreement
    return {
        "gaps": [gap(one, titles) for one in found if row.key in (one.policy, one.promised_by)],
        "ran_out": held and agreed.valid_until is not None and agreed.valid_until < day,
        "to_review": held and agreed.review_on is not None and agreed.review_on < day,
        "not_yet": agreed.valid_from is not None and agreed.valid_from > day,
    }


@dataclass(frozen=True)
class Gap:
    """One warning: whose promise it is, to whom it is too long, and the worst case in words."""

    support: str
    promise: str
    priority: str
    later: str
    example: str


def gap(found: sla.Gap, titles: Mapping[str, str]) -> Gap:
    """A pair of promises of which one does not hold up the other."""
    over = found.overrun
    return Gap(
        support=titles.get(found.policy, found.policy),
        promise=titles.get(found.promised_by, found.promised_by),
        priority=say(PRIORITY[found.scope.priority]) if found.scope.priority in PRIORITY else "",
        later=i18n.duration(over.supported_at - over.promised_at, language.current()),
        example=say(
            _("Begun %(start)s: promised by %(promised)s, here until %(supported)s at worst."),
            start=_at(over.start), promised=_at(over.promised_at), supported=_at(over.supported_at),
        ),
    )  # fmt: skip


def _at(moment: datetime) -> str:
    return i18n.moment(moment, language.current())


def lines(policy: Policy) -> list[tuple[str, str, str]]:
    """Everything it says as part, name and text, by which two versions are compared."""
    told = says(policy)
    parties, promised = say(_("Parties and validity")), say(_("What is promised"))
    about = [
        (told["role"], told["party"]), (say(_("Owner")), told["owner"]), (say(_("Valid from")), told["since"]),
        (say(_("Valid until")), told["until"]), (say(_("To be looked at again")), told["review"]),
        (say(_("Terms")), told["terms"]), (say(_("Order")), str(told["order"])), *told["asked"],
    ]  # fmt: skip
    found = [(parties, name, text) for name, text in about if text]
    for one in telling.sorted_promises(policy):
        found += [(promised, name, text) for name, text in _promised(one, policy.kind)]
    stops = say(_("What stops the time"))
    found += [(stops, name, text) for name, text in told["pauses"]]
    return [*found, (stops, say(_("When it is taken up again")), told["reopening"])] if told["reopening"] else found


def _promised(one: Promise, kind: AgreementKind) -> list[tuple[str, str]]:
    shown = _shown(one, kind)
    name = f"{shown.clock} ({shown.whom})" if shown.whom else shown.clock
    amounts = [
        (f"{name}, {say(PRIORITY[cell])}", f"{told}, {shown.hours}")
        for cell, told in zip(CELLS, shown.cells, strict=False)
        if told
    ]
    steps = "; ".join(map(_step, one.steps))
    return [*amounts, *([(say(_("%(promise)s: steps"), promise=name), steps)] if steps else [])]


def _step(step: sla.Step) -> str:
    urgent = f" ({say(_('urgent'))})" if step.urgent else ""
    return f"{telling.moment(step)}: {telling.act(step)}{urgent}"
