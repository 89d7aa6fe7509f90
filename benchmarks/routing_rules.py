"""Deciding by rules: 20, 200 and 1,000 word rules over texts of 500 and 5,000 characters, beside a plain search.

The peer folds the text and searches it for every rule with one regular expression of word beginnings: what a
helpdesk without a notion of words does. Texts are made of drawn words, so that rules hold now and then; the memo of
words is warm, as it is in a worker, except in the rows that say cold.
"""

import re
import statistics
import time
from collections.abc import Callable
from random import Random
from typing import Any

from routing import Facts, Ruleset, decide, fold, words
from routing.words import forget

Row = dict[str, Any]
ROOTS = [
    "δρόμ",
    "πεζοδρόμι",
    "λακκούβ",
    "απορρίμματ",
    "κάδ",
    "ύδρευσ",
    "διαρρο",
    "αποχέτευσ",
    "πιστοποιητικ",
    "γέννησ",
    "άδει",
    "στάθμευσ",
    "πρόστιμ",
    "δέντρ",
    "πάρκ",
    "σχολεί",
    "βιβλιοθήκ",
    "φωτισμ",
    "λάμπ",
    "νερ",
    "αίτησ",
    "βεβαίωσ",
    "τέλ",
    "οφειλ",
    "ληξιαρχεί",
    "δημοτολόγι",
    "γάμ",
]
ENDINGS = ["ος", "ου", "ο", "οι", "ους", "η", "ης", "ες", "ων", "α"]
ENGLISH = [
    "water",
    "street",
    "light",
    "permit",
    "parking",
    "invoice",
    "school",
    "noise",
    "rubbish",
    "certificate",
    "road",
    "the",
    "is",
    "broken",
    "and",
    "please",
]
TEXTS = 200
RUNS = 5
GROWTH_ALLOWED = 10.0


def run() -> list[Row]:
    """One row for each number of rules and length of text, then the words alone."""
    sizes = [(rules, characters) for rules in (20, 200, 1_000) for characters in (500, 5_000)]
    rows = [_decided(rules, characters) for rules, characters in sizes]
    return [*rows, _growth(rows), *(_read(characters, cold) for characters in (500, 5_000) for cold in (False, True))]


def _decided(rules: int, characters: int) -> Row:
    ruleset, patterns = _ruleset(rules), _patterns(rules)
    facts = [Facts(subject=text[:40], text=text) for text in _texts(characters)]
    ours = _microseconds(lambda one: decide(one, ruleset), facts)
    plain = _microseconds(lambda one: _first(patterns, fold(one.text)), facts)
    return {"what": "decide", "rules": rules, "characters": characters} | _figures(ours) | _ratio(ours, plain)


def _growth(rows: list[Row]) -> Row:
    """Ten times the rules over the same text must cost well below ten times as much."""
    cost = {(row["rules"], row["characters"]): row["median_us"] for row in rows}
    growth = cost[200, 500] / cost[20, 500]
    return {"what": "growth 20 to 200 rules", "ratio": growth, "budget": "met" if growth < GROWTH_ALLOWED else "missed"}


def _read(characters: int, cold: bool) -> Row:
    def read(text: str) -> None:
        if cold:
            forget()
        words(text)

    figures = _figures(_microseconds(read, _texts(characters)[: 20 if cold else TEXTS]))
    return {"what": f"words, {'cold' if cold else 'warm'}", "characters": characters} | figures


def _ruleset(count: int) -> Ruleset:
    rules = [
        {"key": f"r{at}", "title": f"r{at}", "when": {"words": {"any": entries}}, "then": {"department": f"d{at}"}}
        for at, entries in enumerate(_entries(count))
    ]
    return Ruleset.from_dict({"version": 1, "rules": rules})


def _patterns(count: int) -> list[re.Pattern[str]]:
    alternatives = ("|".join(rf"\b{re.escape(fold(one)[:-1])}\w*" for one in entries) for entries in _entries(count))
    return [re.compile(one) for one in alternatives]


def _entries(count: int) -> list[list[str]]:
    """Four entries a rule: a phrase of two words and three words that are seldom met."""
    chance = Random(1)
    return [
        [f"{_word(chance)} {_word(chance)}", *(f"{_word(chance)}{chance.randrange(100)}" for _ in range(3))]
        for _ in range(count)
    ]


def _texts(characters: int) -> list[str]:
    chance = Random(2)
    return [" ".join(_word(chance) for _ in range(characters // 4))[:characters] for _ in range(TEXTS)]


def _word(chance: Random) -> str:
    return chance.choice(ENGLISH) if chance.random() < 0.2 else chance.choice(ROOTS) + chance.choice(ENDINGS)


def _first(patterns: list[re.Pattern[str]], text: str) -> int | None:
    return next((at for at, pattern in enumerate(patterns) if pattern.search(text)), None)


def _microseconds(do: Callable[[Any], object], inputs: list[Any]) -> list[float]:
    """What each input takes, the best of several runs."""
    return [min(_once(do, one) for _ in range(RUNS)) for one in inputs]


def _once(do: Callable[[Any], object], given: Any) -> float:
    start = time.perf_counter()
    do(given)
    return (time.perf_counter() - start) * 1e6


def _figures(taken: list[float]) -> Row:
    return {"median_us": statistics.median(taken), "p95_us": statistics.quantiles(taken, n=20)[-1]}


def _ratio(ours: list[float], plain: list[float]) -> Row:
    searched = statistics.median(plain)
    return {"plain_search_us": searched, "ratio": statistics.median(ours) / searched}


def main() -> None:
    """Prints the rows."""
    for row in run():
        print(
            "  ".join(
                f"{name}={value:,.1f}" if isinstance(value, float) else f"{name}={value}" for name, value in row.items()
            )
        )


if __name__ == "__main__":
    main()
