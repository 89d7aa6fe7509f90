"""Sounds made on this machine: what waits for an answer hears, and what a left message sounds like (pure)."""

import math
import struct
from functools import lru_cache

RATE = 8000


@lru_cache(maxsize=64)
def a_message(seconds: int) -> bytes:
    """A WAV of so many seconds with a soft tone; at most two minutes."""
    return wav([int(2000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(min(seconds, 120) * RATE)])


def wav(samples: list[int]) -> bytes:
    """Samples of 16 bits as a mono file of 8 kHz."""
    data = struct.pack(f"<{len(samples)}h", *samples)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16,
                       b"data", len(data))  # fmt: skip
    return head + data
