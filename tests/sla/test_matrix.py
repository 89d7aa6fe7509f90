"""Impact and urgency make a priority; attainment counts what was judged."""

from typing import Any

import pytest

from sla import DEFAULT_MATRIX, Attainment, InvalidMatrix, Level, Matrix, Priority, attainment, by_group
from tests.sla.builders import clock

KEPT = clock("mon 09:00 start", "mon 10:00 stop")
MISSED = clock("mon 09:00 start", "wed 10:00 stop")
LAPSED = clock("mon 09:00 start", "wed 10:00 withdraw")
RUNNING = clock("mon 09:00 start", now="mon 10:00")
OVERDUE = clock("mon 09:00 start", now="wed 10:00")


def test_more_impact_or_urgency_never_lowers_the_priority() -> None:
    ranks = {priority: at for at, priority in enumerate(Priority)}
    levels = list(Level)
    for impact in range(3):
        for urgency in range(3):
            here = ranks[DEFAULT_MATRIX.priority(levels[impact], levels[urgency])]
            assert here >= ranks[DEFAULT_MATRIX.priority(levels[max(impact - 1, 0)], levels[urgency])]
            assert here >= ranks[DEFAULT_MATRIX.priority(levels[impact], levels[max(urgency - 1, 0)])]


def test_rows_are_impact_and_columns_urgency() -> None:
    form = DEFAULT_MATRIX.to_dict() | {"high": {"high": "critical", "medium": "low", "low": "normal"}}
    assert Matrix.from_dict(form).priority(Level.HIGH, Level.MEDIUM) is Priority.LOW
    assert Matrix.from_dict(form).priority(Level.MEDIUM, Level.HIGH) is Priority.HIGH


def test_matrix_comes_back_the_same() -> None:
    assert Matrix.from_dict(DEFAULT_MATRIX.to_dict()) == DEFAULT_MATRIX


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"low": None}, "matrix.low"),
        ({"low": {"low": "low", "high": "low"}}, "matrix.low.medium"),
        ({"low": {"low": "low", "medium": "low", "high": "urgent"}}, "matrix.low.high"),
        ({"huge": {}}, "matrix"),
    ],
)
def test_wrong_matrix_names_the_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidMatrix) as refused:
        Matrix.from_dict(DEFAULT_MATRIX.to_dict() | change)
    assert refused.value.field == field


def test_what_lapsed_or_still_runs_in_time_counts_in_neither() -> None:
    found = attainment([KEPT, KEPT, MISSED, LAPSED, RUNNING, OVERDUE])
    assert (found, found.n, found.share) == (Attainment(met=2, breached=2), 4, 0.5)


def test_nothing_judged_has_no_share() -> None:
    assert attainment([LAPSED, RUNNING]).share is None


def test_groups_are_counted_apart() -> None:
    assert by_group([("water", KEPT), ("roads", MISSED), ("water", MISSED)]) == {
        "water": Attainment(1, 1),
        "roads": Attainment(0, 1),
    }


def test_guidance_comes_back_and_decides_nothing() -> None:
    data = DEFAULT_MATRIX.to_dict() | {"guidance": {"high": {"low": "A whole quarter, but it can wait"}}}
    matrix = Matrix.from_dict(data)
    assert matrix.to_dict() == data
    assert matrix.rows == DEFAULT_MATRIX.rows
    assert "guidance" not in DEFAULT_MATRIX.to_dict()


@pytest.mark.parametrize("guidance", [{"highest": {}}, {"high": {"low": ""}}, {"high": {"soon": "x"}}, "words"])
def test_guidance_of_another_form_is_refused(guidance: object) -> None:
    with pytest.raises(InvalidMatrix):
        Matrix.from_dict(DEFAULT_MATRIX.to_dict() | {"guidance": guidance})
