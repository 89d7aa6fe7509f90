"""Twilio, or whoever speaks its dialect, by the official library: calls, texts, media, and the proof of a hook."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import requests
from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from channels.carrier import Busy, CallFound, Dial, Media, Refused, Suspended, Text, TextSent, Unknown
from channels.port import BadSignature, Hook

HOME = "https://api.twilio.com"
SECONDS = 10
"""After so long an answer is given up; the library itself would wait for ever."""
MOST_FOUND = 200
"""Calls that are looked through for one; a page of the carrier's."""
SHORTEST_SECRET = 16
SIGNATURE = "x-twilio-signature"
_OVER = frozenset({21220, 13227})
"""The call is not in progress any more."""
_ACCOUNT = frozenset({10001, 20003, 20005, 30002})
"""The account is closed, suspended or without money, or the secret is not its own."""
_EVENTS = ["initiated", "ringing", "answered", "completed"]

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Account:
    """Where and as whom the carrier is spoken to."""

    sid: str
    token: str = field(repr=False)
    base_url: str = HOME


_SILENT = logging.getLogger(f"{__name__}.quiet")
_SILENT.setLevel(logging.CRITICAL)
"""The library would write numbers and addresses into the log."""


class _WayOut(TwilioHttpClient):  # type: ignore[misc]
    """The library's way out, to the configured address and never for longer than `SECONDS`."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=SECONDS, pool_connections=False, logger=_SILENT)
        self._base = urlsplit(base_url)

    def request(self, method: str, url: str, *given: Any, **named: Any) -> Response:
        """One request, with scheme and host exchanged."""
        return super().request(method, moved(url, self._base), *given, **named)


def moved(url: str, base: Any) -> str:
    """An address of the library at another carrier's base; the path stays."""
    parts = urlsplit(url)
    return str(urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + parts.path, parts.query, "")))


def _typed(act: Callable[P, R]) -> Callable[P, R]:
    """What the library raises, in the port's terms."""

    @wraps(act)
    def done(*given: P.args, **named: P.kwargs) -> R:
        try:
            return act(*given, **named)
        except TwilioRestException as why:
            raise _of_answer(why) from None
        except (RequestException, TwilioException, OSError) as why:
            raise _of_line(why) from None

    return done


def _of_answer(why: TwilioRestException) -> Exception:
    said = f"{why.status} {why.code or ''} {str(why.msg).splitlines()[0][:200]}"
    if why.status == 429 or (why.status == 503 and why.code):
        return Busy(said)
    if why.status in {401, 402} or why.code in _ACCOUNT:
        return Suspended(said)
    return Unknown(said) if why.status >= 500 else Refused(said)


def _of_line(why: Exception) -> Exception:
    """Only a connection that was never made is sure to have done nothing."""
    reason = getattr(why.args[0], "reason", None) if why.args else None
    never = isinstance(why, ConnectTimeout) or (
        isinstance(why, NotConnected) and isinstance(reason, NewConnectionError)
    )
    return Busy("the carrier cannot be reached") if never else Unknown(type(why).__name__)


class TwilioCarrier:
    """An account at a carrier that speaks Twilio's REST."""

    def __init__(self, account: Account) -> None:
        self._account, self._base = account, urlsplit(account.base_url or HOME)
        self._client = Client(account.sid, account.token, http_client=_WayOut(account.base_url or HOME))

    @_typed
    def dial(self, call: Dial) -> str:
        """See the port."""
        extra = {"fallback_url": call.fallback_url, "fallback_method": "POST"} if call.fallback_url else {}
        made = self._client.calls.create(
            to=call.to, from_=call.sender, url=call.answer_url, method="POST", timeout=call.rings,
            status_callback=call.status_url, status_callback_method="POST", status_callback_event=_EVENTS, **extra,
        )  # fmt: skip
        return str(made.sid)

    @_typed
    def redirect(self, sid: str, url: str) -> None:
        """See the port."""
        self._client.calls(sid).update(url=url, method="POST")

    @_typed
    def hang_up(self, sid: str) -> None:
        """A call that rings is ended by this, too."""
        try:
            self._client.calls(sid).update(status="completed")
        except TwilioRestException as why:
            if why.code not in _OVER and why.status != 404:
                raise

    @_typed
    def call(self, sid: str) -> CallFound | None:
        """See the port."""
        try:
            return _found(self._client.calls(sid).fetch())
        except TwilioRestException as why:
            if why.status == 404:
                return None
            raise

    @_typed
    def calls(self, to: str, sender: str, since: datetime) -> Sequence[CallFound]:
        """See the port."""
        extra = {"from_": sender} if sender else {}
        rows = self._client.calls.list(to=to, start_time_after=since, limit=MOST_FOUND, page_size=MOST_FOUND, **extra)
        return [_found(row) for row in rows]

    @_typed
    def hold(self, room: str, sid: str, held: bool, music_url: str = "") -> bool:
        """See the port."""
        rooms = self._client.conferences.list(friendly_name=room, status="in-progress", limit=1)
        if not rooms:
            return False
        extra = {"hold_url": music_url, "hold_method": "POST"} if held and music_url else {}
        self._client.conferences(rooms[0].sid).participants(sid).update(hold=held, **extra)
        return True

    @_typed
    def pause_recording(self, sid: str, recording: str, paused: bool) -> None:
        """See the port."""
        self._client.calls(sid).recordings(recording).update(status="paused" if paused else "in-progress")

    @_typed
    def delete_recording(self, recording: str) -> None:
        """See the port."""
        try:
            self._client.recordings(recording).delete()
        except TwilioRestException as why:
            if why.status != 404:
                raise

    @_typed
    def send_sms(self, text: Text) -> TextSent:
        """See the port."""
        given: dict[str, Any] = {"to": text.to, "from_": text.sender, "body": text.body}
        if text.template:
            given = {"to": text.to, "from_": text.sender, "content_sid": text.template}
        if text.status_url:
            given["status_callback"] = text.status_url
        if text.media:
            given["media_url"] = list(text.media)
        made = self._client.messages.create(**given)
        return TextSent(str(made.sid), str(made.status), int(made.num_segments or 1))

    @_typed
    def fetch_media(self, url: str, largest: int) -> Media:
        """With our name and secret, which therefore go to this carrier's own host only."""
        parts = urlsplit(url)
        ours = {self._base.hostname, urlsplit(HOME).hostname}
        if parts.scheme not in {"http", "https"} or parts.hostname not in ours or not parts.path.startswith("/"):
            raise Refused("the file does not lie at the carrier")
        at = moved(url, self._base)
        asked = {"auth": (self._account.sid, self._account.token), "timeout": SECONDS, "stream": True}
        with requests.get(at, allow_redirects=False, **asked) as answer:  # type: ignore[arg-type]  # noqa: S113
            return _read(answer, largest)


def _read(answer: requests.Response, largest: int) -> Media:
    if answer.status_code == 404 or answer.status_code >= 500:
        raise Busy(f"the file is not there yet: {answer.status_code}")
    if answer.status_code != 200:
        raise Refused(f"the carrier answered {answer.status_code}")
    data = bytearray()
    for piece in answer.iter_content(1 << 16):
        data += piece
        if len(data) > largest:
            raise Refused("the file is too large")
    return Media(answer.headers.get("content-type", "").partition(";")[0].strip().lower(), bytes(data))


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
