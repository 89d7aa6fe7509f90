"""From which confidence a department is sent to without a human."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.services.learning.thresholds import FEWEST, thresholds


def usual(settled):
    """As a body asks it that decided nothing of its own."""
    return thresholds(settled, wanted=0.95, proven=200)


def rows(department: str, confidence: float, right: int, wrong: int = 0):
    return [(department, confidence, True)] * right + [(department, confidence, False)] * wrong


def test_until_enough_proposals_are_settled_nothing_is_sent():
    assert usual(rows("water", 0.9, 199)) == {}
    assert usual(rows("water", 0.9, 200)) == {"water": 0.9}


def test_it_is_the_lowest_confidence_that_is_right_often_enough():
    found = usual(rows("water", 0.9, 100) + rows("water", 0.7, 95, 5) + rows("water", 0.5, 10, 40))
    assert found == {"water": 0.7}


def test_each_department_has_its_own_and_a_doubtful_one_has_none():
    found = usual(rows("water", 0.8, 150) + rows("roads", 0.8, 40, 20))
    assert found == {"water": 0.8}


def test_a_few_lucky_ones_prove_nothing():
    assert "roads" not in usual(rows("water", 0.8, 200) + rows("roads", 0.99, FEWEST - 1))


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([0.2, 0.4, 0.6, 0.8]), st.booleans()), max_size=120),
    st.sampled_from([0.8, 0.9, 0.95]),
)
def test_what_is_at_or_above_it_was_right_as_often_as_wanted(settled, wanted):
    for department, lowest in thresholds(settled, wanted, proven=1).items():
        above = [right for one, confidence, right in settled if one == department and confidence >= lowest]
        assert len(above) >= FEWEST
        assert sum(above) / len(above) >= wanted


def test_a_body_that_asks_for_less_gets_a_lower_threshold():
    settled = rows("water", 0.9, 100) + rows("water", 0.7, 90, 10) + rows("water", 0.5, 10, 40)
    assert usual(settled) == {"water": 0.7}
    assert thresholds(settled, wanted=0.98, proven=200) == {"water": 0.9}
    assert thresholds(settled, wanted=0.80, proven=200) == {"water": 0.5}
