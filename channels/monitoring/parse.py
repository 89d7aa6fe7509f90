"""Bytes of a monitoring system to signals: Prometheus Alertmanager's webhook (version 4), and a plain form. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from channels.message import InboundMessage, Party
from channels.port import Reported, Unreadable

EXCEPTION, WARNING, INFORMATION = "exception", "warning", "information"
LEVELS: Mapping[str, str] = {
    "critical": EXCEPTION, "page": EXCEPTION, "error": EXCEPTION, "exception": EXCEPTION, "high": EXCEPTION,
    "warning": WARNING, "warn": WARNING, "medium": WARNING,
    "info": INFORMATION, "information": INFORMATION, "none": INFORMATION, "low": INFORMATION, "notice": INFORMATION,
}  # fmt: skip
"""What monitoring systems call their severities. One that is unknown is taken for an exception: better seen."""
_ORDER = (EXCEPTION, WARNING, INFORMATION)
MOST, LONGEST_KEY, LONGEST_TEXT = 500, 300, 10_000


def signals(raw: bytes) -> tuple[Reported, ...]:
    """What a body reports; raises Unreadable for what is none of the two forms."""
    told = _object(raw)
    if "alerts" in told and "groupKey" in told:
        return (_group(told),)
    events = told.get("events", [told])
    if not isinstance(events, list) or not 0 < len(events) <= MOST:
        raise Unreadable(f"events is no list of 1 to {MOST}")
    return tuple(_plain(event) for event in events)


def parse(raw: bytes) -> InboundMessage:
    """The same as one message, for people to read."""
    found = signals(raw)
    first = found[0]
    return InboundMessage(
        sender=Party(""),
        subject=first.title,
        text="\n\n".join(one.text or one.title for one in found),
        automatic="monitoring",
        may_answer=False,
        fields={"key": first.key, "level": first.level, "firing": first.firing},
    )


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        raise Unreadable("this is no JSON") from None
    if not isinstance(told, Mapping):
        raise Unreadable("this is no JSON object")
    return told


def _group(told: Mapping[str, Any]) -> Reported:
    """A notification of Alertmanager is about a group of alerts, which ``groupKey`` names for good."""
    if str(told.get("version", "")) != "4":
        raise Unreadable("only version 4 of Alertmanager's webhook is known")
    alerts = [alert for alert in _list(told, "alerts") if isinstance(alert, Mapping)]
    labels, notes = _texts(told, "commonLabels"), _texts(told, "commonAnnotations")
    firing = [alert for alert in alerts if alert.get("status") == "firing"]
    title = notes.get("summary") or labels.get("alertname") or _texts(told, "groupLabels").get("alertname") or "Alert"
    return Reported(
        key=_text(told, "groupKey", LONGEST_KEY, needed=True),
        level=_gravest([_level(_texts(alert, "labels").get("severity", "")) for alert in (firing or alerts)]),
        firing=told.get("status") != "resolved",
        title=_line(title),
        text="\n".join(_alert(alert) for alert in alerts[:MOST])[:LONGEST_TEXT],
        service=labels.get("service", ""),
    )


def _alert(alert: Mapping[str, Any]) -> str:
    labels, notes = _texts(alert, "labels"), _texts(alert, "annotations")
    what = notes.get("summary") or labels.get("alertname") or "Alert"
    where = labels.get("instance", "")
    parts = [f"[{alert.get('status', '?')}] {_line(what)}", f"({_line(where)})" if where else ""]
    more = notes.get("description", "")
    return " ".join(filter(None, parts)) + (f"\n  {_line(more)}" if more and more != what else "")


def _plain(event: Any) -> Reported:
    """``{"key", "title", "level"?, "state"? (firing|recovered), "text"?, "service"?}``."""
    if not isinstance(event, Mapping):
        raise Unreadable("an event is no object")
    state = _text(event, "state", 20) or "firing"
    if state not in {"firing", "recovered", "resolved"}:
        raise Unreadable("state is neither firing nor recovered")
    return Reported(
        key=_text(event, "key", LONGEST_KEY, needed=True),
        level=_level(_text(event, "level", 40)),
        firing=state == "firing",
        title=_line(_text(event, "title", 1000, needed=True)),
        text=_text(event, "text", LONGEST_TEXT),
        service=_text(event, "service", 100),
    )


def _level(word: str) -> str:
    return LEVELS.get(word.strip().lower(), EXCEPTION)


def _gravest(levels: Sequence[str]) -> str:
    return min(levels, key=_ORDER.index, default=EXCEPTION)


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    found = told.get(name)
    if not isinstance(found, list):
        raise Unreadable(f"{name} is no list")
    return found


def _texts(told: Mapping[str, Any], name: str) -> dict[str, str]:
    found = told.get(name)
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, Mapping) else {}


def _text(told: Mapping[str, Any], name: str, most: int, *, needed: bool = False) -> str:
    found = told.get(name, "")
    if not isinstance(found, str) or (needed and not found.strip()):
        raise Unreadable(f"{name} is no text")
    return found.replace("\x00", "").strip()[:most]


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:200]
