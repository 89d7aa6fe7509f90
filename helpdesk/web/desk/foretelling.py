"""Breach risk in words: the share, of how many, among which."""

from dataclasses import dataclass

from helpdesk.web.templating import say
from sla.risk import Risk


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


GROUPS = {
    "alike": _("of the same department, type and priority"),
    "department-priority": _("of the same department and priority"),
    "department": _("of the same department"),
    "clock": _("of the whole house"),
}
_MUCH, _SOME = 0.5, 0.25


@dataclass(frozen=True)
class Foretold:
    """A risk ready to print; ``level``: late, soon or low, by which it is coloured."""

    percent: str
    level: str
    group: str
    missed: int
    n: int
    range: str


def foretold(risk: Risk) -> Foretold:
    """The risk in the page's language."""
    level = "late" if risk.share >= _MUCH else "soon" if risk.share >= _SOME else "low"
    reach = f"{round(100 * risk.low)}–{round(100 * risk.high)}%"
    return Foretold(percent(risk.share), level, say(GROUPS[risk.group]), risk.missed, risk.n, reach)


def percent(share: float) -> str:
    """``23%``; what is not nothing and not all never reads so."""
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "<1%"
    if whole == 100 and share < 1:
        return ">99%"
    return f"{whole}%"
