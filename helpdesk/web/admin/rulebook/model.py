"""Models of work: how one is shown and compared."""

from typing import Any

from werkzeug.datastructures import MultiDict

from helpdesk import i18n
from helpdesk.services import catalogue, problems
from helpdesk.services.workmodels import Approval, Model, Step
from helpdesk.web import language
from helpdesk.web.admin import words
from helpdesk.web.admin.rulebook import model_form
from helpdesk.web.admin.rulebook.chapter import Chapter, Said, Typed
from helpdesk.web.desk.checklist import KIND
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


KINDS = model_form.KINDS


def _pick(texts: Any) -> str:
    return i18n.pick(texts or {}, language.current())


def _named(keys: tuple[str, ...], rows: Any) -> str:
    names = {row.key: words.name(row.names) for row in rows}
    return ", ".join(names.get(key, key) for key in keys)


def _asked(value: Model) -> list[tuple[str, str]]:
    known = catalogue.current()
    found = (
        (say(_("Type")), ", ".join(say(words.TYPE.get(code, code)) for code in value.types)),
        (say(_("Services")), _named(value.services, known.services.values())),
        (say(_("Categories")), _named(value.categories, known.categories.values())),
    )
    return [(name, told) for name, told in found if told]


def _about(step: Step) -> str:
    """All that is to be known of a step, in one line."""
    known = catalogue.current()
    parts = [
        "" if step.mandatory else say(_("may be left out")),
        _named((step.department,), known.departments.values()) if step.department else "",
        _named((step.team,), known.teams.values()) if step.team else "",
        say(_("within %(hours)s open hours"), hours=step.hours) if step.hours else "",
        _approval(step.approval) if step.approval else "",
    ]
    return " · ".join(filter(None, parts))


def _approval(approval: Approval) -> str:
    place = _named((approval.department,), catalogue.current().departments.values()) if approval.department else ""
    who = ", ".join(approval.people) or say(words.ROLE[approval.role])
    told = f"{who} ({place})" if place else who
    if not approval.field:
        return told
    return say(_("%(who)s, from %(amount)s on (“%(field)s”)"), who=told, amount=approval.above, field=approval.field)


def _says(value: Model) -> dict[str, Any]:
    owner = next((one.name for one in catalogue.colleagues(all_=True) if one.email == value.owner), value.owner)
    return {
        "kind": say(KINDS[value.kind]), "owner": owner, "output": _pick(value.output), "asked": _asked(value),
        "review": i18n.plain_day(value.review_on, language.current()) if value.review_on else "",
        "steps": [_told(step) for step in value.steps],
        "form": _form(value),
        "pick": _pick,
        "known": [(id_, _pick(problems.find(id_).titles)) for id_ in value.known_errors],
    }  # fmt: skip


def _form(value: Model) -> list[str]:
    """What the forms of its services ask."""
    rows = (row for row in catalogue.current().services.values() if row.key in value.services)
    return [words.name(one["labels"]) for row in rows for one in row.fields]


def _lines(value: Model) -> list[Said]:
    whole = say(_("The model"))
    told = [Said(whole, name, text) for name, text in _asked(value)]
    told += [
        Said(whole, say(_("Name")), _pick(value.names)), Said(whole, say(_("Owner")), value.owner),
        Said(whole, say(_("What the citizen gets")), _pick(value.output)),
        Said(whole, say(_("Order")), ", ".join(_pick(step.texts) for step in value.steps)),
        Said(whole, say(_("Known errors")), ", ".join(map(str, value.known_errors))),
    ]  # fmt: skip
    for step in value.steps:
        name, kind, about, *_guide = _told(step)
        told.append(Said(say(_("Steps")), f"{name} ({step.key})", f"{kind} {about}"))
    return told


def _told(step: Step) -> tuple[str, str, str, str, Step]:
    return _pick(step.texts), say(KIND[step.kind]), _about(step), _pick(step.guide), step


def _begin(args: MultiDict[str, str]) -> Typed:
    return model_form.EDITOR.shown({"kind": "request", "steps": [{"key": "", "kind": "task", "texts": {}}]})


CHAPTER = Chapter(
    about=_("How recurring incidents and requests are worked: steps, approvals, scripts, what the citizen gets."),
    template="admin/rulebook/_model.html",
    says=_says,
    lines=_lines,
    editor=model_form.EDITOR,
    several=True,
    new=_("New model"),
    begin=_begin,
)
