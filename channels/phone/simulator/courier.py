"""Carries what the carrier has to say to the application: signed forms, now or late, as reliably as faults let it."""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

from channels.phone.simulator.faults import Faults
from channels.twilio_carrier import SIGNATURE, sign

Post = Callable[[str, bytes, Mapping[str, str]], tuple[int, bytes]]
"""Posts a form to an address of the application; status and body. Raises OSError where it does not answer."""


@dataclass(order=True)
class Report:
    """Something that is to be told at a moment of the virtual clock."""

    due: float
    order: int
    url: str = field(compare=False)
    facts: Mapping[str, str] = field(compare=False)


class Courier:
    """The way to the application. ``alarms`` is what the carrier would list for its customer."""

    def __init__(self, post: Post, token: str) -> None:
        self.post, self.token, self.faults = post, token, Faults()
        self.alarms: list[str] = []
        self._waiting: list[Report] = []
        self._order = count()

    def posted(self, url: str, facts: Mapping[str, str]) -> bytes:
        """Asks at once; the answer's body. Raises OSError for anything but a success."""
        body = urlencode(facts).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE: sign(url, body, self.token)}
        status, answer = self.post(url, body, headers)
        if status >= 300:
            raise OSError(f"{status} from {url}")
        return answer

    def report(self, due: float, url: str, facts: Mapping[str, str], event: str = "") -> None:
        """Tells it at that moment, or what `faults` make of it."""
        for delay in self.faults.arrivals(event):
            heapq.heappush(self._waiting, Report(due + delay, next(self._order), url, dict(facts)))

    @property
    def next(self) -> float:
        """When the next report is due."""
        return self._waiting[0].due if self._waiting else float("inf")

    def deliver(self, now: float) -> None:
        """Tells what is due."""
        while self._waiting and self._waiting[0].due <= now:
            report = heapq.heappop(self._waiting)
            try:
                self.posted(report.url, report.facts)
            except OSError as why:
                self.alarms.append(f"a report was not taken: {why}")
