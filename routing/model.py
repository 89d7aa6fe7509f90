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
class Meant:
    """What meanings add to the words: coefficients over the language model's numbers, and how sure the sum may be."""

    share: float
    """What the words' scores are multiplied by before meanings are added."""
    coefficients: NDArray[np.float16]
    intercepts: Floats
    sure: tuple[float, float]
    strange: float


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
    meant: Meant | None = None
    """Where meanings help; who cannot ask for them predicts by words alone, as surely as words may."""

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
        head: dict[str, Any] = {
            "labels": self.labels,
            "names": self.names,
            "rarest": self.rarest,
            "sure": self.sure,
            "strange": self.strange,
            "heard": self.heard,
        }
        arrays = b"".join(getattr(self, name).astype(kind).tobytes() for name, kind in _ARRAYS)
        if self.meant is not None:
            head["meant"] = {name: getattr(self.meant, name) for name in ("share", "sure", "strange")}
            head["meant"]["numbers"] = len(self.meant.coefficients)
            arrays += b"".join(getattr(self.meant, name).astype(kind).tobytes() for name, kind in _ARRAYS[1:])
        told = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
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
    arrays, start = _arrays(plain, start, shapes)
    told = head.get("meant")
    meant, start = _meant(plain, start, told, len(labels)) if told else (None, start)
    if start != len(plain) or not labels:
        raise ValueError("its parts do not fit together")
    slope, shift = map(float, head["sure"])
    heard = {str(sound): str(word) for sound, word in head["heard"].items()}
    return Model(
        labels, names, rarest=float(head["rarest"]), sure=(slope, shift), strange=float(head["strange"]), heard=heard,
        meant=meant, **arrays,
    )  # fmt: skip


def _meant(plain: bytes, start: int, told: dict[str, Any], labels: int) -> tuple[Meant, int]:
    arrays, end = _arrays(plain, start, {"coefficients": (int(told["numbers"]), labels), "intercepts": (labels,)})
    slope, shift = map(float, told["sure"])
    return Meant(float(told["share"]), sure=(slope, shift), strange=float(told["strange"]), **arrays), end


def _arrays(plain: bytes, start: int, shapes: dict[str, tuple[int, ...]]) -> tuple[dict[str, Any], int]:
    """The arrays of these shapes that begin there, and where they end."""
    found: dict[str, Any] = {}
    for name, kind in _ARRAYS:
        if name in shapes:
            length = int(np.prod(shapes[name]))
            found[name] = np.frombuffer(plain, np.dtype(kind), length, start).reshape(shapes[name])
            start += length * np.dtype(kind).itemsize
    if not all(np.isfinite(one).all() for one in found.values()):
        raise ValueError("its numbers are none")
    return found, start


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
