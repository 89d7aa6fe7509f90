"""Why a ticket went where it is: the reasons that routing kept, as sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk.web.desk.proposals import counted, share
from helpdesk.web.desk.words import Words
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


BY = {
    "rule": _("A rule chose the department."),
    "service": _("The chosen service belongs to this department."),
    "address": _("It was written to this department's own address."),
    "staff": _("A colleague chose the department when taking it down."),
    "classifier": _("No rule knew where it belongs; the classifier was sure enough to send it here (%(share)s)."),
    "default": _("No rule knew where it belongs, so it came to triage."),
}
KINDS = {
    "always": _("holds for every request"),
    "all": _("all of its conditions hold"),
    "any": _("one of its conditions holds"),
    "not": _("its condition does not hold"),
    "channel": _("came by: %(word)s"),
    "address": _("was written to %(word)s"),
    "language": _("is written in: %(word)s"),
    "service": _("asks for the service “%(word)s”"),
    "sender": _("came from %(word)s"),
    "sender_domain": _("came from an address at %(word)s"),
    "customer": _("came from the customer %(word)s"),
    "authentication": _("the sender's authentication: %(word)s"),
    "automatic": _("was written by a machine (%(word)s)"),
    "words": _("says “%(word)s”"),
    "field": _("the form says “%(word)s”"),
    "known": _("the sender is known to us"),
    "time": _("arrived at %(word)s"),
    "spam_over": _("looks like spam (%(word)s)"),
    "service_department": _("the service “%(word)s” belongs to the department"),
    "address_department": _("the address %(word)s belongs to the department"),
    "fallback": _("no rule fitted, the default of the rules applies"),
    "triage": _("no rule fitted"),
}
PLACES = {"subject": _("in the subject"), "text": _("in the text")}


@dataclass(frozen=True)
class Why:
    """The decision in one sentence, and the reasons of each rule that took part."""

    by: str
    rules: Sequence[tuple[str, Sequence[str]]]
    ruleset: str
    words: Sequence[str] = ()
    model: int | None = None


def why(routing: Mapping[str, Any], words: Words) -> Why | None:
    """The kept decision in the page's language; None where nobody decided."""
    if not routing.get("by"):
        return None
    rules: dict[str, list[str]] = {}
    for reason in routing.get("reasons") or ():
        told = _sentence(reason, words)
        lines = rules.setdefault(str(reason.get("title") or reason.get("rule") or ""), [])
        if told not in lines:
            lines.append(told)
    proposal = routing.get("proposal") or {}
    template = BY.get(routing["by"], BY["default"])
    by = say(template, share=share(routing.get("confidence") or 0)) if "%(" in template else say(template)
    ruleset = str(routing.get("ruleset") or "")
    return Why(by, list(rules.items()), ruleset, counted(proposal), proposal.get("model"))


def _sentence(reason: Mapping[str, Any], words: Words) -> str:
    kind, word = str(reason.get("kind")), str(reason.get("word") or reason.get("wanted") or "")
    table = {"channel": "channel", "language": "languages"}.get(kind)
    word = words[table].get(word, word) if table else word
    template = KINDS.get(kind)
    told = (say(template, word=word) if "%(word)s" in template else say(template)) if template else f"{kind}: {word}"
    if reason.get("negated"):
        told = say(_("not: %(what)s"), what=told)
    place = PLACES.get(str(reason.get("place") or ""))
    return f"{told} {say(place)}" if place else told
