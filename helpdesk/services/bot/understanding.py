"""What is known of a question: which article answers, in which language it was asked, whose matter it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from helpdesk import i18n
from helpdesk.services import retrieval, triage
from helpdesk.services.arrival import Arrival
from helpdesk.services.bot import gate, reading
from helpdesk.services.bot.courses import Found, Standing
from helpdesk.services.bot.hearing import Heard, Wish
from helpdesk.services.people import Contact
from helpdesk.services.triage import Decided
from helpdesk.vocabulary import BotState, ChannelKind

LONGEST_FIELD = 2_000
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_LATIN = re.compile("[A-Za-z]")


@dataclass(frozen=True)
class Understood:
    """What was found, and about it: how sure, whose matter, in which language to answer."""

    found: Found
    language: str
    score: float = 0.0
    department_id: int | None = None
    urgent: bool = False
    """A rule of the body says that it cannot wait."""


def understand(heard: Heard, text: str, standing: Standing, language: str, at: datetime) -> Understood:
    """What is known of what was said; only a question is looked up."""
    if standing.state is BotState.COLLECTING:
        return Understood(_form(standing, text), language)
    if heard.wish in (Wish.QUESTION, Wish.EMERGENCY):
        return _question(text, language, at)
    if heard.wish is Wish.FORM:
        return Understood(_form(standing, text), language)
    meant = heard.article_id or (standing.offered[0] if len(standing.offered) == 1 else 0)
    article = reading.articles([meant]).get(meant)
    if heard.wish not in (Wish.ARTICLE, Wish.YES) or article is None:
        return Understood(Found(gone=meant in standing.offered), language)
    found = Found(elsewhere=_elsewhere(article, language), service_id=article.service_id)
    return Understood(found, language, department_id=article.department_id)


def routed(text: str, language: str, at: datetime) -> Decided:
    """Where such words would go as a request, by the body's own rules and by what it has learned."""
    [decided] = triage.decide([Arrival(ChannelKind.CHAT, at, Contact(), "", text, language=language)])
    return decided


def _question(text: str, language: str, at: datetime) -> Understood:
    verdict = gate.judge(retrieval.search(text))
    spoken = _spoken(text, language, [verdict.answer] if verdict.answer else verdict.offered)
    decided = routed(text, spoken, at)
    offered = [one.article_id for one in verdict.offered]
    offered += [one for one in reading.about(decided.service_id) if one not in offered]
    answer = reading.articles([verdict.answer.article_id]).get(verdict.answer.article_id) if verdict.answer else None
    found = Found(
        answer.id if answer is not None else None,
        tuple(offered[: gate.MOST_OFFERED]),
        _elsewhere(answer, spoken) if answer is not None else "",
        (answer.service_id if answer is not None else None) or decided.service_id,
    )
    place = answer.department_id if answer is not None else None
    score = verdict.answer.score if verdict.answer else max((one.score for one in verdict.offered), default=0.0)
    return Understood(found, spoken, score, place or decided.department_id, _is_urgent(decided))


def _is_urgent(decided: Decided) -> bool:
    return decided.priority_reason == "floor" and decided.priority == "critical"


def _spoken(text: str, language: str, matches: Sequence[retrieval.Match]) -> str:
    """The language to answer in: that of the question, also where it is Greek in Latin letters."""
    greek, latin = len(_GREEK.findall(text)), len(_LATIN.findall(text))
    if greek >= latin:
        return "el" if greek else language
    return i18n.chosen(matches[0].language) if matches else language


def _elsewhere(article: Any, language: str) -> str:
    """The other language, where the article is written in that only."""
    if article.bodies.get(language):
        return ""
    return next((code for code, body in article.bodies.items() if body), "")


def _form(standing: Standing, text: str) -> Found:
    fields = reading.form_of(standing.service_id)
    return Found(
        service_id=standing.service_id,
        fields=tuple(one["name"] for one in fields),
        needed=frozenset(one["name"] for one in fields if one.get("required")),
        fits=all(_fits(one, text) for one in fields if one["name"] == standing.field),
    )


def _fits(field: Any, text: str) -> bool:
    if len(text) > LONGEST_FIELD:
        return False
    if field["kind"] == "choice":
        return value_of(field, text) is not None
    return field["kind"] != "date" or _is_day(text)


def value_of(field: Any, text: str) -> str | None:
    """The answer of a choice that the words name, by its value or in any language."""
    named = text.removeprefix("value:").strip().casefold()
    for one in field.get("choices") or ():
        if named in {one["value"].casefold(), *(label.casefold() for label in (one.get("labels") or {}).values())}:
            return str(one["value"])
    return None


def _is_day(text: str) -> bool:
    parts = [int(part) for part in re.findall(r"\d+", text[:10])]
    if len(parts) != 3:
        return False
    year, month, day = parts if parts[0] > 31 else reversed(parts)
    try:
        return date(year, month, day) > date.min
    except ValueError:
        return False
