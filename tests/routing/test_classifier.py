"""The classifier: one model for Greek, English and Greeklish, sure as often as it is right, that says why."""

import pickle
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import NONE_OF_OURS, InvalidModel, NotTrained, TextClassifier, fold
from tests.routing.examples import EXAMPLES, LABELS, REGISTRY, ROADS, TEXTS, WASTE, WATER


@pytest.fixture(scope="module")
def learned() -> TextClassifier:
    return TextClassifier().fit(TEXTS, LABELS)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Τρύπες στην άσφαλτο μπροστά στο σχολείο", ROADS),
        ("Δεν έχουμε καθόλου νερό", WATER),
        ("Γέμισε ο κάδος και δεν τον αδειάζει κανείς", WASTE),
        ("Χρειάζομαι πιστοποιητικό γέννησης", REGISTRY),
        ("There is a hole in the asphalt", ROADS),
        ("we have no water", WATER),
        ("nobody empties the rubbish", WASTE),
        ("birth certificate please", REGISTRY),
    ],
)
def test_it_knows_new_words_by_those_it_learned(learned, text, label):
    assert learned.predict(text).label == label


@pytest.mark.parametrize("text", [text for label, text in EXAMPLES if label in (WATER, REGISTRY)])
def test_accents_case_and_final_sigma_make_no_difference(learned, text):
    bare = "".join(one for one in unicodedata.normalize("NFD", text.upper()) if not unicodedata.combining(one))
    one, other = learned.predict(text), learned.predict(bare)
    assert (one.label, one.confidence) == (other.label, pytest.approx(other.confidence))
    assert [fold(reason.word) for reason in one.reasons] == [fold(reason.word) for reason in other.reasons]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("kophke to nero sth geitonia mas", WATER),
        ("o kados aporrimmaton ksexilise", WASTE),
        ("thelo pistopoihtiko gennhshs", REGISTRY),
        ("ΤΡΥΠΑ sthn asfalto", ROADS),
    ],
)
def test_greeklish_is_read_as_the_greek_it_sounds_like(learned, text, label):
    assert learned.predict(text).label == label


def test_look_alike_letters_of_the_other_script_are_read_over(learned):
    mixed = "πιστοποιητικό".replace("ο", "o").replace("τ", "t")
    assert learned.predict(mixed).label == REGISTRY


def test_its_reasons_are_words_as_they_stand_in_the_text(learned):
    text = "ΠΑΡΑΚΑΛΩ: Κόπηκε πάλι το ΝΕΡΟ, kai o agogos ydreusis stazei!"
    reasons = learned.predict(text).reasons
    assert reasons
    assert all(reason.word in text and reason.weight > 0 for reason in reasons)
    assert "ΝΕΡΟ" in {reason.word for reason in reasons[:3]}
    assert [reason.weight for reason in reasons] == sorted((reason.weight for reason in reasons), reverse=True)


def test_confidence_and_alternatives_are_shares_of_one(learned):
    found = learned.predict("Διαρροή νερού")
    assert 0 < found.confidence <= 1
    assert [label for label, _ in found.alternatives] and found.label not in dict(found.alternatives)
    assert found.confidence + sum(share for _, share in found.alternatives) <= 1 + 1e-9
    assert all(share <= found.confidence for _, share in found.alternatives)


def test_it_is_less_sure_of_a_text_between_two_departments(learned):
    clear, torn = learned.predict("Κόπηκε το νερό"), learned.predict("Τρέχει νερό δίπλα στον κάδο και άνοιξε τρύπα")
    assert torn.confidence < clear.confidence


def test_a_text_of_unknown_words_is_none_of_ours(learned):
    assert not learned.predict("Quantum chromodynamics of heavy hadrons").known
    assert not learned.predict("").known
    assert learned.predict("Διαρροή σε αγωγό ύδρευσης").known


def test_what_was_taught_as_none_of_ours_is_not_known():
    texts = [*TEXTS, *(f"Cheap watches, buy now with discount {at}" for at in range(6))]
    found = TextClassifier().fit(texts, [*LABELS, *[NONE_OF_OURS] * 6]).predict("Buy cheap watches with a discount")
    assert (found.label, found.known) == (NONE_OF_OURS, False)


def test_the_same_examples_make_the_same_model(learned):
    assert TextClassifier().fit(TEXTS, LABELS).to_bytes() == learned.to_bytes()


def test_a_model_read_back_says_the_same(learned):
    again = TextClassifier.from_bytes(learned.to_bytes())
    assert again.predict_many(TEXTS) == [learned.predict(text) for text in TEXTS]
    assert again.labels == tuple(sorted({ROADS, WATER, WASTE, REGISTRY}))


def test_an_example_of_more_weight_counts_more():
    texts, labels = [*TEXTS, "Φρεάτιο χωρίς καπάκι", "Φρεάτιο χωρίς καπάκι"], [*LABELS, ROADS, WATER]
    for label, weights in ((ROADS, (9.0, 1.0)), (WATER, (1.0, 9.0))):
        found = TextClassifier().fit(texts, labels, [*[1.0] * len(TEXTS), *weights]).predict("Φρεάτιο χωρίς καπάκι")
        assert found.label == label


def test_a_department_with_fewer_examples_than_folds_can_be_learned():
    learned = TextClassifier().fit([*TEXTS, "Άδεια για λαϊκή αγορά"], [*LABELS, "market"])
    assert learned.predict("άδεια λαϊκής αγοράς").label == "market"


def test_one_label_alone_and_one_example_alone_can_be_learned():
    assert TextClassifier().fit(["Κόπηκε το νερό", "Διαρροή"], [WATER, WATER]).predict("νερό").label == WATER
    assert TextClassifier().fit(["Κόπηκε το νερό"], [WATER]).predict("νερό").alternatives == []


def test_two_labels_can_be_learned():
    both = [(label, text) for label, text in EXAMPLES if label in (WATER, WASTE)]
    learned = TextClassifier().fit([text for _, text in both], [label for label, _ in both])
    assert learned.predict("δεν έχω νερό").label == WATER
    assert learned.predict("γεμάτος κάδος").label == WASTE


@pytest.mark.parametrize(
    ("texts", "labels", "weights"),
    [([], [], None), (["a"], ["x", "y"], None), (["a"], ["x"], [0]), (["a"], ["x"], [float("nan")])],
)
def test_what_cannot_be_learned_from_is_refused(texts, labels, weights):
    with pytest.raises(ValueError, match=r"weight"):
        TextClassifier().fit(texts, labels, weights)


def test_asked_before_it_learned_it_says_so():
    with pytest.raises(NotTrained):
        TextClassifier().predict("νερό")


class Bomb:
    def __reduce__(self):
        return exec, ("raise SystemExit('unpickled')",)


def test_bytes_that_are_no_model_are_refused_and_never_run(learned):
    good = learned.to_bytes()
    for bad in (b"", b"nothing", pickle.dumps(Bomb()), good[:200], good[:-1], good[:22] + pickle.dumps(Bomb())):
        with pytest.raises(InvalidModel):
            TextClassifier.from_bytes(bad)


@given(st.binary(max_size=60))
def test_no_bytes_after_the_magic_words_do_more_than_fail(rest):
    with pytest.raises(InvalidModel):
        TextClassifier.from_bytes(b"civic-routing-model 1\n" + rest)


@given(text=st.text(max_size=300))
def test_any_text_gets_an_answer_with_words_of_its_own(learned, text):
    found = learned.predict(text)
    assert 0 <= found.confidence <= 1
    assert all(reason.word in text for reason in found.reasons)


def test_who_only_predicts_never_loads_what_trains():
    program = (
        "import sys, routing\n"
        "routing.TextClassifier.from_bytes(sys.stdin.buffer.read()).predict('νερό')\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'sklearn', 'scipy', 'joblib', 'pickle'}))"
    )
    model = TextClassifier().fit(TEXTS, LABELS).to_bytes()
    told = subprocess.run([sys.executable, "-c", program], input=model, capture_output=True, check=True)
    assert b"sklearn" not in told.stdout and b"scipy" not in told.stdout and b"joblib" not in told.stdout
