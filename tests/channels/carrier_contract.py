"""What we hold a carrier of Twilio's dialect to, in our own words: the requests we send and the answers we read.

Only the part that is used here. `published` reads the carrier's own description (OpenAPI 3) where a copy is at hand,
and holds the same traffic against it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SID = "[0-9a-fA-F]{32}"
_MOMENT = r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000"
_URL = r"https?://\S+"
_NUMBER = r"(whatsapp:)?\+[1-9]\d{6,14}"
_STATUS = "queued|ringing|in-progress|completed|busy|failed|no-answer|canceled"


@dataclass(frozen=True)
class Verb:
    """One request: what it may carry (by form or query), what it must, and what its answer holds.

    Values are patterns; one that ends with `?` may be null. A list's answer names its items' verb in ``items``.
    """

    method: str
    path: str
    carries: Mapping[str, str]
    needs: frozenset[str]
    status: int
    answers: Mapping[str, str]
    items: str = ""


CALL = {
    "sid": f"CA{SID}", "account_sid": f"AC{SID}", "to": r".+", "from": r".+", "status": _STATUS,
    "direction": "inbound|outbound-api|outbound-dial", "api_version": r"\d{4}-\d{2}-\d{2}",
    "date_created": f"{_MOMENT}?",
    "date_updated": f"{_MOMENT}?", "start_time": f"{_MOMENT}?", "end_time": f"{_MOMENT}?", "duration": r"\d+?",
    "uri": r"/2010-04-01/\S+",
}  # fmt: skip
ROOM = {"sid": f"CF{SID}", "friendly_name": r".+", "status": "init|in-progress|completed"}
PARTY = {"call_sid": f"CA{SID}", "conference_sid": f"CF{SID}", "hold": "True|False", "muted": "True|False"}
RECORDING = {
    "sid": f"RE{SID}", "account_sid": f"AC{SID}", "call_sid": f"CA{SID}",
    "status": "in-progress|paused|stopped|processing|completed|absent", "start_time": f"{_MOMENT}?", "uri": r"/\S+",
}  # fmt: skip
MESSAGE = {
    "sid": f"(SM|MM){SID}", "to": r".+", "body": r"(?s).*",
    "status": "accepted|scheduled|queued|sending|sent|failed|delivered|undelivered|receiving|received|read|canceled",
    "num_segments": r"\d+",
}  # fmt: skip
VERBS = (
    Verb(
        "POST", "/Calls.json",
        {"To": _NUMBER, "From": _NUMBER, "Url": _URL, "Method": "POST", "Timeout": r"\d{1,3}", "FallbackUrl": _URL,
         "FallbackMethod": "POST", "StatusCallback": _URL, "StatusCallbackMethod": "POST",
         "StatusCallbackEvent": "initiated|ringing|answered|completed"},
        frozenset({"To", "From", "Url"}), 201, CALL,
    ),
    Verb("GET", "/Calls.json", {"To": _NUMBER, "From": _NUMBER, "StartTime>": r"\S+", "PageSize": r"\d+"},
         frozenset({"To"}), 200, CALL, items="calls"),
    Verb("GET", "/Calls/{call}.json", {}, frozenset(), 200, CALL),
    Verb("POST", "/Calls/{call}.json", {"Url": _URL, "Method": "POST", "Status": "completed"}, frozenset(), 200, CALL),
    Verb("POST", "/Calls/{call}/Recordings.json",
         {"RecordingStatusCallback": _URL, "RecordingStatusCallbackEvent": "completed|absent"},
         frozenset({"RecordingStatusCallback"}), 201, RECORDING),
    Verb("POST", "/Calls/{call}/Recordings/{recording}.json", {"Status": "paused|in-progress"}, frozenset({"Status"}),
         200, RECORDING),
    Verb("GET", "/Conferences.json", {"FriendlyName": r"\w+", "Status": "in-progress", "PageSize": r"\d+"},
         frozenset({"FriendlyName"}), 200, ROOM, items="conferences"),
    Verb("POST", "/Conferences/{room}/Participants/{call}.json", {"Hold": "(?i)true|false", "HoldUrl": _URL,
         "HoldMethod": "POST"}, frozenset({"Hold"}), 200, PARTY),
    Verb("DELETE", "/Recordings/{recording}.json", {}, frozenset(), 204, {}),
    Verb("POST", "/Messages.json",
         {"To": _NUMBER, "From": _NUMBER, "Body": r"(?s).+", "StatusCallback": _URL, "MediaUrl": _URL,
          "ContentSid": f"HX{SID}", "ContentVariables": r"\{.*\}"},
         frozenset({"To", "From"}), 201, MESSAGE),
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A request as it arrived, with all values of each field, and what was answered."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...]
    status: int
    answer: Mapping[str, Any] | None


def verb_of(seen: Seen) -> Verb | None:
    """Which of the agreed requests it is; None for one that nobody agreed on."""
    return next((verb for verb in VERBS if verb.method == seen.method and _fits(verb.path, seen.path)), None)


def _fits(template: str, path: str) -> bool:
    form = re.escape(template).replace(r"\{", "{").replace(r"\}", "}")
    return bool(re.fullmatch(r"/2010-04-01/Accounts/\w+" + re.sub(r"\{\w+\}", r"\\w+", form), path))


def faults(seen: Seen) -> list[str]:
    """Where a request or its answer is not as agreed."""
    verb = verb_of(seen)
    if verb is None:
        return [f"{seen.method} {seen.path} was never agreed on"]
    found = [f"{verb.path} lacks {name}" for name in verb.needs - {name for name, _ in seen.fields}]
    for name, value in seen.fields:
        if name not in verb.carries or not re.fullmatch(verb.carries[name], value):
            found.append(f"{verb.method} {verb.path} carries {name}={value!r}")
    if seen.status != verb.status:
        return [*found, f"{verb.method} {verb.path} answered {seen.status}"]
    items = [seen.answer or {}] if not verb.items else (seen.answer or {})[verb.items]
    return found + [fault for item in items for fault in _told(verb, item)]


def _told(verb: Verb, item: Mapping[str, Any]) -> list[str]:
    found = []
    for name, form in verb.answers.items():
        nullable, pattern = form.endswith("?"), form.removesuffix("?")
        value = item.get(name)
        if name not in item or (value is None and not nullable):
            found.append(f"{verb.path} does not tell {name}")
        elif value is not None and not re.fullmatch(pattern, str(value)):
            found.append(f"{verb.path} tells {name}={value!r}")
    return found


def published(document: Mapping[str, Any], seen: Seen) -> list[str]:
    """Where a request or its answer is not as the carrier's own description has it."""
    operation = _operation(document, seen)
    if operation is None:
        return [f"{seen.method} {seen.path} is not published"]
    form = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
    fields = dict(form.get("schema", {}).get("properties", {}))
    fields |= {one["name"]: one["schema"] for one in operation.get("parameters", []) if one["in"] == "query"}
    found = [f"{seen.path} lacks {name}" for name in form.get("schema", {}).get("required", [])
             if name not in dict(seen.fields)]  # fmt: skip
    for name, value in seen.fields:
        found += [f"{seen.path} carries {name}"] if name not in fields else _sent(document, fields[name], name, value)
    answer = operation["responses"].get(str(seen.status))
    if answer is None:
        return [*found, f"{seen.path} does not answer {seen.status}"]
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    return found + (_holds(document, schema, seen.answer, seen.path) if schema else [])


def _operation(document: Mapping[str, Any], seen: Seen) -> Any:
    exact = sorted(document["paths"], key=lambda template: template.count("{"))
    for template in exact:
        form = re.sub(r"\\\{\w+\\\}", r"[\\w-]+", re.escape(template))
        if re.fullmatch(form, seen.path) and seen.method.lower() in document["paths"][template]:
            return document["paths"][template][seen.method.lower()]
    return None


def _schema(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _sent(document: Mapping[str, Any], schema: Mapping[str, Any], name: str, value: str) -> list[str]:
    schema = _schema(document, schema)
    if schema.get("type") == "array":
        return _sent(document, schema["items"], name, value)
    wrong = "enum" in schema and value not in schema["enum"]
    wrong = wrong or (schema.get("type") == "integer" and not value.isdecimal())
    wrong = wrong or ("pattern" in schema and not re.search(schema["pattern"], value))
    return [f"{name}={value!r} is not of the published form"] if wrong else []


_TYPES: Mapping[str, Any] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list,
}  # fmt: skip


def _holds(document: Mapping[str, Any], schema: Mapping[str, Any], value: Any, place: str) -> list[str]:
    schema = _schema(document, schema)
    if value is None:
        return [] if schema.get("nullable") or "type" not in schema else [f"{place} is null"]
    kind = schema.get("type")
    if kind in _TYPES and not isinstance(value, _TYPES[kind]):
        return [f"{place} is {type(value).__name__} and not {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{place}={value!r} is none of the published words"]
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        return [f"{place}={value!r} has another form than published"]
    if kind == "array":
        within = [_holds(document, schema["items"], one, f"{place}[{n}]") for n, one in enumerate(value)]
        return [fault for part in within for fault in part]
    found = []
    known = schema.get("properties", {})
    for name, one in value.items() if kind == "object" and known else ():
        at = f"{place}.{name}"
        found += _holds(document, known[name], one, at) if name in known else [f"{at} is unknown"]
    return found
