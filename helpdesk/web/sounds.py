"""Sounds that a carrier fetches to play to callers: the body's own prompts, and what is heard while one waits."""

import io
import math
import struct
import wave
from functools import cache

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from helpdesk import storage
from helpdesk.services.calls import prompts
from helpdesk.web.guards import public

sounds = Blueprint("sounds", __name__, url_prefix="/sounds")
SECONDS, RATE = 20, 8000
_KEPT = {"Cache-Control": "public, max-age=86400"}
_NOTES = (262, 330, 392, 523, 392, 330)
"""A quiet chord, note by note."""


@sounds.get("/waiting.wav")
@public
def waiting() -> ResponseReturnValue:
    """Twenty seconds of quiet notes."""
    return Response(_music(), content_type="audio/wav", headers=_KEPT)


@cache
def _music() -> bytes:
    """Made once a process: 8 kHz, 16 bits, as telephones hear."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(struct.pack(f"<{SECONDS * RATE}h", *(_sample(n) for n in range(SECONDS * RATE))))
    return file.getvalue()


def _sample(n: int) -> int:
    note = _NOTES[n // RATE % len(_NOTES)]
    fades = 1 - n % RATE / RATE
    return int(2500 * fades * math.sin(2 * math.pi * note * n / RATE))


@sounds.get("/<name>.<any(wav, mp3):kind>")
@public
def prompt(name: str, kind: str) -> ResponseReturnValue:
    """A prompt of the body's own."""
    if len(name) != 64 or not prompts.is_sound(name):
        abort(404)
    content = "audio/mpeg" if kind == "mp3" else "audio/wav"
    return Response(storage.read(name), content_type=content, headers=_KEPT)
