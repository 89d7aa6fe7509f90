"""Routing: words, rules, a classifier and assignment. Pure: facts and a ruleset give a decision and its reasons.

>>> from routing import Facts, Ruleset, decide
>>> words = {"words": {"any": ["διαρροή νερού"]}}
>>> leak = {"key": "leak", "title": "Leaks", "when": words, "then": {"department": "water"}}
>>> decision = decide(Facts(text="ΔΙΑΡΡΟΗ ΝΕΡΟΥ στην οδό Ερμού"), Ruleset.from_dict({"version": 3, "rules": [leak]}))
>>> decision.department, decision.reasons[0].word
('water', 'ΔΙΑΡΡΟΗ ΝΕΡΟΥ')
"""

from routing.assign import AssignReason, Choice, Need, OnDuty, Turn, choose_agent
from routing.classifier import NONE_OF_OURS, Counted, NotTrained, Prediction, TextClassifier
from routing.decide import By, Decision, Reason, ReasonKind, decide
from routing.facts import Facts
from routing.form import InvalidRuleset
from routing.likeness import Likeness, alike, likeness
from routing.model import InvalidModel
from routing.problems import Problem, ProblemKind, problems
from routing.rules import Actions, Floor, Level, Rule, Ruleset
from routing.words import Passage, Phrase, fold, words

__all__ = [
    "NONE_OF_OURS",
    "Actions",
    "AssignReason",
    "By",
    "Choice",
    "Counted",
    "Decision",
    "Facts",
    "Floor",
    "InvalidModel",
    "InvalidRuleset",
    "Level",
    "Likeness",
    "Need",
    "NotTrained",
    "OnDuty",
    "Passage",
    "Phrase",
    "Prediction",
    "Problem",
    "ProblemKind",
    "Reason",
    "ReasonKind",
    "Rule",
    "Ruleset",
    "TextClassifier",
    "Turn",
    "alike",
    "choose_agent",
    "decide",
    "fold",
    "likeness",
    "problems",
    "words",
]
