"""The one table of what each kind of rules brings to its pages."""

from collections.abc import Mapping

from helpdesk.vocabulary import RulebookKind
from helpdesk.web.admin.rulebook import calendar, informing, major, matrix, model, policy, ruleset, waiting
from helpdesk.web.admin.rulebook.chapter import Chapter

CHAPTERS: Mapping[RulebookKind, Chapter] = {
    RulebookKind.CALENDAR: calendar.CHAPTER,
    RulebookKind.POLICY: policy.CHAPTER,
    RulebookKind.MATRIX: matrix.CHAPTER,
    RulebookKind.RULESET: ruleset.CHAPTER,
    RulebookKind.WAITING: waiting.CHAPTER,
    RulebookKind.MAJOR_CRITERIA: major.CHAPTER,
    RulebookKind.INFORMING: informing.CHAPTER,
    RulebookKind.MODEL: model.CHAPTER,
}
