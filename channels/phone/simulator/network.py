"""The simulated network: lines, rooms, recordings and reports under one virtual clock, over real signed requests."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from channels.phone.simulator.courier import Courier, Post
from channels.phone.simulator.faults import Faults
from channels.phone.simulator.grammar import BadDocument, Verb
from channels.phone.simulator.line import OVER, SOUND, Ended, Line, Status, run
from channels.phone.simulator.things import Kept, Media, Number, Phone, Room, Sms


class Network:
    """A carrier with one account. All that happens, happens in `advance`, `call`, `press`, `hang_up` and the REST."""

    def __init__(self, post: Post, account: str, token: str, began_at: datetime, api: str = "https://api.twilio.com"):
        self.account, self.token, self.began_at, self.api = account, token, began_at, api
        self.courier = Courier(post, token)
        self.now = 0.0
        self.lines: dict[str, Line] = {}
        self.rooms: dict[str, Room] = {}
        self.recordings: dict[str, Kept] = {}
        self.texts: list[Sms] = []
        self.media_files: dict[str, Media] = {}
        self.stopped: set[tuple[str, str]] = set()
        self.heard: dict[tuple[str, str], float] = {}
        self.numbers: dict[str, Number] = {}
        self.phones: dict[str, Phone] = {}
        self.lengths: dict[str, float] = {}

    @property
    def faults(self) -> Faults:
        """What goes wrong on the way to the application and back."""
        return self.courier.faults

    @property
    def alarms(self) -> list[str]:
        """What the carrier lists for its customer as gone wrong."""
        return self.courier.alarms

    # What people do.

    def call(self, caller: str, called: str) -> Line:
        """Somebody rings one of our numbers."""
        number = self.numbers[called]
        line = self._line(caller, called, "inbound", number.url, number.fallback, number.tells)
        line.status = Status.RINGING
        self._begin(line)
        return line

    def press(self, line: Line, keys: str) -> None:
        """Presses keys one after the other; what nobody listens for now is heard later."""
        for key in keys:
            if line.listens and not line.over:
                self._wake(line, key)
            else:
                line.keys.append(key)

    def answer(self, line: Line) -> None:
        """Picks a ringing telephone up."""
        if line.status is Status.RINGING:
            line.keys.extend(self.phones.get(line.called, Phone()).presses)
            self._tell(line, Status.IN_PROGRESS, event="answered")
            self._begin(line)

    def hang_up(self, line: Line, status: Status | None = None) -> None:
        """Either side ends it."""
        if not line.over:
            rung = line.direction != "inbound" and line.answered is None
            self._end(line, status or (Status.CANCELED if rung else Status.COMPLETED))

    # The clock.

    def advance(self, seconds: float) -> None:
        """Lets time pass; everything that falls due happens in its order."""
        until = self.now + seconds
        while (due := self._next()) <= until:
            self.now = max(self.now, due)
            self._happen()
        self.now = until

    def at(self, moment: float | None = None) -> datetime:
        """A moment of the virtual clock as a date."""
        return self.began_at + timedelta(seconds=self.now if moment is None else moment)

    def _next(self) -> float:
        waiting = [line.due for line in self.lines.values() if not line.over]
        return min([*waiting, self.courier.next])

    def _happen(self) -> None:
        self.courier.deliver(self.now)
        for line in [line for line in self.lines.values() if not line.over and line.due <= self.now]:
            if line.script is None:
                self._ring_on(line)
            else:
                self._wake(line, "")

    def _ring_on(self, line: Line) -> None:
        """A telephone that is rung: it rings first, then what its owner does, or nobody."""
        phone = self.phones.get(line.called, Phone())
        if line.status is Status.QUEUED:
            if phone.busy or phone.fails:
                self._end(line, Status.BUSY if phone.busy else Status.FAILED)
                return
            line.status = Status.RINGING
            self._tell(line, Status.RINGING, event="ringing")
            line.due = self.now + min(line.rings, phone.answers if phone.answers is not None else line.rings)
        elif phone.answers is not None and phone.answers < line.rings:
            self.answer(line)
        else:
            self._end(line, Status.NO_ANSWER)

    # Lines.

    def place(self, to: str, sender: str, url: str, *, tells: str = "", fallback: str = "", rings: float = 60) -> Line:
        """The application rings somebody."""
        line = self._line(sender, to, "outbound-api", url, fallback, tells)
        line.rings, line.due = rings, self.now + 0.5
        self._tell(line, Status.QUEUED, event="initiated")
        return line

    def _line(self, caller: str, called: str, direction: str, url: str, fallback: str, tells: str) -> Line:
        sid = f"CA{uuid4().hex}"
        line = Line(sid, caller, called, direction, Status.QUEUED, self.now, url, fallback, tells)
        self.lines[sid] = line
        return line

    def _begin(self, line: Line) -> None:
        if line.direction != "inbound":
            line.status, line.answered = Status.IN_PROGRESS, self.now
        line.script = run(line, self)
        self._wake(line, None)
        if line.status is Status.RINGING:
            line.status, line.answered = Status.IN_PROGRESS, self.now

    def redirect(self, line: Line, url: str) -> None:
        """A line in progress goes on elsewhere."""
        self._leave(line)
        if line.script is not None:
            line.script.close()
        line.url, line.keys, line.held = url, [], False
        line.script = run(line, self)
        self._wake(line, None)

    def _wake(self, line: Line, key: str | None) -> None:
        assert line.script is not None
        line.listens, line.due = False, float("inf")
        try:
            until = next(line.script) if key is None else line.script.send(key)
        except (Ended, StopIteration):
            self._end(line, Status.COMPLETED)
        except BadDocument as why:
            line.errors.append(str(why))
            self._end(line, Status.FAILED)
        else:
            line.due, line.listens = self.now + until.seconds, until.listens

    def _end(self, line: Line, status: Status) -> None:
        if line.recording:
            self._ask_last(line, self.end_recording(line, "hangup"))
        if line.taped:
            self._file(line, self.recordings[line.taped])
        self._leave(line)
        if line.script is not None:
            line.script.close()
        rejected = line.status in {Status.BUSY, Status.NO_ANSWER}
        line.status = line.status if rejected else status
        line.duration = self.now - line.answered if line.answered is not None else 0.0
        self._tell(line, line.status, event="completed")

    def _ask_last(self, line: Line, url: str) -> None:
        """Whoever hung up while recording is reported once more; the answer is for nobody."""
        try:
            self.courier.posted(url, self._facts(line) | line.extra)
        except OSError as why:
            self.alarms.append(str(why))

    # Documents.

    def ask(self, line: Line, url: str) -> bytes:
        """The next document of a line; the second address is asked where the first one fails."""
        facts, line.extra = self._facts(line) | line.extra, {}
        try:
            return self.courier.posted(url, facts)
        except OSError as why:
            self.alarms.append(f"11200 {why}")
            if not line.fallback or url == line.fallback:
                raise BadDocument(f"no document: {why}") from None
        try:
            return self.courier.posted(line.fallback, facts | {"ErrorCode": "11200", "ErrorUrl": url})
        except OSError as why:
            raise BadDocument(f"no document: {why}") from None

    def failed(self, line: Line, why: str) -> None:
        """The carrier's own apology, in English whatever the caller speaks."""
        self.alarms.append(why)
        line.heard.append("An application error has occurred. Goodbye.")

    def length_of(self, url: str) -> float:
        """Seconds that a sound lasts."""
        return next((length for end, length in self.lengths.items() if url.endswith(end)), SOUND)

    def _facts(self, line: Line) -> dict[str, str]:
        return {
            "CallSid": line.sid, "AccountSid": self.account, "ApiVersion": "2010-04-01", "Direction": line.direction,
            "From": line.caller, "To": line.called, "CallStatus": line.status.value,
        }  # fmt: skip

    # Rooms.

    def join(self, line: Line, conference: Verb) -> None:
        """A line enters a room, which begins with it where it is not there yet."""
        name = conference.text
        room = self.rooms.get(name)
        if room is None:
            room = self.rooms[name] = Room(f"CF{uuid4().hex}", name)
        room.tells = room.tells or conference.told.get("statusCallback", "")
        room.lines.append(line)
        line.room, line.ends_room = name, conference.told.get("endConferenceOnExit") == "true"
        self._tell_room(room, line, "participant-join")

    def _leave(self, line: Line) -> None:
        room = self.rooms.get(line.room)
        line.room = ""
        if room is None or line not in room.lines:
            return
        room.lines.remove(line)
        self._tell_room(room, line, "participant-leave")
        if line.ends_room or not room.lines:
            del self.rooms[room.name]
            self._tell_room(room, line, "conference-end")
            for other in list(room.lines):
                room.lines.remove(other)
                self._wake(other, "")

    def _tell_room(self, room: Room, line: Line, event: str) -> None:
        if room.tells:
            room.sequence += 1
            facts = {
                "ConferenceSid": room.sid, "FriendlyName": room.name, "CallSid": line.sid, "AccountSid": self.account,
                "StatusCallbackEvent": event, "SequenceNumber": str(room.sequence),
            }  # fmt: skip
            self.report(room.tells, facts)

    # Recordings.

    def begin_recording(self, line: Line, verb: Verb) -> None:
        """A line is recorded from now on, because a document says so."""
        line.recording = self.record(
            line, verb.told.get("recordingStatusCallback", ""), verb.told.get("action", "")
        ).sid

    def record(self, line: Line, tells: str, action: str = "") -> Kept:
        """A recording of a line begins."""
        kept = Kept(f"RE{uuid4().hex}", line.sid, action, tells, self.now)
        self.recordings[kept.sid] = kept
        return kept

    def end_recording(self, line: Line, key: str) -> str:
        """It is over; where the line goes on. The file is there a little later, or never where nobody spoke."""
        kept, line.recording = self.recordings[line.recording], ""
        line.extra = self._file(line, kept) | {"Digits": key}
        return kept.action

    def _file(self, line: Line, kept: Kept) -> dict[str, str]:
        kept.end(self.now)
        facts = {"RecordingSid": kept.sid, "RecordingUrl": self.media(kept.sid), "RecordingDuration": str(kept.seconds)}
        if kept.tells:
            told = facts | {"RecordingStatus": kept.state, "CallSid": line.sid, "AccountSid": self.account}
            self.report(kept.tells, told, after=2.0)
        return facts

    def media(self, recording: str) -> str:
        """Where the carrier says that a file lies."""
        return f"{self.api}/2010-04-01/Accounts/{self.account}/Recordings/{recording}"

    # Reports.

    def _tell(self, line: Line, status: Status, event: str) -> None:
        if line.tells:
            facts = self._facts(line) | {"CallStatus": status.value, "SequenceNumber": str(line.sequence)}
            facts |= {"CallbackSource": "call-progress-events", "Timestamp": self.at().isoformat()}
            if status in OVER:
                facts["CallDuration"] = str(int(line.duration))
            line.sequence += 1
            self.report(line.tells, facts, event=event)

    def report(self, url: str, facts: Mapping[str, str], *, after: float = 0.0, event: str = "") -> None:
        """Tells the application something, as reliably as `faults` lets it."""
        self.courier.report(self.now + after, url, facts, event)


__all__ = ["Kept", "Line", "Media", "Network", "Number", "Phone", "Post", "Room", "Sms"]
