"""What somebody wants of the bot with what they said: a person, help at once, their own case, an answer. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.services.bot import identifiers, phrases
from helpdesk.services.retrieval import terms
from routing import Passage, Phrase, fold


class Wish(StrEnum):
    """What is wanted. The first four go to people whatever else was said."""

    EMERGENCY = "emergency"
    HUMAN = "human"
    STATUS = "status"
    PERSONAL = "personal"
    YES = "yes"
    NO = "no"
    WRONG = "wrong"
    FORM = "form"
    SKIP = "skip"
    ARTICLE = "article"
    GREETING = "greeting"
    QUESTION = "question"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Heard:
    """A wish; with ``ARTICLE`` which one in which language (empty: the conversation's)."""

    wish: Wish
    article_id: int = 0
    language: str = ""


_CHOICES = {wish.value: wish for wish in (Wish.YES, Wish.NO, Wish.WRONG, Wish.FORM, Wish.SKIP, Wish.HUMAN)}
_ARTICLE = re.compile(r"article:(\d{1,18})(?::([a-z]{2}))?")


def choice_of(article_id: int, language: str = "") -> str:
    """The key of the choice to read an article, in a certain language if that is named."""
    return f"{Wish.ARTICLE}:{article_id}" + (f":{language}" if language else "")


def hear(text: str, choice: str = "") -> Heard:
    """What is wanted, by the choice that was pressed, else by what was written."""
    if choice in _CHOICES:
        return Heard(_CHOICES[choice])
    if named := _ARTICLE.fullmatch(choice):
        return Heard(Wish.ARTICLE, int(named[1]), named[2] or "")
    return Heard(_wish(text))


def _wish(text: str) -> Wish:
    passage = Passage(text)
    if _any(passage, _EMERGENCY):
        return Wish.EMERGENCY
    if asks_for_a_human(text):
        return Wish.HUMAN
    if _is_about_a_request(passage, text):
        return Wish.STATUS
    if _any(passage, _PERSONAL) or identifiers.stand_in(text):
        return Wish.PERSONAL
    said = " ".join(fold(word) for word in passage.spelled)
    for wish, ways in _SHORT.items():
        if said in ways:
            return wish
    return Wish.QUESTION if terms.of_question(text) else Wish.NOTHING


def asks_for_a_human(text: str) -> bool:
    """Whether nothing is said but that: every telling word is one for a person, or for talking to one."""
    told = [set(one.forms) for one in terms.of_question(text)]
    return bool(told) and all(one & _TALKING for one in told) and any(one & _HUMANS for one in told)


def _is_about_a_request(passage: Passage, text: str) -> bool:
    """Whether it is asked how a request of their own stands."""
    own = _any(passage, _OWN_REQUEST) or bool(_NUMBERED.search(fold(text)))
    return (own and (_any(passage, _STANDS) or bool(_NUMBERED.search(fold(text))))) or (
        _any(passage, _UNANSWERED) and (own or _any(passage, _SENT))
    )


def _any(passage: Passage, wanted: Iterable[Phrase]) -> bool:
    return any(passage.find(one) for one in wanted)


def _phrases(told: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(one) for one in told)


def _tokens(told: Iterable[str]) -> frozenset[str]:
    return frozenset(token for word in told for _, token in terms.tokens(word))


_EMERGENCY = _phrases(phrases.EMERGENCY)
_PERSONAL = _phrases(phrases.PERSONAL)
_OWN_REQUEST, _STANDS = _phrases(phrases.OWN_REQUEST), _phrases(phrases.STANDS)
_UNANSWERED, _SENT = _phrases(phrases.UNANSWERED), _phrases(phrases.SENT)
_HUMANS = _tokens(phrases.HUMANS)
_TALKING = _HUMANS | _tokens(phrases.TALKING)
_SHORT = {
    Wish.YES: frozenset(map(fold, phrases.YES)),
    Wish.NO: frozenset(map(fold, phrases.NO)),
    Wish.GREETING: frozenset(map(fold, phrases.GREETINGS)),
}
_NUMBERED = re.compile(
    r"(?:αιτημα|αιτηση|υποθεση|πρωτοκολλο|request|application|case|ticket|aitima|aithma|aitisi)\w*"
    r"(?:\s+(?:με|μου|my|number|no|nr|αριθμο\w*|αρ|υπ|αριθμ))*[\s.:#]*\d{3,}"
)
