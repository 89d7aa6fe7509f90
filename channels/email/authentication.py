"""Reads the topmost Authentication-Results (RFC 8601) and what spam filters wrote."""

import re
from collections.abc import Mapping
from typing import Any

from channels.email.mime import Headers
from channels.message import Authentication

_METHOD = re.compile(r"(?:^|[;\s])(spf|dkim|dmarc)\s*=\s*([a-z]+)([^;]*)", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?:header\.(?:d|i|from)|smtp\.(?:mailfrom|mail|helo)|envelope-from)\s*=\s*\"?<?(?:[^\s@;<>\"]*@)?([^\s;<>\"()]+)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\([^()]*\)")
_SCORE = re.compile(r"(?:score|hits)\s*=\s*(-?\d{1,6}(?:\.\d{1,6})?)", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?")
_SECOND_LEVEL = {"com", "co", "org", "net", "gov", "gob", "gouv", "ac", "edu", "or", "go"}
"""Labels below which a country's registry hands names out (``gov.uk``, ``com.cy``)."""


def read(headers: Headers, sender: str, trusted_host: str = "") -> Authentication:
    """The claims of the topmost header; trusted when ``trusted_host`` wrote it."""
    value = headers.get("authentication-results")[:8_000].decode("latin-1")
    if not value:
        return Authentication()
    claims = _COMMENT.sub(" ", value)
    host, _, rest = claims.partition(";")
    found = [(name.lower(), result.lower(), said) for name, result, said in _METHOD.findall(rest or claims)]
    domain = sender.rpartition("@")[2].lower()
    results = {name: _result(name, found) for name in ("spf", "dkim", "dmarc")}
    return Authentication(
        **results,
        aligned=bool(domain) and any(_aligned(name, result, said, domain) for name, result, said in found),
        trusted=bool(trusted_host) and host.strip().split(" ")[0].lower() == trusted_host.strip().lower(),
    )


def _result(name: str, found: list[tuple[str, str, str]]) -> str | None:
    """A pass where one of several signatures passed, else the first."""
    results = [result for method, result, _ in found if method == name]
    return "pass" if "pass" in results else next(iter(results), None)


def _aligned(name: str, result: str, said: str, domain: str) -> bool:
    """Whether this pass speaks for the domain of the visible sender (relaxed, RFC 7489 §3.1)."""
    if result != "pass":
        return False
    named = _DOMAIN.findall(said)
    if name == "dmarc":
        return not named or any(_same_organisation(one.lower(), domain) for one in named)
    return any(_same_organisation(one.lower(), domain) for one in named)


def _same_organisation(one: str, other: str) -> bool:
    return _organisation(one.strip(".@")) == _organisation(other)


def _organisation(domain: str) -> str:
    labels = domain.split(".")
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if deep else -2 :])


def spam(headers: Headers) -> Mapping[str, Any]:
    """``flag`` and ``score`` as the filters in front of us said; empty when none did."""
    found: dict[str, Any] = {}
    status = headers.plain("x-spam-status")
    flag = headers.plain("x-spam-flag") or headers.plain("x-spam") or status
    if flag:
        found["flag"] = flag.lower().startswith(("yes", "true"))
    score = _SCORE.search(status) or next(
        (_NUMBER.search(headers.plain(name)) for name in ("x-spam-score", "x-rspamd-score") if name in headers), None
    )
    if score:
        found["score"] = float(score[score.lastindex or 0])
    if level := _NUMBER.search(headers.plain("x-ms-exchange-organization-scl")):
        found["level"] = int(float(level[0]))
        found.setdefault("flag", found["level"] >= 5)
    return found
