"""What every body has in force, and what one that began earlier is given."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from helpdesk.db import db
from helpdesk.services import epoch, rulebook
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON

pytestmark = pytest.mark.usefixtures("session")


def test_a_body_that_began_earlier_is_given_what_has_become_usual_since_and_keeps_its_own():
    rulebook.ensure_defaults(NOON)
    own = rulebook.in_force(RulebookKind.POLICY).id
    always = rulebook.in_force(RulebookKind.CALENDAR, rulebook.ALWAYS)
    db.session.execute(text("delete from rulebook where id = :id"), {"id": always.id})
    epoch.changed()
    rulebook.complete(NOON + timedelta(days=1))
    assert rulebook.in_force(RulebookKind.CALENDAR, rulebook.ALWAYS).value == always.value
    assert rulebook.in_force(RulebookKind.POLICY).id == own


def test_a_body_that_has_not_begun_is_left_alone():
    rulebook.complete(NOON)
    assert not rulebook.all_in_force(RulebookKind.CALENDAR)
