"""The smallest parts of what we are sent: texts, keys, numbers and moments that the database can keep."""

import base64
import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainValidator, WithJsonSchema

LARGEST = 2**62
BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
FILE_BYTES = 10 * 1024 * 1024
"""The largest file; in base64 it is a third longer."""


def _storable(text: str) -> str:
    """PostgreSQL keeps every character but NUL."""
    if "\x00" in text:
        raise ValueError("may not contain the character NUL")
    return text


def _written(value: Any) -> Any:
    """RFC 3339 and nothing looser: pydantic would read numbers as seconds since 1970."""
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise ValueError("must be a moment as RFC 3339 writes it, with its zone: 2026-12-01T09:30:00+02:00")
    return value


def _in_reach(at: datetime) -> datetime:
    if not 1970 <= at.year <= 9000:
        raise ValueError("must lie between 1970 and 9000")
    return at


def _digits(value: Any) -> Any:
    """A query string has only texts: of those, digits alone are a whole number."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,19}", value):
        raise ValueError("must be a whole number")
    return value


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str) or not BASE64.fullmatch(value):
        raise ValueError("must be base64 without line breaks")
    found = base64.b64decode(value)
    if len(found) > FILE_BYTES:
        raise ValueError(f"may have at most {FILE_BYTES} bytes")
    return found


Text = Annotated[str, AfterValidator(_storable)]
Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\r\n\x00]*[^\s\x00][^\r\n\x00]*$")]
Body = Annotated[str, Field(min_length=1, max_length=100_000, pattern=r"\S"), AfterValidator(_storable)]
Note = Annotated[str, Field(max_length=20_000), AfterValidator(_storable)]
KeyName = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")]
Phone = Annotated[str, Field(max_length=40, pattern=r"^\+?[0-9 ()./-]{5,39}$")]
Id = Annotated[int, Field(ge=1, le=LARGEST)]
Number = Annotated[
    Annotated[int, Field(ge=1, le=LARGEST)] | Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$")], AfterValidator(int)
]
"""The number of another ticket, as a ticket shows it or as a whole number."""
Moment = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_written), AfterValidator(_in_reach)]
Bytes = Annotated[
    bytes,
    PlainValidator(_bytes),
    WithJsonSchema({"type": "string", "contentEncoding": "base64", "pattern": f"^{BASE64.pattern}$"}),
]


def whole(least: int, most: int) -> Any:
    """A whole number of a query string."""
    return Annotated[int, Field(ge=least, le=most), BeforeValidator(_digits)]
