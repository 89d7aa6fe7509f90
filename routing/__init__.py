"""Routing: words, rules and assignment. Pure: facts and a ruleset in, a decision with its reasons out.

>>> from routing import Facts, Ruleset, decide
>>> words = {"words": {"any": ["διαρροή νερού"]}}
>>> leak = {"key": "leak", "title": "Leaks", "when": words, "then": {"department": "water"}}
>>> decision = decide(Facts(text="ΔΙΑΡΡΟΗ ΝΕΡΟΥ στην οδό Ερμού"), Ruleset.from_dict({"version": 3, "rules": [leak]}))
>>> decision.department, decision.reasons[0].word
('water', 'ΔΙΑΡΡΟΗ ΝΕΡΟΥ')
"""

from routing.assign import AssignReason, Choice, Need, OnDuty, Turn, choose_agent
from routing.decide import By, Decision, Reason, ReasonKind, decide
from routing.facts import Facts
from routing.form import InvalidRuleset
from routing.problems import Problem, ProblemKind, problems
from routing.rules import Actions, Floor, Level, Rule, Ruleset
from routing.words import Passage, Phrase, fold, words

__all__ = [
    "Actions",
    "AssignReason",
    "By",
    "Choice",
    "Decision",
    "Facts",
    "Floor",
    "InvalidRuleset",
    "Level",
    "Need",
    "OnDuty",
    "Passage",
    "Phrase",
    "Problem",
    "ProblemKind",
    "Reason",
    "ReasonKind",
    "Rule",
    "Ruleset",
    "Turn",
    "choose_agent",
    "decide",
    "fold",
    "problems",
    "words",
]
