"""What training leaves behind: plain arrays, written as bytes and read back without trust."""

import json
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.marks import Memo
from routing.weighing import Floats, Scale, kinds_of

_MAGIC = b"civic-routing-model 1\n"
_LARGEST = 512 * 1024 * 1024
_ARRAYS = (("rarity", "<f4"), ("coefficients", "<f2"), ("intercepts", "<f4"))


class InvalidModel(ValueError):
    """Bytes that are no model of this version."""


@dataclass(frozen=True)
class Model:
    """Labels, features with their rarity and coefficients, and how scores become confidence."""

    labels: tuple[str, ...]
    names: list[str]
    rarity: Floats
    rarest: float
    coefficients: NDArray[np.float16]
    intercepts: Floats
    sure: tuple[float, float]
    """Slope and shift from probability to confidence, on the logit's line."""
    strange: float
    """The best label's score below which a text is none of ours."""
    heard: dict[str, str] = field(default_factory=dict)

    @cached_property
    def index(self) -> dict[str, int]:
        """Place of each feature."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def memo(self) -> Memo:
        """What it knows of words that it met lately."""
        return Memo(self.index)

    @cached_property
    def scale(self) -> Scale:
        """How the features of a text are weighed."""
        return Scale(self.rarity, kinds_of(self.names), self.rarest)

    def to_bytes(self) -> bytes:
        """Magic, then compressed: the length of a JSON head, the head, the arrays in little-endian order."""
        head = {
            "labels": self.labels,
            "names": self.names,
            "rarest": self.rarest,
            "sure": self.sure,
            "strange": self.strange,
            "heard": self.heard,
        }
        told = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        arrays = b"".join(getattr(self, name).astype(kind).tobytes() for name, kind in _ARRAYS)
        return _MAGIC + zlib.compress(len(told).to_bytes(8, "little") + told + arrays, 6)


def from_bytes(data: bytes) -> Model:
    """Reads a model; raises InvalidModel for anything else. Nothing in the bytes is ever run."""
    if not data.startswith(_MAGIC):
        raise InvalidModel("this is no routing model of this version")
    try:
        return _read(_unpacked(data))
    except (zlib.error, UnicodeDecodeError, ValueError, KeyError, TypeError, IndexError) as why:
        raise InvalidModel(f"a routing model that cannot be read: {why}") from None


def _unpacked(data: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    plain = unpacking.decompress(data[len(_MAGIC) :], _LARGEST)
    if not unpacking.eof:
        raise ValueError("it is cut off or too large")
    return plain


def _read(plain: bytes) -> Model:
    start = 8 + int.from_bytes(plain[:8], "little")
    head: dict[str, Any] = json.loads(plain[8:start])
    labels, names = tuple(map(str, head["labels"])), list(map(str, head["names"]))
    shapes = {"rarity": (len(names),), "coefficients": (len(names), len(labels)), "intercepts": (len(labels),)}
    arrays: dict[str, Any] = {}
    for name, kind in _ARRAYS:
        length = int(np.prod(shapes[name]))
        arrays[name] = np.frombuffer(plain, np.dtype(kind), length, start).reshape(shapes[name])
        start += length * np.dtype(kind).itemsize
    if start != len(plain) or not labels or not all(np.isfinite(one).all() for one in arrays.values()):
        raise ValueError("its parts do not fit together")
    slope, shift = map(float, head["sure"])
    heard = {str(sound): str(word) for sound, word in head["heard"].items()}
    return Model(
        labels, names, rarest=float(head["rarest"]), sure=(slope, shift), strange=float(head["strange"]), heard=heard,
        **arrays,
    )  # fmt: skip


def probabilities(scores: NDArray[Any]) -> NDArray[np.float64]:
    """The softmax of each row."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: NDArray[np.float64] = raised / raised.sum(axis=-1, keepdims=True)
    return found


def sureness(likely: NDArray[np.float64], line: tuple[float, float]) -> NDArray[np.float64]:
    """The confidence that belongs to the best label's probability."""
    within = np.clip(likely, 1e-6, 1 - 1e-6)
    found: NDArray[np.float64] = 1 / (1 + np.exp(-(line[0] * np.log(within / (1 - within)) + line[1])))
    return found
