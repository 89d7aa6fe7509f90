"""Twilio, or whoever speaks its dialect, by the official library: calls, texts, media, and the proof of a hook."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from channels.carrier import CallFound, Dial
from channels.port import BadSignature, Hook
from channels.twilio_line import HOME, Account, WayOut, typed
from channels.twilio_texts import TwilioTexts

MOST_FOUND = 200
"""Calls that are looked through for one; a page of the carrier's."""
SHORTEST_SECRET = 16
SIGNATURE = "x-twilio-signature"
_OVER = frozenset({21220, 13227})
"""The call is not in progress any more."""
_EVENTS = ["initiated", "ringing", "answered", "completed"]


class TwilioCarrier(TwilioTexts):
    """An account at a carrier that speaks Twilio's REST."""

    def __init__(self, account: Account) -> None:
        self._account, self._base = account, urlsplit(account.base_url or HOME)
        self._client: Any = Client(account.sid, account.token, http_client=WayOut(account.base_url or HOME))

    @typed
    def dial(self, call: Dial) -> str:
        """See the port."""
        extra = {"fallback_url": call.fallback_url, "fallback_method": "POST"} if call.fallback_url else {}
        made = self._client.calls.create(
            to=call.to, from_=call.sender, url=call.answer_url, method="POST", timeout=call.rings,
            status_callback=call.status_url, status_callback_method="POST", status_callback_event=_EVENTS, **extra,
        )  # fmt: skip
        return str(made.sid)

    @typed
    def redirect(self, sid: str, url: str) -> None:
        """See the port."""
        self._client.calls(sid).update(url=url, method="POST")

    @typed
    def hang_up(self, sid: str) -> None:
        """A call that rings is ended by this, too."""
        try:
            self._client.calls(sid).update(status="completed")
        except TwilioRestException as why:
            if why.code not in _OVER and why.status != 404:
                raise

    @typed
    def call(self, sid: str) -> CallFound | None:
        """See the port."""
        try:
            return _found(self._client.calls(sid).fetch())
        except TwilioRestException as why:
            if why.status == 404:
                return None
            raise

    @typed
    def calls(self, to: str, sender: str, since: datetime) -> Sequence[CallFound]:
        """See the port."""
        extra = {"from_": sender} if sender else {}
        rows = self._client.calls.list(to=to, start_time_after=since, limit=MOST_FOUND, page_size=MOST_FOUND, **extra)
        return [_found(row) for row in rows]

    @typed
    def hold(self, room: str, sid: str, held: bool, music_url: str = "") -> bool:
        """See the port."""
        rooms = self._client.conferences.list(friendly_name=room, status="in-progress", limit=1)
        if not rooms:
            return False
        extra = {"hold_url": music_url, "hold_method": "POST"} if held and music_url else {}
        self._client.conferences(rooms[0].sid).participants(sid).update(hold=held, **extra)
        return True

    @typed
    def record(self, sid: str, tells: str) -> str:
        """See the port."""
        told = {"recording_status_callback": tells, "recording_status_callback_event": ["completed", "absent"]}
        return str(self._client.calls(sid).recordings.create(**told).sid)

    @typed
    def pause_recording(self, sid: str, recording: str, paused: bool) -> None:
        """See the port."""
        self._client.calls(sid).recordings(recording).update(status="paused" if paused else "in-progress")

    @typed
    def delete_recording(self, recording: str) -> None:
        """See the port."""
        try:
            self._client.recordings(recording).delete()
        except TwilioRestException as why:
            if why.status != 404:
                raise


def _found(row: Any) -> CallFound:
    started = row.start_time or row.date_created
    seconds = int(row.duration) if row.duration else None
    return CallFound(str(row.sid), str(row.to), str(row._from), str(row.status), started, seconds)


@dataclass(frozen=True)
class Secrets:
    """What proves a hook: the account's secret, and the one before it until a moment (ISO 8601)."""

    current: str = field(default="", repr=False)
    previous: str = field(default="", repr=False)
    previous_until: str = ""

    def accepted(self, now: datetime) -> Iterable[str]:
        """Those that count at a moment."""
        if len(self.current) >= SHORTEST_SECRET:
            yield self.current
        if len(self.previous) >= SHORTEST_SECRET and self.previous_until:
            until = datetime.fromisoformat(self.previous_until)
            if now < (until if until.tzinfo else until.replace(tzinfo=UTC)):
                yield self.previous


def verify(call: Hook, secrets: Secrets, public_base_url: str, now: datetime) -> None:
    """Raises BadSignature with one word for the reason: ``unset``, ``missing``, ``mismatch`` or ``unreadable``.

    Signed is the address that the carrier was told, so it is put together from ours and never from what the request
    says of its host. What the request asks for as an algorithm is not heard.
    """
    try:
        _check(call, list(secrets.accepted(now)), public_base_url)
    except BadSignature:
        raise
    except (TypeError, ValueError, LookupError, AttributeError):  # what the library raises at junk
        raise BadSignature("unreadable") from None


def _check(call: Hook, accepted: Sequence[str], public_base_url: str) -> None:
    if not accepted:
        raise BadSignature("unset")
    given = call.headers.get(SIGNATURE)
    if not given:
        raise BadSignature("missing")
    url = public_base_url.rstrip("/") + call.target
    told = parameters(call.body)
    fits = [RequestValidator(secret).validate(url, told, given) for secret in accepted]
    if not any(fits):
        raise BadSignature("mismatch")


class Parameters(dict[str, list[str]]):
    """A form's fields, each with all its values, as the library's check reads them."""

    def getlist(self, name: str) -> list[str]:
        """All values of a field."""
        return self[name]


def parameters(body: bytes) -> Parameters:
    """The fields of a posted form, blank ones too."""
    found = Parameters()
    for name, value in parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(body)):
        found.setdefault(name, []).append(value)
    return found


def flat(body: bytes) -> Mapping[str, str]:
    """The same with the first value of each."""
    return {name: values[0] for name, values in parameters(body).items()}


def sign(url: str, body: bytes, secret: str) -> str:
    """The signature of a form posted to an address: for tries and for the carrier of the demo."""
    return str(RequestValidator(secret).compute_signature(url, parameters(body)))


__all__ = [
    "HOME", "SIGNATURE", "Account", "Parameters", "Secrets", "TwilioCarrier", "flat", "parameters", "sign", "verify",
]  # fmt: skip
