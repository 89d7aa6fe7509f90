"""The way to a carrier of Twilio's dialect: its official library at a configured address, its failures in our terms."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit, urlunsplit

from requests.exceptions import ConnectionError as NotConnected
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from urllib3.exceptions import NewConnectionError

from channels.carrier import Busy, Refused, Suspended, Unknown

HOME = "https://api.twilio.com"
SECONDS = 10
"""After so long an answer is given up; the library itself would wait for ever."""
_ACCOUNT = frozenset({10001, 20003, 20005, 30002})
"""The account is closed, suspended or without money, or the secret is not its own."""
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


class WayOut(TwilioHttpClient):  # type: ignore[misc]
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


def typed(act: Callable[P, R]) -> Callable[P, R]:
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
    first = next(iter(str(why.msg).splitlines()), "")
    said = f"{why.status} {why.code or ''} {first[:200]}"
    if why.status == 429 or (why.status == 503 and why.code):
        return Busy(said)
    if why.status in {401, 402} or why.code in _ACCOUNT:
        return Suspended(said)
    if why.status >= 500:
        return Unknown(said)
    refused = Refused(said)
    refused.code = str(why.code or "")
    return refused


def _of_line(why: Exception) -> Exception:
    """Only a connection that was never made is sure to have done nothing."""
    reason = getattr(why.args[0], "reason", None) if why.args else None
    never = isinstance(why, ConnectTimeout) or (
        isinstance(why, NotConnected) and isinstance(reason, NewConnectionError)
    )
    return Busy("the carrier cannot be reached") if never else Unknown(type(why).__name__)
