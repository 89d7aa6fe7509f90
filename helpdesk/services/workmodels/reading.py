"""Reads a model of work from data of JSON's shape, and says which field is wrong."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from helpdesk import i18n
from helpdesk.services.workmodels.model import Answer, Approval, Model, Question, Step, Texts
from helpdesk.vocabulary import Role, StepKind
from sla.form import Malformed, flag, items, mapping, one_of, whole
from sla.form import day as read_day

KINDS = ("incident", "request")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
MOST_STEPS, MOST_QUESTIONS, LONGEST, LONGEST_GUIDE, MOST_HOURS = 40, 60, 200, 4_000, 2_000
_MODEL = frozenset({"kind", "names", "owner", "when", "steps", "output", "review_on", "known_errors"})
_STEP = frozenset(
    {"key", "kind", "texts", "mandatory", "department", "team", "hours", "guide", "questions", "approval"}
)


def read(data: object) -> Model:
    """The model; raises Malformed, which names the field."""
    given = mapping(data, "model", _MODEL)
    kind = given.get("kind")
    if kind not in KINDS:
        raise Malformed("kind", f"one of {', '.join(KINDS)}")
    when = mapping(given.get("when", {}), "when", ("type", "service", "category"))
    asked = {name: _keys(when.get(name, []), f"when.{name}") for name in ("type", "service", "category")}
    if not any(asked.values()):
        raise Malformed("when", "must ask for a type, a service or a category")
    return Model(
        kind=str(kind),
        names=_texts(given.get("names"), "names", LONGEST),
        owner=_line(given.get("owner", ""), "owner"),
        steps=_steps(given.get("steps", [])),
        types=asked["type"],
        services=asked["service"],
        categories=asked["category"],
        output=_optional(given.get("output"), "output", LONGEST_GUIDE),
        review_on=read_day(given["review_on"], "review_on") if given.get("review_on") else None,
        known_errors=tuple(whole(one, place, 1) for place, one in items(given.get("known_errors", []), "known_errors")),
    )


def _steps(value: object) -> tuple[Step, ...]:
    steps = tuple(_step(one, place) for place, one in items(value, "steps"))
    if not 1 <= len(steps) <= MOST_STEPS:
        raise Malformed("steps", f"must be 1 to {MOST_STEPS}")
    seen: set[str] = set()
    for place, step in enumerate(steps):
        if step.key in seen:
            raise Malformed(f"steps[{place}].key", "another step has this key")
        seen.add(step.key)
    return steps


def _step(value: object, place: str) -> Step:
    given = mapping(value, place, _STEP)
    kind = one_of(StepKind, given.get("kind"), f"{place}.kind")
    questions = _questions(given.get("questions", []), f"{place}.questions")
    if (kind is StepKind.ASK) != bool(questions):
        raise Malformed(f"{place}.questions", "must be given for a script, and for nothing else")
    approval = given.get("approval")
    if approval is not None and kind is not StepKind.APPROVE:
        raise Malformed(f"{place}.approval", "must be given for an approval only")
    hours = whole(given.get("hours", 0), f"{place}.hours", 0)
    if hours > MOST_HOURS:
        raise Malformed(f"{place}.hours", f"must be at most {MOST_HOURS}")
    return Step(
        key=_key(given.get("key"), f"{place}.key"),
        kind=kind,
        texts=_texts(given.get("texts"), f"{place}.texts", LONGEST),
        mandatory=flag(given.get("mandatory", True), f"{place}.mandatory"),
        department=_line(given.get("department", ""), f"{place}.department"),
        team=_line(given.get("team", ""), f"{place}.team"),
        hours=hours,
        guide=_optional(given.get("guide"), f"{place}.guide", LONGEST_GUIDE),
        questions=questions,
        approval=_approval(approval or {}, f"{place}.approval") if kind is StepKind.APPROVE else None,
    )


def _approval(value: object, place: str) -> Approval:
    given = mapping(value, place, ("role", "department", "people", "field", "above"))
    found = Approval(
        role=one_of(Role, given.get("role", Role.SUPERVISOR), f"{place}.role"),
        department=_line(given.get("department", ""), f"{place}.department"),
        people=tuple(_line(one, at) for at, one in items(given.get("people", []), f"{place}.people")),
        field=_line(given.get("field", ""), f"{place}.field"),
        above=_above(given.get("above", 0), f"{place}.above"),
    )
    if found.above and not found.field:
        raise Malformed(f"{place}.field", "must name the question that asks for the amount")
    return found


def _above(value: object, place: str) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise Malformed(place, "must be an amount") from None
    if isinstance(value, bool) or not found.is_finite() or not 0 <= found < 10**12:
        raise Malformed(place, "must be an amount")
    return found.quantize(Decimal("0.01"))


def _questions(value: object, place: str) -> tuple[Question, ...]:
    found = tuple(_question(one, at) for at, one in items(value, place))
    if len(found) > MOST_QUESTIONS:
        raise Malformed(place, f"must be at most {MOST_QUESTIONS}")
    keys = [question.key for question in found]
    for at, question in enumerate(found):
        if question.key in keys[:at]:
            raise Malformed(f"{place}[{at}].key", "another question has this key")
        for which, answer in enumerate(question.answers):
            if answer.next and answer.next not in keys[at + 1 :]:
                raise Malformed(f"{place}[{at}].answers[{which}].next", "must name a later question")
    return found


def _question(value: object, place: str) -> Question:
    given = mapping(value, place, ("key", "texts", "answers"))
    answers = tuple(_answer(one, at) for at, one in items(given.get("answers", []), f"{place}.answers"))
    if not 1 <= len(answers) <= 12:
        raise Malformed(f"{place}.answers", "must be 1 to 12")
    return Question(
        _key(given.get("key"), f"{place}.key"), _texts(given.get("texts"), f"{place}.texts", LONGEST), answers
    )


def _answer(value: object, place: str) -> Answer:
    given = mapping(value, place, ("texts", "next", "advice"))
    return Answer(
        _texts(given.get("texts"), f"{place}.texts", LONGEST),
        _line(given.get("next", ""), f"{place}.next"),
        _optional(given.get("advice"), f"{place}.advice", LONGEST_GUIDE),
    )


def _texts(value: object, place: str, most: int) -> Texts:
    found = _optional(value, place, most)
    if found is None:
        raise Malformed(place, "must be told in a language at least")
    return found


def _optional(value: object, place: str, most: int) -> Texts | None:
    given: Mapping[str, Any] = mapping(value or {}, place, tuple(i18n.LANGUAGES))
    for told in given.values():
        if not isinstance(told, str) or len(told) > most:
            raise Malformed(place, f"must be texts of at most {most} characters")
    found = {code: told.strip() for code, told in given.items() if told.strip()}
    return found or None


def _line(value: object, place: str) -> str:
    if not isinstance(value, str) or len(value) > 254 or not (value == "" or value.isprintable()):
        raise Malformed(place, "must be a line of text")
    return value.strip()


def _key(value: object, place: str) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise Malformed(place, "must be small letters, digits and hyphens, at most 63")
    return value


def _keys(value: object, place: str) -> tuple[str, ...]:
    return tuple(_key(one, at) for at, one in items(value, place))
