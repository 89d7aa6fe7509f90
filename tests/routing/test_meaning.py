"""Meanings beside words: a language model's numbers are used where they help, and nobody needs them."""

import numpy as np
import pytest

from routing import InvalidModel, TextClassifier, meaning
from routing.model import from_bytes

SUBJECTS = {
    "roads": ("λακκούβα", "άσφαλτος", "pothole", "pavement", "κράσπεδο", "tarmac", "δρόμος", "street"),
    "water": ("νερό", "βρύση", "leak", "pipe", "υδραγωγείο", "tap", "διαρροή", "meter"),
    "waste": ("σκουπίδια", "κάδος", "rubbish", "bin", "ανακύκλωση", "litter", "απορριμματοφόρο", "dump"),
}
TEXTS = [word for words in SUBJECTS.values() for word in words]
LABELS = [label for label, words in SUBJECTS.items() for _ in words]
UNSEEN = {"roads": "lane", "water": "faucet", "waste": "trash"}


def sense(texts):
    """A small language model of its own: it knows what these words are about, and nothing else."""
    about = [*SUBJECTS]
    known = {word: about.index(label) for label, words in SUBJECTS.items() for word in (*words, UNSEEN[label])}
    rows = np.full((len(texts), 4), 0.1, np.float32)
    for row, text in enumerate(texts):
        rows[row, known.get(text, 3)] += 1
    return rows


def dull(texts):
    """One that finds everything alike."""
    return np.ones((len(texts), 4), np.float32)


@pytest.fixture(scope="module")
def learned():
    return TextClassifier(sense).fit(TEXTS, LABELS)


@pytest.mark.parametrize(("label", "word"), UNSEEN.items())
def test_a_word_that_training_never_met_is_understood_by_its_meaning(learned, label, word):
    assert learned.predict(word).label == label


def test_held_out_words_are_understood_more_surely_than_by_their_letters(learned):
    by_words = TextClassifier(dull).fit(TEXTS, LABELS)
    assert learned.predict("faucet").confidence > by_words.predict("faucet").confidence


def test_what_does_not_help_is_left_out():
    assert TextClassifier(dull).fit(TEXTS, LABELS)._trained.meant is None


def test_of_many_examples_meanings_are_not_asked(monkeypatch):
    monkeypatch.setattr("routing.training.FEW", len(TEXTS) - 1)
    asked = []
    TextClassifier(lambda texts: asked.append(texts) or sense(texts)).fit(TEXTS, LABELS)
    assert asked == []


def test_its_bytes_say_the_same(learned):
    again = TextClassifier.from_bytes(learned.to_bytes(), sense)
    assert again.predict_many([*TEXTS, *UNSEEN.values()]) == learned.predict_many([*TEXTS, *UNSEEN.values()])


def test_who_cannot_ask_for_meanings_predicts_as_if_there_were_none(learned, monkeypatch):
    monkeypatch.setattr(meaning, "WHEEL", "nothing_of_that_name")
    monkeypatch.setattr("routing.classifier.installed", meaning.installed.__wrapped__)
    without = TextClassifier().fit(TEXTS, LABELS)
    assert without._trained.meant is None
    assert TextClassifier.from_bytes(learned.to_bytes()).predict_many(TEXTS) == without.predict_many(TEXTS)


def test_two_labels_and_one_are_enough():
    two = TextClassifier(sense).fit(TEXTS[:16], LABELS[:16])
    assert (two.predict("lane").label, two.predict("faucet").label) == ("roads", "water")
    assert TextClassifier(sense).fit(TEXTS[:8], LABELS[:8]).predict("lane").label == "roads"


def test_a_label_with_one_example_can_be_learned():
    few = TextClassifier(sense).fit([*TEXTS[:16], "trash"], [*LABELS[:16], "waste"])
    assert few.predict("trash").label in SUBJECTS


def test_bytes_cut_off_within_the_meanings_are_refused(learned):
    plain = learned._trained.to_bytes()
    assert from_bytes(plain).meant is not None
    with pytest.raises(InvalidModel):
        from_bytes(plain[:-40])


def test_the_extra_s_model_finds_one_meaning_in_two_languages():
    pytest.importorskip(meaning.WHEEL)
    felt = meaning.installed.__wrapped__()
    assert felt is not None
    water, nero, cemetery = felt(["There is no water at home", "Δεν έχουμε νερό στο σπίτι", "A grave in the cemetery"])
    assert water @ nero > water @ cemetery
