"""Drafts: found by their word alone, changed in place, mailed within bounds, forgotten after their month."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.errors import Invalid
from helpdesk.models.access import FormDraft
from helpdesk.models.post import Outbound
from helpdesk.services import drafts, upkeep
from tests.builders import NOON, an_account

pytestmark = pytest.mark.usefixtures("session")
MONTH = timedelta(days=30)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_a_draft_is_found_by_its_word_until_its_month_is_over():
    token = drafts.save("", "lamp", {"subject": "Φως"}, NOON)
    found = drafts.find(token, NOON + MONTH - timedelta(seconds=1))
    assert found and (found.service, found.values) == ("lamp", {"subject": "Φως"})
    assert drafts.find(token, NOON + MONTH) is None
    assert drafts.find("", NOON) is None
    assert drafts.find(token[:-1], NOON) is None


def test_saving_again_changes_it_and_begins_its_month_anew(session):
    token = drafts.save("", "lamp", {"subject": "Φως"}, NOON)
    later = NOON + timedelta(days=20)
    assert drafts.save(token, "lamp", {"subject": "Δρόμος"}, later) == token
    found = drafts.find(token, NOON + MONTH + timedelta(days=1))
    assert found and found.values["subject"] == "Δρόμος"
    assert count(session, FormDraft) == 1


def test_a_word_that_finds_nothing_is_not_taken_over():
    old = drafts.save("", "lamp", {"subject": "Φως"}, NOON)
    new = drafts.save(old, "lamp", {"subject": "Φως"}, NOON + MONTH)
    assert new not in (old, "", "guessed")
    assert drafts.save("guessed", "lamp", {}, NOON) != "guessed"


def test_more_than_anybody_types_is_refused(session):
    with pytest.raises(Invalid):
        drafts.save("", "lamp", {"description": "α" * drafts.LARGEST}, NOON)
    assert count(session, FormDraft) == 0


def test_what_is_discarded_is_gone(session):
    drafts.discard(drafts.save("", "lamp", {}, NOON))
    drafts.discard("")
    assert count(session, FormDraft) == 0


def test_upkeep_forgets_those_whose_month_is_over_and_no_other(session):
    drafts.save("", "old", {}, NOON)
    kept = drafts.save("", "new", {}, NOON + timedelta(days=1))
    upkeep.forget(NOON + MONTH)
    assert session.scalars(select(FormDraft.service)).all() == ["new"]
    assert drafts.find(kept, NOON + MONTH)


def test_one_draft_is_mailed_three_times_at_most(session):
    an_account(is_default=True)
    token = drafts.save("", "lamp", {}, NOON)
    sent = [drafts.send_link(token, "/el/ask/lamp", f"{number}@example.org", "el", NOON) for number in range(4)]
    assert sent == [True, True, True, False]
    assert count(session, Outbound) == 3


def test_nothing_is_mailed_for_a_draft_that_is_not_there_or_without_an_address_of_ours(session):
    assert not drafts.send_link("guessed", "/el/ask/lamp", "a@example.org", "el", NOON)
    assert not drafts.send_link(drafts.save("", "lamp", {}, NOON), "/el/ask/lamp", "a@example.org", "el", NOON)
    assert count(session, Outbound) == 0
