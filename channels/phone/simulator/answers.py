"""What the carrier's REST answers with: JSON, files, refusals with its own codes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.phone.simulator.network import Network


class ReplyLost(Exception):
    """The request's answer never arrives, whatever became of it."""


@dataclass(frozen=True)
class Answer:
    """Status and JSON, or a file."""

    status: int
    told: Mapping[str, Any] | None = None
    file: bytes = b""
    content_type: str = "audio/x-wav"


class Wrong(Exception):
    """A request that the carrier refuses."""

    def __init__(self, status: int, code: int, message: str) -> None:
        self.answer = Answer(status, {"status": status, "code": code, "message": message, "more_info": ""})


Form = Mapping[str, str]
NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def page(network: Network, name: str, items: list[Any]) -> dict[str, Any]:
    """A list as the carrier pages it."""
    uri = f"/2010-04-01/Accounts/{network.account}/{name.capitalize()}.json"
    return {name: items, "page": 0, "page_size": 50, "uri": uri, "next_page_uri": None, "first_page_uri": uri,
            "previous_page_uri": None, "start": 0, "end": len(items)}  # fmt: skip


def rfc(moment: datetime) -> str:
    """A moment as the carrier writes it."""
    return moment.strftime("%a, %d %b %Y %H:%M:%S +0000")
