"""The published table: its picture has every way, its page in the docs is what the code says."""

from pathlib import Path

import pytest

from helpdesk.cli.moves import written
from helpdesk.services import courses, published, transitions
from helpdesk.vocabulary import Status
from helpdesk.web.desk import moves_picture, process_words

DOCS = Path(__file__).resolve().parents[2] / "docs" / "moves.md"


@pytest.fixture
def table(app):
    return published.table()


def test_the_docs_say_what_the_code_does(table):
    assert DOCS.read_text() == "\n".join(written(table)) + "\n", "run: ./dev helpdesk moves > docs/moves.md"


def test_every_place_is_drawn_and_every_way_has_its_line(table):
    drawn = moves_picture.arrows(courses.edges(table), {})
    assert {status.value for status in Status} <= moves_picture.BOXES.keys()
    assert len(drawn) == len(courses.edges(table)) + 1
    leading = {line.verb for line in table if line.targets}
    assert {verb for edge in courses.edges(table) for verb in edge.verbs} == leading


def test_every_line_stays_on_the_picture(table):
    for arrow in moves_picture.arrows(courses.edges(table), {}):
        assert min(arrow.x1, arrow.x2) >= 0 and max(arrow.x1, arrow.x2) <= moves_picture.WIDTH
        assert all(0 < y < moves_picture.HEIGHT for _x, y, _word in arrow.label)


def test_every_verb_and_position_has_words(table):
    assert {line.verb for line in table} <= process_words.VERB.keys()
    assert {name for line in table for name in line.who} <= process_words.POSITION.keys()


def test_a_stranger_and_another_citizen_may_nothing(table):
    assert not any({"other_agent", "other_citizen"} & set(line.who) for line in table)


def test_every_condition_belongs_to_a_move(app):
    assert all(one.verbs <= transitions.MOVES.keys() for one in transitions.CONDITIONS.values())
