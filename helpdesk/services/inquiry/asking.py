"""How a request stands, to who proved to be its citizen: the same sentence on every channel."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk import i18n
from helpdesk.services import patience, publicly
from helpdesk.services.inquiry.proofs import Proof, let_in
from helpdesk.services.publicly import Standing


@dataclass(frozen=True)
class Answer:
    """What is said: where it stands in a word or two, who has it and what is next, whom to ring; and in which language.

    A page shows it, a letter writes it, the phone reads ``spoken`` aloud.
    """

    number: int
    language: str
    tag: str
    sentence: str
    then: str
    phone: str

    @property
    def spoken(self) -> str:
        """All of it in one breath."""
        return " ".join(filter(None, (self.sentence, self.then)))


def status(
    number: int, proof: Proof, channel: str, at: datetime, *, address: str = "", language: str | None = None
) -> Answer:
    """How the request stands. ``address`` is from where it is asked (an IP address, a phone number, a conversation).

    Without ``language`` it is the request's own. Raises Invalid for a proof that does not fit, whatever is wrong about
    it and whether the number exists or not, and TooSoon after several.
    """
    let_in(number, proof, f"{channel}:{address}", at)
    return answer(number, at, language)


def answer(number: int, at: datetime, language: str | None = None) -> Answer:
    """The same for one whose citizen is known already."""
    row = publicly.facts([number])[number]
    spoken = i18n.chosen(language, row.language)
    settings = patience.current()
    if row.survivor_id is None:
        found, has = publicly.standing(row, at, settings.silence(row), spoken), row
    else:
        has = publicly.facts([row.survivor_id])[row.survivor_id]
        found = publicly.joined(has, at, settings.silence(has), spoken)
    return _answer(number, spoken, found, has.department_phone or "")


def _answer(number: int, language: str, found: Standing, phone: str) -> Answer:
    return Answer(number, language, found.tag, found.sentence, found.then, phone)


def status_letter(number: int, at: datetime) -> dict[str, str]:
    """The same as the values of the letter ``status``."""
    found = answer(number, at)
    return {"tag": found.tag, "sentence": found.sentence, "then": found.then, "phone": found.phone}
