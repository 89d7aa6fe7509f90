"""A language model of the body's own choice may put a passage into words. Off by default; it never says more than that.

Only the published passage and the question without addresses and long numbers leave. What comes back counts if it cites
what was sent, is sure enough, and names no number that the passage does not; else the passage is quoted as always.
"""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from flask import current_app

from helpdesk import i18n
from helpdesk.services import articles, catalogue, outgoing
from helpdesk.services.bot import settings

log = logging.getLogger(__name__)
SECONDS = 5.0
"""From the question to the last byte of the answer; a citizen waits no longer."""

SURE = 0.5
LONGEST = 1_200
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Passage:
    """Something published that may be put into words; ``id`` is what a citation names."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Worded:
    """An answer, the passages it was made of, how sure its maker is (0..1)."""

    text: str
    citations: tuple[str, ...]
    confidence: float


class AnswerProvider(Protocol):
    """Whoever puts passages into words. Raises OSError where nothing usable comes in time."""

    def answer(self, question: str, passages: Sequence[Passage], language: str) -> Worded:
        """The answer to a question out of these passages, in that language."""
        ...


@dataclass(frozen=True)
class HttpProvider:
    """A service that takes ``{question, language, passages}`` and gives ``{text, citations, confidence}``, as JSON."""

    url: str
    token: str

    def answer(self, question: str, passages: Sequence[Passage], language: str) -> Worded:
        """Asks it; raises OSError."""
        asked = {"question": question, "language": language, "passages": [asdict(one) for one in passages]}
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        reply = outgoing.post_json(self.url, asked, headers, SECONDS)
        if reply.status != 200:
            raise OSError(f"it answered {reply.status}")
        return _read(reply.body)


def _read(body: bytes) -> Worded:
    try:
        told: Any = json.loads(body)
        text, citations, confidence = told["text"], told["citations"], told["confidence"]
    except (ValueError, KeyError, TypeError):
        raise OSError("its answer is not of the agreed form") from None
    named = isinstance(citations, list) and all(isinstance(one, str) for one in citations)
    if not (isinstance(text, str) and named and isinstance(confidence, int | float) and confidence is not True):
        raise OSError("its answer is not of the agreed form")
    return Worded(text.strip(), tuple(citations), float(confidence))


def provider() -> AnswerProvider | None:
    """The one that the operator set; None where there is none."""
    here = current_app.config["SETTINGS"]
    return HttpProvider(here.answer_provider_url, here.answer_provider_token) if here.answer_provider_url else None


def worded(question: str, article: Any, language: str) -> str:
    """The passage of an article in other words, where its department lets that be done; else empty."""
    asked = provider()
    house = catalogue.current().departments.get(article.department_id or 0)
    if asked is None or house is None or house.key not in settings.current().worded:
        return ""
    passage = Passage(article.key, i18n.pick(article.titles, language), i18n.pick(article.bodies, language))
    try:
        found = asked.answer(articles.impersonal(question, ()), [passage], language)
    except OSError as why:
        log.warning("the answer provider gave nothing", extra={"why": str(why)[:200]})
        return ""
    dropped = why_dropped(found, [passage])
    if dropped:
        log.warning("an answer of the provider was dropped", extra={"why": dropped})
    return "" if dropped else found.text


def why_dropped(found: Worded, passages: Sequence[Passage]) -> str:
    """Why an answer does not count; empty where it does."""
    known = {one.id: one for one in passages}
    if not found.text or len(found.text) > LONGEST:
        return "length"
    if not found.citations or not set(found.citations) <= known.keys():
        return "citations"
    if not SURE <= found.confidence <= 1:
        return "confidence"
    cited = " ".join(f"{known[one].title} {known[one].text}" for one in found.citations)
    invented = set(_NUMBER.findall(found.text)) - set(_NUMBER.findall(cited))
    return "numbers" if invented else ""
