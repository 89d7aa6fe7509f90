"""Mail pours in while servers and parts are struck down: what was answered 250 is one ticket, and never two.

``HELPDESK_FAULT_MAILS`` makes the storm longer than it is in CI.
"""

import os
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.journeys.post import a_mail
from tests.journeys.town import Town, a_town, wait_for

MAILS = int(os.environ.get("HELPDESK_FAULT_MAILS", "30"))
_storms = count(1)


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """Everything twice that may run twice: two light workers, two clocks."""
    with a_town() as town:
        town.exchange.open()
        town.start("mail", "receive-mail")
        town.start("worker", "work", "--count", "2")
        town.start("clock-1", "clock")
        town.start("clock-2", "clock")
        wait_for("no mail is taken", lambda: town.listens)
        yield town


class Storm:
    """Two foreign mail servers that hand their mails over one by one, each until it hears 250."""

    def __init__(self, town: Town, mails: int) -> None:
        self._town, self._name = town, f"Storm {next(_storms)}"
        self.subjects = [f"{self._name} mail {at}" for at in range(mails)]
        self.answered: list[str] = []
        halves = self.subjects[::2], self.subjects[1::2]
        self._servers = [threading.Thread(target=self._hand_over, args=(half,)) for half in halves]
        for server in self._servers:
            server.start()

    def wait(self) -> None:
        """Until the last was answered 250."""
        for server in self._servers:
            server.join()

    def reached(self, part: float) -> None:
        """Waits until that part of it was answered."""
        wait_for("the storm stands still", lambda: len(self.answered) >= part * len(self.subjects))

    def tickets(self) -> Counter[str]:
        """How many tickets each mail became."""
        return Counter(self._town.ask(f"select subject from ticket where subject like '{self._name} mail %'"))

    def acknowledgements(self, states: str = "") -> int:
        """How many letters stand in the outbox for its tickets, in those states."""
        some = f"and outbound.state in ({states})" if states else ""
        [number] = self._town.ask(
            "select count(*) from outbound join ticket on ticket.id = outbound.ticket_id"
            f" where ticket.subject like '{self._name} mail %' {some}"
        )
        return int(number)

    def _hand_over(self, subjects: list[str]) -> None:
        for at, subject in enumerate(subjects):
            raw = a_mail(f"citizen{at % 9}@example.org", subject=subject).as_bytes()
            limit = time.monotonic() + 120
            while not self._is_taken(raw):
                assert time.monotonic() < limit, f"{subject} was never taken"
                time.sleep(0.1)
            self.answered.append(subject)

    def _is_taken(self, raw: bytes) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self._town.mail_port, timeout=30) as server:
                return server.sendmail("mta@example.org", ["info@city.example"], raw) == {}
        except (OSError, smtplib.SMTPException):
            return False


def flushed(town: Town) -> None:
    for _ in range(5):
        town.flush_carrier()
        time.sleep(0.1)


def without_database(town: Town) -> None:
    town.strike_database()


def without_receiver(town: Town) -> None:
    town.replace("mail")


def without_workers(town: Town) -> None:
    town.replace("worker")


def _leader(town: Town) -> str | None:
    return next((name for name in ("clock-1", "clock-2") if "this clock leads" in town.said(name)), None)


def without_the_leading_clock(town: Town) -> None:
    """The carrier is emptied too, so that only the other clock can find what waits."""
    leader = wait_for("no clock leads", lambda: _leader(town))
    (town.folder / f"{leader}.log").write_text("")
    town.flush_carrier()
    town.replace(leader)


@pytest.mark.parametrize(
    "strike", [flushed, without_database, without_receiver, without_workers, without_the_leading_clock]
)
def test_every_mail_that_was_answered_is_one_ticket_with_one_acknowledgement(
    town: Town, strike: Callable[[Town], None]
) -> None:
    storm = Storm(town, MAILS)
    for part in (0.2, 0.6):
        storm.reached(part)
        strike(town)
    storm.wait()
    wait_for("tickets are missing", lambda: len(storm.tickets()) == MAILS)
    wait_for("letters wait", lambda: not storm.acknowledgements("'waiting'"))
    assert storm.tickets() == Counter(storm.subjects)
    assert storm.acknowledgements() == MAILS
    assert not town.ask("select id from inbound where state <> 'processed'")
    names = Counter(letter["Message-ID"] for letter in town.exchange.letters)
    assert set(names.values()) == {1}, "an automatic letter never goes out twice"
    assert town.faults() == ""
