"""Whether what a person writes into a model of work names only what the body has."""

from collections.abc import Iterator

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import Invalid
from helpdesk.models.catalogue import Category, Service
from helpdesk.models.problems import Problem
from helpdesk.services.rulebook.agreeing import NONE, Known, known_names
from helpdesk.services.workmodels import Approval, Model

Wrong = Iterator[tuple[str, str]]


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def check_model(model: Model) -> None:
    """Raises Invalid that names every field which names what there is not."""
    known = known_names()
    if wrong := dict((*_whole(model, known), *_steps(model, known))):
        raise Invalid(_("This model does not fit together."), fields=wrong)


def _whole(model: Model, known: Known) -> Wrong:
    if model.owner not in known["person"]:
        yield "owner", _("Choose somebody who works here.")
    yield from _named("when.type", model.types, known["type"])
    yield from _named("when.service", model.services, known["service"])
    yield from _named("when.category", model.categories, frozenset(db.session.execute(select(Category.key)).scalars()))
    problems = set(db.session.execute(select(Problem.id).where(Problem.id.in_(model.known_errors))).scalars())
    for at, id_ in enumerate(model.known_errors):
        if id_ not in problems:
            yield f"known_errors[{at}]", _("There is no such problem.")


def _named(field: str, keys: tuple[str, ...], known: frozenset[str]) -> Wrong:
    yield from ((f"{field}[{at}]", NONE) for at, key in enumerate(keys) if key not in known)


def _steps(model: Model, known: Known) -> Wrong:
    questions = _questions(model)
    for at, step in enumerate(model.steps):
        for name in ("department", "team"):
            key = getattr(step, name)
            if key and key not in known[name]:
                yield f"steps[{at}].{name}", NONE
        if step.hours and not step.department:
            yield f"steps[{at}].hours", _("Only another department gets a time of its own.")
        if step.approval is not None:
            yield from _approval(f"steps[{at}].approval", step.approval, known, questions)


def _approval(field: str, approval: Approval, known: Known, questions: frozenset[str]) -> Wrong:
    if approval.department and approval.department not in known["department"]:
        yield f"{field}.department", NONE
    for at, email in enumerate(approval.people):
        if email not in known["person"]:
            yield f"{field}.people[{at}]", _("Choose somebody who works here.")
    if approval.field and approval.field not in questions:
        yield f"{field}.field", _("The form of none of its services asks that.")


def _questions(model: Model) -> frozenset[str]:
    """What the forms of its services ask."""
    rows = db.session.execute(select(Service.fields).where(Service.key.in_(model.services))).scalars()
    return frozenset(str(one["name"]) for fields in rows for one in fields)
