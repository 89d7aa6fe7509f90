"""A script for first diagnosis, walked by the answers given so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.services.workmodels.model import Answer, Question


@dataclass(frozen=True)
class Asked:
    """How far a script is: what was answered, and the question that is next (none: it is over)."""

    answered: tuple[tuple[Question, Answer], ...]
    next: Question | None


def walk(questions: Sequence[Question], answers: Sequence[int]) -> Asked:
    """From the first question on, by the places of the answers. Raises ValueError for a place that there is not."""
    known = {question.key: question for question in questions}
    answered: list[tuple[Question, Answer]] = []
    here: Question | None = questions[0] if questions else None
    for place in answers:
        if here is None or not 0 <= place < len(here.answers):
            raise ValueError("there is no such answer")
        answer = here.answers[place]
        answered.append((here, answer))
        here = known.get(answer.next)
    return Asked(tuple(answered), here)
