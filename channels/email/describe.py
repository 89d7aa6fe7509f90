"""What a mail says as one JSON object, for `helpdesk channels parse email`."""

from typing import Any

from channels.email.parse import parse
from channels.port import Unreadable


def describe(name: str, raw: bytes, trust: str = "") -> dict[str, Any]:
    """The published shape with the file's name; what is no mail at all has only the reason in ``error``."""
    try:
        return {"file": name, "error": None, **parse(raw, {"trust": trust}).to_json()}
    except Unreadable as why:
        return {"file": name, "error": str(why)}
