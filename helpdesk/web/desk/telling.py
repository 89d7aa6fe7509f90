"""What sentences about facts need: names and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from helpdesk.web.desk.choices import Choices
from helpdesk.web.desk.lines import moment
from helpdesk.web.desk.words import Words


@dataclass(frozen=True)
class Telling:
    """Names and words, as of a moment."""

    people: Mapping[int, str]
    choices: Choices
    words: Words
    now: datetime

    def person(self, id_: int | None) -> str:
        """A person's name, or that it is nobody."""
        return self.people.get(id_, "?") if id_ is not None else self.words["time"]["nobody"]

    def moment(self, text: str | None) -> str:
        """A moment of the journal, short."""
        return moment(datetime.fromisoformat(text), self.now, self.words.language) if text else ""
