"""A decision is always made, and says why."""

from datetime import time

import pytest
from hypothesis import given

from routing import By, Facts, Floor, ReasonKind, Ruleset, decide
from routing.match import Seen
from tests.routing import strategies
from tests.routing.builders import a_rule, a_ruleset, facts, routed


def test_first_rule_that_names_a_department_wins() -> None:
    ruleset = a_ruleset(a_rule("one", department="water"), a_rule("two", department="roads"))
    assert decide(Facts(), ruleset).department == "water"


def test_later_rules_add_tags_and_what_is_still_open() -> None:
    ruleset = a_ruleset(a_rule("one", department="water", tags=["a"]), a_rule("two", impact="high", tags=["b", "a"]))
    decision = decide(Facts(), ruleset)
    assert (decision.department, decision.impact, decision.tags) == ("water", "high", ("a", "b"))
    assert decision.rules == ("one", "two")


def test_rule_that_stops_keeps_later_rules_out() -> None:
    ruleset = a_ruleset(a_rule("one", department="water", stop=True), a_rule("two", tags=["late"]))
    assert decide(Facts(), ruleset).tags == ()


def test_rule_without_effect_gives_no_reason() -> None:
    ruleset = a_ruleset(a_rule("one", department="water"), a_rule("two", department="roads"))
    assert [reason.rule for reason in decide(Facts(), ruleset).reasons] == ["one"]


def test_emergency_words_raise_the_priority_whatever_the_department() -> None:
    emergency = a_rule("gas", {"words": {"any": ["οσμή αερίου", "smell of gas"]}}, priority_floor="critical")
    ruleset = a_ruleset(a_rule("all", department="desk", priority_floor="low"), emergency)
    decision = decide(Facts(text="Έντονη ΟΣΜΗ ΑΕΡΙΟΥ στο υπόγειο"), ruleset)
    assert (decision.department, decision.priority_floor) == ("desk", Floor.CRITICAL)
    assert decision.reasons[-1].word == "ΟΣΜΗ ΑΕΡΙΟΥ"


def test_restricted_is_never_taken_back() -> None:
    ruleset = a_ruleset(a_rule("one", restricted=True), a_rule("two", department="x", restricted=False))
    assert decide(Facts(), ruleset).restricted


def test_service_answers_where_no_rule_does() -> None:
    decision = decide(Facts(service="leak", contacted="a@x.gr"), routed({"leak": "water"}, {"a@x.gr": "front"}))
    assert (decision.department, decision.by, decision.service) == ("water", By.SERVICE, "leak")
    assert decision.reasons[0].kind is ReasonKind.SERVICE_DEPARTMENT


def test_service_named_by_a_rule_brings_its_department() -> None:
    ruleset = a_ruleset(a_rule("one", service="leak"), services={"leak": "water"})
    assert decide(Facts(service="other"), ruleset).department == "water"


def test_address_answers_where_no_service_does() -> None:
    decision = decide(Facts(contacted="Water@X.gr"), routed({}, {"water@x.GR": "water"}))
    assert (decision.department, decision.by) == ("water", By.ADDRESS)


def test_nothing_known_goes_openly_to_triage() -> None:
    decision = decide(Facts(text="?"), Ruleset(version=7))
    assert (decision.department, decision.by, decision.ruleset) == (None, By.DEFAULT, 7)
    assert [reason.kind for reason in decision.reasons] == [ReasonKind.TRIAGE]


def test_fallback_fills_what_is_open_and_nothing_else() -> None:
    ruleset = a_ruleset(
        a_rule("one", urgency="high"), fallback={"department": "front", "urgency": "low", "tags": ["new"]}
    )
    decision = decide(Facts(), ruleset)
    assert (decision.department, decision.urgency, decision.tags, decision.by) == (
        "front",
        "high",
        ("new",),
        By.DEFAULT,
    )


@pytest.mark.parametrize(
    ("when", "met", "missed"),
    [
        ({"channel": ["email", "chat"]}, facts(channel="chat"), facts(channel="phone")),
        ({"address": ["Water@x.gr"]}, facts(contacted="water@X.gr"), facts(contacted="roads@x.gr")),
        ({"language": ["en"]}, facts(language="EN"), facts(language="el")),
        ({"service": ["leak"]}, facts(service="leak"), facts(service="")),
        ({"sender": ["maria@x.gr"]}, facts(sender="Maria@X.gr"), facts(sender="maria@y.gr")),
        ({"sender_domain": ["gov.gr"]}, facts(sender="a@tax.GOV.gr"), facts(sender="a@notgov.gr")),
        ({"customer": ["school-3"]}, facts(customer="school-3"), facts()),
        ({"authentication": ["fail", "none"]}, facts(authentication="fail"), facts(authentication="pass")),
        ({"automatic": ["auto-reply"]}, facts(automatic="auto-reply"), facts()),
        ({"known": False}, facts(known=False), facts(known=True)),
        ({"spam_over": 5}, facts(spam_score=5.1), facts(spam_score=5.0)),
        ({"spam_over": -1}, facts(spam_score=0.0), facts(spam_score=None)),
        (
            {"field": {"name": "area", "equals": ["Κέντρο"]}},
            facts(fields={"area": "ΚΕΝΤΡΟ "}),
            facts(fields={"area": "Β"}),
        ),
        ({"field": {"name": "a", "contains": ["νερό"]}}, facts(fields={"a": "του νερού"}), facts(fields={"b": "νερό"})),
        ({"words": {"any": ["νερό"], "in": "subject"}}, facts(subject="Νερό"), facts(text="Νερό")),
        ({"words": {"any": ["νερό"], "in": "text"}}, facts(text="Νερό"), facts(subject="Νερό")),
        ({"words": {"all": ["νερό", "δρόμος"]}}, facts(subject="νερό", text="στο δρόμο"), facts(text="νερό")),
        ({"words": {"any": ["διαρροή νερού"]}}, facts(text="διαρροές νερού"), facts(text="νερού διαρροή")),
        ({"not": {"channel": ["email"]}}, facts(channel="chat"), facts(channel="email")),
        ({"any": [{"known": True}, {"channel": ["api"]}]}, facts(channel="api"), facts(channel="chat")),
        ({"all": [{"known": True}, {"channel": ["api"]}]}, facts(channel="api", known=True), facts(channel="api")),
    ],
)
def test_condition_holds_for_what_it_names_only(when: object, met: Facts, missed: Facts) -> None:
    ruleset = a_ruleset(a_rule("one", when, department="d"))
    assert decide(met, ruleset).department == "d"
    assert decide(missed, ruleset).department is None


def test_phrase_does_not_reach_from_subject_into_text() -> None:
    ruleset = a_ruleset(a_rule("one", {"words": {"any": ["διαρροή νερού"]}}, department="d"))
    assert decide(Facts(subject="Διαρροή", text="νερού"), ruleset).department is None


@pytest.mark.parametrize(
    ("weekday", "at", "open_"),
    [
        (4, "21:59", False),
        (4, "22:00", True),
        (5, "05:59", True),
        (5, "06:00", False),
        (5, "22:00", False),
        (4, "05:00", False),
    ],
)
def test_window_over_midnight_belongs_to_the_day_it_opens(weekday: int, at: str, open_: bool) -> None:
    night = a_rule("night", {"time": {"days": ["fri"], "from": "22:00", "to": "06:00"}}, department="guard")
    moment = Facts(weekday=weekday, local_time=time.fromisoformat(at))
    assert (decide(moment, a_ruleset(night)).department == "guard") is open_


def test_whole_day_window_holds_all_day_and_no_longer() -> None:
    sunday = a_ruleset(a_rule("sun", {"time": {"days": ["sun"]}}, department="guard"))
    hits = [decide(Facts(weekday=day, local_time=time(at)), sunday).department for day in (6, 0) for at in (0, 23)]
    assert hits == ["guard", "guard", None, None]


def test_reason_of_a_negated_condition_says_so() -> None:
    ruleset = a_ruleset(a_rule("one", {"not": {"language": ["el"]}}, department="d"))
    (reason,) = decide(Facts(language="en"), ruleset).reasons
    assert (reason.kind, reason.negated, reason.wanted) == (ReasonKind.LANGUAGE, True, "el")


def test_reason_is_kept_as_plain_data() -> None:
    ruleset = a_ruleset(a_rule("one", {"words": {"any": ["φωτισμός"]}}, department="d"))
    (reason,) = decide(Facts(subject="Βλάβη φωτισμού"), ruleset).reasons
    assert reason.to_dict() == {
        "kind": "words",
        "rule": "one",
        "title": "one",
        "wanted": "φωτισμός",
        "word": "φωτισμού",
        "place": "subject",
    }


@given(strategies.rulesets(), strategies.facts)
def test_no_rule_that_holds_is_passed_over_for_its_words(ruleset: Ruleset, given_facts: Facts) -> None:
    seen = Seen(given_facts)
    asked = ruleset.asked(seen.subject.keys | seen.text.keys)
    assert [rule for rule in ruleset.rules if rule in asked] == asked
    assert all(rule in asked for rule in ruleset.rules if rule.test(seen) is not None)


def test_rules_whose_words_nobody_said_are_not_looked_at() -> None:
    ruleset = a_ruleset(
        a_rule("one", {"words": {"any": ["νερό", "two words"]}}, department="water"),
        a_rule("two", {"words": {"all": ["road", "hole"]}}, department="roads"),
        a_rule("three", department="registry"),
    )
    assert [rule.key for rule in ruleset.asked(Seen(Facts(text="A hole in the pipe")).text.keys)] == ["three"]
    assert [rule.key for rule in ruleset.asked(Seen(Facts(text="roads")).text.keys)] == ["two", "three"]
