"""Questions that nobody answered, put together by what they are about. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

ALIKE = 0.5
"""Which share of both questions' telling words must be the same."""

SHOWN = 3


@dataclass
class Cluster:
    """Questions alike: the words of the first, some of them as they were asked, how many, and which they are."""

    words: frozenset[str]
    count: int = 0
    asked: list[str] = field(default_factory=list)
    members: list[tuple[int, int]] = field(default_factory=list)


def gather(questions: Iterable[tuple[str, Sequence[str], tuple[int, int]]]) -> list[Cluster]:
    """The clusters of ``(question, its words, which it is)``, the largest first; a question joins the first that it is
    like."""
    found: list[Cluster] = []
    for asked, told, which in questions:
        words = frozenset(told)
        if not words:
            continue
        home = next((one for one in found if _alike(one.words, words)), None)
        if home is None:
            home = Cluster(words)
            found.append(home)
        home.count += 1
        home.members.append(which)
        if asked and asked not in home.asked and len(home.asked) < SHOWN:
            home.asked.append(asked)
    return sorted(found, key=lambda one: -one.count)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * len(one | other)
