"""How a conversation with the bot goes on: where it stood, what is wanted and what was found give the next step. Pure.

From every state a person is one choice away, and two failures lead there without one. After the hand-over `step` says
nothing, whatever comes; this is the one place that keeps the bot silent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as given

from helpdesk.services.bot.hearing import Heard, Wish
from helpdesk.vocabulary import BotOutcome, BotState, HandOverReason

MOST_FAILURES = 2
MOST_TURNS = 30
"""Things said to the bot after which a person goes on, so that nobody is kept in circles."""


@dataclass(frozen=True)
class Standing:
    """Where a conversation is. ``tried`` and ``offered`` are articles; ``field`` what of the form is asked for."""

    state: BotState = BotState.LISTENING
    failures: int = 0
    turns: int = 0
    tried: tuple[int, ...] = ()
    offered: tuple[int, ...] = ()
    service_id: int | None = None
    field: str = ""
    collected: Mapping[str, str] = given(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What is known of what was said: the article that answers, those that may be meant, the service it is about.

    ``elsewhere``: the answer is written in another language only. ``fields`` are what the service's form asks.
    """

    answer: int | None = None
    offered: tuple[int, ...] = ()
    elsewhere: str = ""
    service_id: int | None = None
    fields: tuple[str, ...] = ()
    needed: frozenset[str] = frozenset()
    gone: bool = False
    """What was chosen is no article that everybody may read, or not any more."""
    fits: bool = True
    """Whether what was written may stand in the field that is asked for."""


@dataclass(frozen=True)
class Step:
    """What the bot does: how it stands now, what came of it, and why a person goes on, where one does."""

    standing: Standing
    outcome: BotOutcome | None = None
    article_id: int | None = None
    language: str = ""
    reason: HandOverReason | None = None
    again: bool = False
    """The same is asked for once more: what was written does not fit the field."""


def step(standing: Standing, heard: Heard, found: Found, text: str = "") -> Step:
    """The next step."""
    if standing.state is BotState.HANDED_OVER:
        return Step(standing)
    if standing.state is BotState.SOLVED:
        standing = Standing(turns=standing.turns)
    before = None if heard.wish is Wish.QUESTION else standing.service_id
    now = replace(standing, turns=standing.turns + 1, service_id=found.service_id or before)
    if reason := _for_people(now, heard):
        return hand_over(now, reason)
    if now.state is BotState.COLLECTING:
        return _collect(now, heard, found, text)
    return _COURSES.get(heard.wish, _question)(now, heard, found)


def hand_over(now: Standing, reason: HandOverReason) -> Step:
    """People go on from here."""
    return Step(replace(now, state=BotState.HANDED_OVER, field=""), BotOutcome.HANDED_OVER, reason=reason)


_AT_ONCE = {Wish.EMERGENCY: HandOverReason.EMERGENCY, Wish.HUMAN: HandOverReason.ASKED}


def _for_people(now: Standing, heard: Heard) -> HandOverReason | None:
    if heard.wish in _AT_ONCE:
        return _AT_ONCE[heard.wish]
    if now.turns > MOST_TURNS:
        return HandOverReason.TOO_LONG
    own = heard.wish is Wish.PERSONAL and now.state is not BotState.COLLECTING
    return HandOverReason.PERSONAL if own else None


def _question(now: Standing, heard: Heard, found: Found) -> Step:
    if found.answer is None or found.answer in now.tried:
        offered = tuple(one for one in found.offered if one not in now.tried)
        return _failed(replace(now, offered=offered), BotOutcome.REFUSED)
    return _quote(now, found.answer, found.elsewhere)


def _quote(now: Standing, article_id: int, elsewhere: str = "", language: str = "") -> Step:
    if elsewhere and not language:
        offering = replace(now, state=BotState.OFFERING, offered=(article_id,))
        return Step(offering, BotOutcome.TRANSLATION_OFFERED, article_id, elsewhere)
    tried = (*(one for one in now.tried if one != article_id), article_id)
    return Step(
        replace(now, state=BotState.ANSWERED, tried=tried, offered=()), BotOutcome.ANSWERED, article_id, language
    )


def _failed(now: Standing, outcome: BotOutcome) -> Step:
    """One more failure: the bot goes on once, and gives up at the second."""
    now = replace(now, failures=now.failures + 1)
    if now.failures >= MOST_FAILURES:
        return hand_over(now, HandOverReason.FAILED)
    state = BotState.OFFERING if now.offered else BotState.LISTENING
    last = now.tried[-1] if now.tried and outcome is not BotOutcome.REFUSED else None
    return Step(replace(now, state=state), outcome, last)


def _yes(now: Standing, heard: Heard, found: Found) -> Step:
    if now.state is BotState.ANSWERED:
        return Step(replace(now, state=BotState.SOLVED), BotOutcome.SOLVED, now.tried[-1])
    if now.state is BotState.OFFERING and len(now.offered) == 1:
        if found.gone:
            return _failed(replace(now, offered=()), BotOutcome.REFUSED)
        return _quote(now, now.offered[0], language=found.elsewhere)
    return Step(now, BotOutcome.TALKED)


def _no(now: Standing, heard: Heard, found: Found) -> Step:
    if now.state in (BotState.ANSWERED, BotState.OFFERING):
        return _failed(replace(now, offered=()), BotOutcome.DID_NOT_HELP)
    return Step(now, BotOutcome.TALKED)


def _wrong(now: Standing, heard: Heard, found: Found) -> Step:
    if now.state is not BotState.ANSWERED:
        return _no(now, heard, found)
    return _failed(replace(now, offered=()), BotOutcome.REPORTED_WRONG)


def _article(now: Standing, heard: Heard, found: Found) -> Step:
    """What was offered is read; anything else that a page may send is a question nobody asked."""
    if found.gone:
        offered = tuple(one for one in now.offered if one != heard.article_id)
        return _failed(replace(now, offered=offered), BotOutcome.REFUSED)
    if heard.article_id in now.offered:
        return _quote(now, heard.article_id, found.elsewhere, heard.language)
    return Step(now, BotOutcome.TALKED)


def _status(now: Standing, heard: Heard, found: Found) -> Step:
    return Step(replace(now, state=BotState.LISTENING, offered=()), BotOutcome.STATUS)


def _talk(now: Standing, heard: Heard, found: Found) -> Step:
    return Step(now, BotOutcome.TALKED)


def _nothing(now: Standing, heard: Heard, found: Found) -> Step:
    return _failed(replace(now, offered=()), BotOutcome.REFUSED)


def _form(now: Standing, heard: Heard, found: Found) -> Step:
    """Begins to ask what the service's form would; a service that asks nothing has people at once."""
    if not found.fields:
        return hand_over(now, HandOverReason.FORM)
    asking = replace(now, state=BotState.COLLECTING, field=found.fields[0], collected={}, offered=())
    return Step(asking, BotOutcome.COLLECTED)


def _collect(now: Standing, heard: Heard, found: Found, text: str) -> Step:
    skipped = heard.wish is Wish.SKIP
    if now.field not in found.fields:
        return hand_over(now, HandOverReason.FORM)
    if (skipped and now.field in found.needed) or not (skipped or (text.strip() and found.fits)):
        return Step(now, BotOutcome.COLLECTED, again=True)
    collected = dict(now.collected) if skipped else {**now.collected, now.field: text.strip()}
    rest = found.fields[found.fields.index(now.field) + 1 :]
    now = replace(now, collected=collected, field=rest[0] if rest else "")
    return Step(now, BotOutcome.COLLECTED) if rest else hand_over(now, HandOverReason.FORM)


_COURSES: Mapping[Wish, Callable[[Standing, Heard, Found], Step]] = {
    Wish.STATUS: _status,
    Wish.YES: _yes,
    Wish.NO: _no,
    Wish.WRONG: _wrong,
    Wish.FORM: _form,
    Wish.ARTICLE: _article,
    Wish.GREETING: _talk,
    Wish.SKIP: _talk,
    Wish.NOTHING: _nothing,
}
