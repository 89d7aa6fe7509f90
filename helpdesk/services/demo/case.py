"""What a request of the demo is about: what the citizen says, what is asked back, how it ends."""

import random
from dataclasses import dataclass, replace

from helpdesk.services.demo.people import STREETS


@dataclass(frozen=True)
class Case:
    """``{place}`` in the texts becomes a street and a number. ``code`` is how it usually ends."""

    service: str
    subject: str
    text: str
    ask: str
    reply: str
    done: str
    code: str = "solved"
    language: str = "el"
    place: str = ""

    def told(self, chance: random.Random) -> "Case":
        """The same at some place of the town."""
        place = f"{chance.choice(STREETS[self.language])} {chance.randint(1, 98)}"
        texts = {name: getattr(self, name).format(place=place) for name in ("subject", "text", "ask", "reply", "done")}
        return replace(self, place=place, **texts)
