"""What a model sees of a text is what the text has: each feature as often as it stands there, each word's own say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import TextClassifier, marks
from routing.features import count, pairs, read
from tests.routing.examples import LABELS, TEXTS

SAID = sorted({*" ".join(TEXTS).split(), "kophke", "to", "nero", "ΝΕΡΟ", "νερονερο", "quantum", "κι", "x" * 50})
sentences = st.lists(st.sampled_from(SAID), max_size=30).map(" ".join)


@pytest.fixture(scope="module")
def model():
    return TextClassifier().fit(TEXTS, LABELS)._trained


def _words(text, model):
    return read(text, model.heard, lambda stem: f"w{stem}" in model.index)


@given(text=sentences)
def test_each_feature_counts_as_often_as_it_stands_in_the_text(model, text):
    words = _words(text, model)
    counts = marks.marks(words, model.memo).counts
    known = {model.index[name]: times for name, times in count(words).items() if name in model.index}
    assert dict(zip(counts.places.tolist(), counts.times.tolist(), strict=True)) == known


@given(places=st.lists(st.integers(0, 40), max_size=60))
def test_places_stand_in_the_order_in_which_they_first_come(places):
    met, slots = marks._in_order(np.array(places, np.intp), 41)
    assert met.tolist() == list(dict.fromkeys(places))
    assert met[slots].tolist() == places


@given(text=sentences)
def test_a_word_speaks_by_its_own_features_and_by_half_of_each_pair(model, text):
    words = _words(text, model)
    seen = marks.marks(words, model.memo)
    spoke = 1.0 + seen.counts.places
    by_place = dict(zip(seen.counts.places.tolist(), spoke.tolist(), strict=True))
    told = {one.plain: 0.0 for one in words}
    for one in {one.plain: one for one in words}.values():
        told[one.plain] += sum(by_place.get(model.index.get(name), 0.0) for name in set(one.own))
    for name, one, other in zip(pairs(words), words, words[1:], strict=False):
        for word in (one, other):
            told[word.plain] += by_place.get(model.index.get(name), 0.0) / 2
    assert dict(zip((one.plain for one in seen.words), seen.shares(spoke).tolist(), strict=True)) == pytest.approx(told)


def test_a_memo_that_is_full_forgets_and_says_the_same(model, monkeypatch):
    said = [TextClassifier.from_bytes(model.to_bytes()).predict(text) for text in TEXTS]
    monkeypatch.setattr(marks, "REMEMBERED", 5)
    small = TextClassifier.from_bytes(model.to_bytes())
    assert small.predict_many(TEXTS) == said
    assert len(small._trained.memo.found) <= 5
