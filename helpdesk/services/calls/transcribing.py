"""A machine of the body's own choice may write recordings down: off as delivered, by number and by language.

What it wrote is shown as a machine's with how sure it was, beside the sound, and is never acted on. A language that it
does not really know is not sent: asked for Greek, an English model makes up polite sentences.
"""

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from flask import current_app

from helpdesk.services import outgoing

log = logging.getLogger(__name__)
LEAST = 60
"""Below so much confidence, in hundredths, what a machine wrote is no help to anybody."""
SECONDS = 120.0
"""From the first byte sent to the last received; a worker waits, nobody else."""
LONGEST = 20_000
_NAMES = {"el": {"el", "greek"}, "en": {"en", "english"}}
_KINDS = {"audio/wav": "wav", "audio/mpeg": "mp3"}


@dataclass(frozen=True)
class Transcript:
    """What a machine understood; ``confidence`` in hundredths."""

    text: str
    confidence: int


class Transcriber(Protocol):
    """Writes down a recording in a language it knows. Raises OSError where nothing usable comes."""

    def transcribe(self, data: bytes, kind: str, language: str) -> Transcript: ...


@dataclass(frozen=True)
class AudioTranscriptions:
    """A server that speaks OpenAI's audio transcriptions, as faster-whisper-server, vLLM and whisper.cpp's do."""

    url: str
    token: str
    model: str

    def transcribe(self, data: bytes, kind: str, language: str) -> Transcript:
        """Asks it; raises OSError."""
        fields = {"model": self.model, "language": language, "response_format": "verbose_json", "temperature": "0"}
        border, body = _form(fields, data, kind)
        headers = {"Content-Type": f"multipart/form-data; boundary={border}"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        reply = outgoing.post_bytes(f"{self.url.rstrip('/')}/audio/transcriptions", body, headers, SECONDS)
        if reply.status != 200:
            raise OSError(f"it answered {reply.status}")
        return _read(reply.body, language)


def _form(fields: dict[str, str], data: bytes, kind: str) -> tuple[str, bytes]:
    border = uuid4().hex
    head = "".join(
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    name = f"recording.{_KINDS.get(kind, 'wav')}"
    head += f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    head += f"Content-Type: {kind}\r\n\r\n"
    return border, head.encode() + data + f"\r\n--{border}--\r\n".encode()


def _read(body: bytes, language: str) -> Transcript:
    try:
        told: Any = json.loads(body)
        text, heard, parts = told["text"], str(told["language"]).lower(), told["segments"]
        sure = _confidence(parts)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise OSError("its reply is of another form") from None
    if heard not in _NAMES.get(language, {language}):
        raise OSError("it heard another language")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST or "\x00" in text:
        raise OSError("it wrote nothing that can be kept")
    return Transcript(text.strip(), sure)


def _confidence(parts: Sequence[Any]) -> int:
    """By the length of each part: how sure it was of its words, less where it doubts that anybody spoke."""
    weighed = [
        (max(0.01, float(one["end"]) - float(one["start"])),
         math.exp(min(0.0, float(one["avg_logprob"]))) * (1 - min(1.0, max(0.0, float(one["no_speech_prob"])))))
        for one in parts
    ]  # fmt: skip
    whole = sum(length for length, _ in weighed)
    return round(100 * sum(length * sure for length, sure in weighed) / whole) if whole else 0


def machine() -> Transcriber | None:
    """The one that the operator set; None where there is none."""
    here = current_app.config["SETTINGS"]
    if not here.transcriber_url:
        return None
    return AudioTranscriptions(here.transcriber_url, here.transcriber_token, here.transcriber_model)


def transcribed(data: bytes, kind: str, language: str) -> Transcript | None:
    """What it wrote of a recording in a language that it knows, where it is sure enough. Never in a transaction."""
    asked = machine()
    if asked is None or language not in current_app.config["SETTINGS"].transcriber_languages:
        return None
    try:
        found = asked.transcribe(data, kind, language)
    except OSError as why:
        log.warning("a recording was not written down", extra={"why": str(why)[:200]})
        return None
    return found if found.confidence >= LEAST else None
