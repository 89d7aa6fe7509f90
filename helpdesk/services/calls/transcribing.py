"""The port for machines that write down what was said; none is connected as delivered."""

from dataclasses import dataclass
from typing import Protocol

from flask import current_app

LEAST = 60
"""Below so much confidence, in hundredths, what a machine wrote is no help to anybody."""


@dataclass(frozen=True)
class Transcript:
    """What a machine understood; always shown as its work, never acted on."""

    text: str
    confidence: int


class Transcriber(Protocol):
    """Writes down a recording in a language it knows; None for any other."""

    def transcribe(self, data: bytes, language: str) -> Transcript | None: ...


def transcribed(data: bytes, language: str) -> Transcript | None:
    """By the machine that the operator has connected (``app.extensions["transcriber"]``), where there is one."""
    machine: Transcriber | None = current_app.extensions.get("transcriber")
    found = machine.transcribe(data, language) if machine else None
    return found if found and found.confidence >= LEAST else None
