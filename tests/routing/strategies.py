"""Rulesets and facts from a small world, so that rules meet facts and each other often."""

from datetime import time

from hypothesis import strategies as st

from routing import Actions, Facts, Floor, Level, Rule, Ruleset
from routing.conditions import (
    All,
    Any,
    Condition,
    Day,
    Fact,
    Field,
    Hours,
    How,
    Known,
    Not,
    OneOf,
    Place,
    SpamOver,
    Words,
)

WORDS = ["νερό", "νερού", "διαρροή νερού", "δρόμος", "nero", "road", "!", "διαρροή"]
DOMAINS = ["gov.gr", "tax.gov.gr", "x.gr"]
TIMES = [time(0), time(6), time(22)]


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple)


kinds: list[st.SearchStrategy[Condition]] = [
    st.builds(OneOf, st.just(Fact.CHANNEL), some(["email", "chat", "Email"])),
    st.builds(OneOf, st.just(Fact.SENDER_DOMAIN), some(DOMAINS)),
    st.builds(Words, some(WORDS), st.booleans(), st.sampled_from(Place)),
    st.builds(Field, st.just("area"), some(["Α", "α", "νερό"]), st.sampled_from(How)),
    st.builds(Known, st.booleans()),
    st.builds(
        Hours,
        st.lists(st.sampled_from(Day), min_size=1, max_size=3).map(tuple),
        st.sampled_from(TIMES),
        st.sampled_from(TIMES),
    ),
    st.builds(SpamOver, st.sampled_from([1.0, 5.0])),
]
leaves = st.one_of(kinds)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=4,
)
same_kinds = st.one_of(*(st.tuples(kind, kind) for kind in kinds))
pairs = st.one_of(same_kinds, st.tuples(leaves, leaves), st.tuples(conditions, conditions))
actions = st.builds(
    Actions,
    department=st.sampled_from([None, "water", "roads"]),
    urgency=st.sampled_from([None, *Level]),
    tags=st.lists(st.sampled_from("ab"), max_size=2).map(tuple),
    restricted=st.booleans(),
    priority_floor=st.sampled_from([None, *Floor]),
    stop=st.booleans(),
).filter(lambda one: one != Actions())


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    bodies = draw(st.lists(st.tuples(conditions, actions), max_size=5))
    rules = tuple(Rule(f"r{at}", f"Κανόνας {at}", when, then) for at, (when, then) in enumerate(bodies))
    return Ruleset(3, rules, {"leak": "water"}, {"a@x.gr": "roads"}, Actions(tags=("new",)))


facts = st.builds(
    Facts,
    channel=st.sampled_from(["", "email", "chat"]),
    contacted=st.sampled_from(["", "A@x.gr"]),
    service=st.sampled_from(["", "leak"]),
    subject=st.sampled_from(["", *WORDS]),
    text=st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    fields=st.dictionaries(st.just("area"), st.sampled_from(["", "Α", "νερού"])),
    sender=st.sampled_from(["", "me@x.gr", "me@tax.gov.gr"]),
    known=st.booleans(),
    weekday=st.sampled_from([None, *range(7)]),
    local_time=st.sampled_from([None, time(0), time(5, 59), time(6), time(12), time(22)]),
    spam_score=st.sampled_from([None, 0.0, 3.0, 9.0]),
)
