"""Sentences for the timeline about models of work, their steps and approvals, and about problems."""

from collections.abc import Callable, Mapping
from typing import Any

from helpdesk import i18n
from helpdesk.services import rulebook
from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say

Data = Mapping[str, Any]


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


def _linked(data: Data, telling: Telling) -> str:
    return say(_("linked it with problem %(number)s"), number=data["problem_id"])


def _unlinked(data: Data, telling: Telling) -> str:
    return say(_("parted it from problem %(number)s"), number=data["problem_id"])


def _used(data: Data, telling: Telling) -> str:
    return say(_("noted that the workaround of problem %(number)s helped"), number=data["problem_id"])


def _attached(data: Data, telling: Telling) -> str:
    return say(_("gave it the model “%(model)s”"), model=_model(data, telling))


def _ended(data: Data, telling: Telling) -> str:
    return say(_("took the model “%(model)s” off it"), model=_model(data, telling))


def _model(data: Data, telling: Telling) -> str:
    version = rulebook.version(data["rulebook_id"])
    return f"{i18n.pick(version.value.names, telling.words.language)} ({version.number})"


def _step(data: Data, telling: Telling) -> str:
    step = rulebook.version(data["rulebook_id"]).value.step(data["step"])
    return i18n.pick(step.texts, telling.words.language) if step else data["step"]


SETTLED = {
    "done": _("did the step “%(step)s”"),
    "skipped": _("left out the step “%(step)s”"),
    "failed": _("could not verify: “%(step)s”"),
    "approved": _("approved “%(step)s”"),
    "refused": _("refused “%(step)s”"),
}


def _settled(data: Data, telling: Telling) -> str:
    return say(SETTLED.get(data["state"], SETTLED["done"]), step=_step(data, telling))


def _asked(data: Data, telling: Telling) -> str:
    return say(_("asked for the approval “%(step)s”"), step=_step(data, telling))


def _handed(data: Data, telling: Telling) -> str:
    place = telling.choices.department(data["department_id"])
    return say(_("handed the step “%(step)s” to %(department)s"), step=_step(data, telling), department=place)


def _delivered(data: Data, telling: Telling) -> str:
    return say(_("noted that the citizen has what was asked for"))


def _fulfilled(data: Data, telling: Telling) -> str:
    return say(_("noted that it was fulfilled by its model"))


SENTENCES: Mapping[str, Callable[[Data, Telling], str]] = {
    "procedure_attached": _attached,
    "procedure_ended": _ended,
    "step_settled": _settled,
    "approval_asked": _asked,
    "step_handed_over": _handed,
    "output_delivered": _delivered,
    "request_fulfilled": _fulfilled,
    "problem_linked": _linked,
    "problem_unlinked": _unlinked,
    "workaround_used": _used,
}
