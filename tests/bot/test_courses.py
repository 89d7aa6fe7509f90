"""The course of a conversation: two failures lead to people, who are near from everywhere; then the bot is silent."""

from collections import deque
from dataclasses import replace

import pytest

from helpdesk.services.bot.courses import MOST_TURNS, Found, Standing, step
from helpdesk.services.bot.hearing import Heard, Wish
from helpdesk.vocabulary import BotOutcome, BotState, HandOverReason

ANSWER = Found(answer=1, offered=(2,), service_id=7, fields=("place", "use"), needed=frozenset({"place"}))
OFFERS = Found(offered=(2, 3), service_id=7, fields=("place", "use"), needed=frozenset({"place"}))
NOTHING = Found()
FOREIGN = Found(answer=1, elsewhere="en")
MISFIT = Found(service_id=7, fields=("place", "use"), needed=frozenset({"place"}), fits=False)
GONE = Found(gone=True)
EVERYTHING = (ANSWER, OFFERS, NOTHING, FOREIGN, MISFIT, GONE)


def every_state() -> list[Standing]:
    """Whatever a conversation can come to, by whatever is said and found, up to eight things said."""
    begin = Standing()
    known = {key(begin): begin}
    waiting = deque([(begin, 0)])
    while waiting:
        standing, length = waiting.popleft()
        for wish in Wish if length < 8 else ():
            for found in EVERYTHING:
                after = step(standing, Heard(wish, article_id=2), found, "Ερμού 12").standing
                if key(after) not in known:
                    known[key(after)] = after
                    waiting.append((after, length + 1))
    return list(known.values())


def key(standing: Standing) -> tuple:
    return (
        standing.state, standing.failures, standing.tried, standing.offered, standing.service_id, standing.field,
        tuple(sorted(standing.collected.items())),
    )  # fmt: skip


def test_every_state_is_reached_and_from_each_people_are_one_step_away():
    states = every_state()
    assert {one.state for one in states} == set(BotState)
    for standing in states:
        if standing.state is not BotState.HANDED_OVER:
            after = step(standing, Heard(Wish.HUMAN), NOTHING)
            assert after.standing.state is BotState.HANDED_OVER, standing
            assert after.reason is HandOverReason.ASKED


def test_from_every_state_two_things_that_the_bot_does_not_understand_lead_to_people():
    for standing in every_state():
        if standing.state not in (BotState.HANDED_OVER, BotState.COLLECTING):
            once = step(standing, Heard(Wish.NOTHING), NOTHING)
            twice = step(once.standing, Heard(Wish.NOTHING), NOTHING)
            assert BotState.HANDED_OVER in (once.standing.state, twice.standing.state), standing


@pytest.mark.parametrize("wish", Wish)
@pytest.mark.parametrize("found", EVERYTHING)
def test_after_the_hand_over_it_says_nothing_whatever_comes(wish, found):
    over = Standing(BotState.HANDED_OVER, failures=1, tried=(1,), offered=(2,), service_id=7)
    after = step(over, Heard(wish, article_id=2), found, "και κάτι ακόμα")
    assert after.outcome is None and after.reason is None and after.standing == over


@pytest.mark.parametrize("state", [one for one in BotState if one not in (BotState.HANDED_OVER, BotState.SOLVED)])
def test_danger_goes_to_people_from_everywhere(state):
    after = step(Standing(state, offered=(2,), tried=(1,), service_id=7, field="place"), Heard(Wish.EMERGENCY), ANSWER)
    assert after.reason is HandOverReason.EMERGENCY


def test_an_answer_that_helped_solves_it_and_one_that_did_not_counts_as_a_failure():
    answered = step(Standing(), Heard(Wish.QUESTION), ANSWER).standing
    assert answered.state is BotState.ANSWERED and answered.tried == (1,)
    assert step(answered, Heard(Wish.YES), NOTHING).outcome is BotOutcome.SOLVED
    sorry = step(answered, Heard(Wish.NO), NOTHING)
    assert sorry.outcome is BotOutcome.DID_NOT_HELP and sorry.standing.failures == 1 and sorry.article_id == 1
    assert step(sorry.standing, Heard(Wish.QUESTION), NOTHING).reason is HandOverReason.FAILED


def test_the_article_that_did_not_help_is_not_quoted_again():
    answered = step(Standing(), Heard(Wish.QUESTION), ANSWER).standing
    again = step(answered, Heard(Wish.QUESTION), ANSWER)
    assert again.outcome is BotOutcome.REFUSED and again.standing.offered == (2,)


def test_what_is_offered_is_read_and_nothing_else_that_a_page_may_send():
    offering = step(Standing(), Heard(Wish.QUESTION), OFFERS).standing
    assert offering.state is BotState.OFFERING and offering.offered == (2, 3)
    assert step(offering, Heard(Wish.ARTICLE, 3), NOTHING).article_id == 3
    assert step(offering, Heard(Wish.ARTICLE, 99), NOTHING).outcome is BotOutcome.TALKED


def test_what_was_offered_and_is_no_more_is_a_failure_that_leaves_the_others():
    offering = step(Standing(), Heard(Wish.QUESTION), OFFERS).standing
    after = step(replace(offering, failures=0), Heard(Wish.ARTICLE, 3), GONE)
    assert after.outcome is BotOutcome.REFUSED and after.standing.offered == (2,)
    assert step(offering, Heard(Wish.ARTICLE, 3), GONE).reason is HandOverReason.FAILED, "it was the second failure"


def test_an_article_in_the_other_language_is_offered_openly_before_it_is_shown():
    offering = step(Standing(), Heard(Wish.QUESTION), FOREIGN)
    assert offering.outcome is BotOutcome.TRANSLATION_OFFERED and offering.language == "en"
    shown = step(offering.standing, Heard(Wish.YES), Found(elsewhere="en"))
    assert shown.outcome is BotOutcome.ANSWERED and shown.language == "en"


def test_it_asks_what_the_form_asks_and_then_passes_all_of_it_on():
    asking = step(Standing(service_id=7), Heard(Wish.FORM), OFFERS)
    assert asking.standing.field == "place"
    assert step(asking.standing, Heard(Wish.SKIP), OFFERS).again, "what is needed cannot be left out"
    assert step(asking.standing, Heard(Wish.QUESTION), MISFIT, "κάτι").again
    second = step(asking.standing, Heard(Wish.QUESTION), OFFERS, " Ερμού 12 ")
    assert second.standing.field == "use" and second.standing.collected == {"place": "Ερμού 12"}
    done = step(second.standing, Heard(Wish.SKIP), OFFERS)
    assert done.reason is HandOverReason.FORM and done.standing.collected == {"place": "Ερμού 12"}


def test_what_is_given_for_a_form_may_be_personal():
    asking = Standing(BotState.COLLECTING, service_id=7, field="place")
    assert step(asking, Heard(Wish.PERSONAL), OFFERS, "6912345678").standing.collected == {"place": "6912345678"}


def test_nobody_is_kept_in_circles():
    standing = Standing(BotState.ANSWERED, turns=MOST_TURNS, tried=(1,))
    assert step(standing, Heard(Wish.GREETING), NOTHING).reason is HandOverReason.TOO_LONG
