"""One cycle of a clock as its page tells it: rows that add up, why each began, steps, versions. In words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel.core import Locale
from babel.dates import format_datetime

from helpdesk import i18n
from helpdesk.services import risks
from helpdesk.services.timers import Account, Ledger, Planned
from helpdesk.web.desk import causes, scale
from helpdesk.web.desk.foretelling import Foretold, foretold
from helpdesk.web.desk.scale import Drawing
from helpdesk.web.desk.telling import Telling
from helpdesk.web.templating import say
from sla import Activity, ClockState, Row
from sla.ledger import Counted, whole_seconds


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


FLAGS = {
    "due": _("due"),
    "now": _("now"),
    "stopped": _("stopped"),
    "missed": _("missed before"),
    "changed": _("other target"),
    "if-resumed": _("due if it goes on now"),
}
ACTIVITIES = {
    "running": _("Running"),
    "paused": _("Paused"),
    "closed": _("Closed hours"),
    "stopped": _("Stopped"),
}
STEPS = {
    "fired": _("done"),
    "late": _("done late"),
    "due": _("due now"),
    "to-come": _("to come"),
    "never": _("will not come as things stand"),
}


@dataclass(frozen=True)
class Piece:
    """A part of a row: running or closed, from when to when, and how long it counted."""

    kind: str
    what: str
    since: str
    until: str
    counted: str


@dataclass(frozen=True)
class Line:
    """A row of the table: what a fact began, up to the next. ``place``: the fact's anchor on the ticket's page."""

    kind: str
    what: str
    since: str
    until: str
    counted: str
    total: str
    why: str
    place: str
    closed: int
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Check:
    """Whether rows add up: what they come to, and what the clock itself says, which is computed another way."""

    what: str
    rows: str
    clock: str
    good: bool


@dataclass(frozen=True)
class Step:
    """A step in words."""

    number: int
    when: str
    does: str
    state: str
    told: str
    due: str
    fired: str
    late: str


@dataclass(frozen=True)
class Change:
    """Another target that applied from then on."""

    when: str
    target: str
    policy: str
    calendar: str
    application: int | None


@dataclass(frozen=True)
class Ruling:
    """A version that decided, what it is called, and why it did."""

    title: str
    number: int
    id: int
    why: str


@dataclass(frozen=True)
class Shown:
    """One account, ready to print; ``answers`` are the figures with and without machines' words."""

    id: str
    name: str
    cycle: int
    state: str
    told: str
    target: str
    due: str
    asks: str
    drawing: Drawing
    lines: Sequence[Line]
    checks: Sequence[Check]
    steps: Sequence[Step]
    changes: Sequence[Change]
    missed: Sequence[tuple[str, str]]
    policy: Ruling
    calendar: Ruling
    answers: Sequence[tuple[str, str]]
    risk: Foretold | None
    open: bool


@dataclass(frozen=True)
class Speaker:
    """What accounts are told with: their ledger, names and words, the rows of the versions by id."""

    ledger: Ledger
    telling: Telling
    versions: Mapping[int, Any]

    @property
    def language(self) -> str:
        """Of the reader."""
        return self.telling.words.language

    def shown(self, account: Account) -> Shown:
        """The account in words."""
        reading, promise, names = account.reading, account.promise, self.telling.words
        counted = list(whole_seconds(account.rows))
        risk = risks.of_account(self.ledger.ticket, account, self.ledger.now)
        return Shown(
            id=f"clock-{account.clock}-{reading.cycle}",
            name=names["clock"].get(account.clock, account.clock),
            cycle=reading.cycle,
            state=_state(account),
            told=names["clock_state"][reading.state.value],
            target=exact(reading.target),
            due=self.moment(reading.due_at) if reading.due_at else "",
            asks=causes.when(promise.target.when, self.telling),
            drawing=scale.drawing(account, self.telling.now, self.language, lambda kind: say(FLAGS[kind])),
            lines=list(self._lines(account.rows, counted)),
            checks=list(_checks(account, counted)),
            steps=[self._step(number, step) for number, step in enumerate(account.steps, start=1)],
            changes=list(self._changes(account)),
            missed=[(self.moment(missed.due_at), exact(missed.target)) for missed in reading.missed],
            policy=self._ruling(promise.policy.id, say(causes.WHY.get(account.why, causes.WHY[""]))),
            calendar=self._ruling(promise.calendar.id, causes.calendar(promise)),
            answers=list(self._answers(account)),
            risk=foretold(risk) if risk else None,
            open=reading.state in (ClockState.RUNNING, ClockState.PAUSED),
        )

    def moment(self, at: datetime) -> str:
        """``Tue 24 Nov 2026, 12:00:13``."""
        locale = Locale.parse("en_GB" if self.language == "en" else self.language)
        return str(format_datetime(at.astimezone(i18n.ZONE), "E d MMM y, HH:mm:ss", i18n.ZONE, locale))

    def _lines(self, rows: Sequence[Row], counted: Sequence[Counted]) -> Iterator[Line]:
        at = 0
        for group in scale.stretches(rows):
            part = counted[at : at + len(group)]
            at += len(group)
            yield self._line(group, part)

    def _line(self, rows: Sequence[Row], counted: Sequence[Counted]) -> Line:
        fact = self.ledger.facts.get(int(rows[0].ref)) if rows[0].ref.isdecimal() else None
        kind = next((row.activity for row in rows if row.activity is not Activity.CLOSED), Activity.CLOSED).value
        return Line(
            kind=kind,
            what=say(ACTIVITIES[kind]),
            since=self.moment(rows[0].since),
            until=self.moment(rows[-1].until),
            counted=hms(sum(one.seconds for one in counted)),
            total=hms(counted[-1].total),
            why=causes.cause(fact, rows[0].why, self.telling),
            place=causes.place(fact),
            closed=sum(row.activity is Activity.CLOSED for row in rows) if len(rows) > 1 else 0,
            pieces=[self._piece(row, one) for row, one in zip(rows, counted, strict=True)] if len(rows) > 1 else (),
        )

    def _piece(self, row: Row, counted: Counted) -> Piece:
        kind = row.activity.value
        return Piece(kind, say(ACTIVITIES[kind]), self.moment(row.since), self.moment(row.until), hms(counted.seconds))

    def _step(self, number: int, step: Planned) -> Step:
        does = say(causes.DOES.get(step.do, step.do))
        late = timedelta(seconds=step.late_seconds)
        return Step(
            number=number,
            when=causes.step(step.key, self.language),
            does=f"{does}: {step.to}" if step.to else does,
            state=step.state.value,
            told=say(STEPS[step.state.value]),
            due=self.moment(step.due_at) if step.due_at else "",
            fired=self.moment(step.fired_at) if step.fired_at else "",
            late=i18n.duration(late, self.language) if late else "",
        )

    def _changes(self, account: Account) -> Iterator[Change]:
        for change in account.changes:
            names = change.policy.name, change.calendar.name
            yield Change(self.moment(change.at), exact(change.amount), *names, change.application_id)

    def _ruling(self, id_: int, why: str) -> Ruling:
        row = self.versions[id_]
        return Ruling(row.title or row.key, row.number, id_, why)

    def _answers(self, account: Account) -> Iterator[tuple[str, str]]:
        if account.answered is None:
            return
        reading, answered = account.reading, account.answered
        by_people = exact(reading.elapsed) if reading.stopped_at else say(_("not yet"))
        yield say(_("Only what people answered")), by_people
        yield say(_("With what machines answered")), exact(answered.elapsed)


def _state(account: Account) -> str:
    """By which colour it is shown: late, paused, met, running or withdrawn."""
    reading = account.reading
    return "late" if reading.state == "breached" else reading.state.value


def _checks(account: Account, counted: Sequence[Counted]) -> Iterator[Check]:
    """Rows against the clock, which counts by stretches and not by rows."""
    reading = account.reading
    for what, paused, clock in ((_("Running"), False, reading.elapsed), (_("Paused"), True, reading.paused)):
        mine = (one for row, one in zip(account.rows, counted, strict=True) if (row.activity == "paused") is paused)
        seconds = sum(one.seconds for one in mine)
        yield Check(say(what), hms(seconds), exact(clock), seconds == clock // timedelta(seconds=1))


def exact(amount: timedelta) -> str:
    """An amount to the second: ``5:20:13``."""
    return hms(int(amount.total_seconds()))


def hms(seconds: int) -> str:
    """Hours, minutes and seconds; never days, since a working day is shorter than a day."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
