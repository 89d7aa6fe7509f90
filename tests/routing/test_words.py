"""A word is the same word whatever its case, accents, ending or script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import Facts, Passage, Phrase, decide, fold, words
from tests.routing.builders import a_rule, a_ruleset

greek_words = st.text("αβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊϋ", min_size=1, max_size=12)


def found(phrase: str, text: str) -> str | None:
    return Passage(text).find(Phrase(phrase))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_takes_case_accents_and_final_sigma() -> None:
    assert fold("Ο Φόρος του Αΰλου, ΐ ΰ, Café ﬁn") == "ο φοροσ του αυλου, ι υ, cafe fin"


@given(greek_words)
def test_match_is_blind_to_case_accents_and_composition(word: str) -> None:
    bare = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    for written in (word.upper(), bare, bare.upper(), unicodedata.normalize("NFD", word), word + "!"):
        assert words(written) == words(word)
        assert found(word, written) is not None


@given(st.text(max_size=30))
def test_word_finds_itself(text: str) -> None:
    if words(text):
        assert found(text, text) is not None


@pytest.mark.parametrize("text", ["ΦΟΡΟΣ", "φόρου", "οι φόροι", "ΦΌΡΟΥΣ", "φόροσ", "φο\u00adρος", "φο\u0301ρος"])
def test_greek_inflection_is_one_word(text: str) -> None:
    assert found("φόρος", text) is not None


def test_english_inflection_is_one_word() -> None:
    assert found("broken street light", "Two BROKEN Street-Lights") == "BROKEN Street Lights"


@pytest.mark.parametrize(
    ("greek", "greeklish"),
    [
        ("αίτηση", "aithsh aitisi ethsh AITHSHS aitiseis"),
        ("διαρροή", "diarroi diarroh diaroi diarroes"),
        ("νερό", "nero neroy nerou NERO"),
        ("απορρίμματα", "aporrimmata aporimata aporrimmatwn"),
        ("ηλεκτρισμός", "hlektrismos ilektrismos"),
        ("θέρμανση", "thermansi 8ermansh thermanshs"),
        ("χάρτης", "hartis xarths chartis"),
        ("κήπος", "kipos khpos"),
        ("εγγραφή", "eggrafi eggrafh engrafi"),
        ("αυτοκίνητο", "aftokinito autokinhto avtokinito"),
        ("οικογένεια", "oikogeneia ikogenia"),
        ("ψηφιακός", "psifiakos pshfiakos"),
        ("δημοτολόγιο", "dimotologio dhmotologiou"),
        ("πιστοποιητικό", "pistopoiitiko pistopoihtiko"),
    ],
)
def test_greek_word_is_found_in_greeklish(greek: str, greeklish: str) -> None:
    for spelled in greeklish.split():
        assert found(greek, f"Kalispera, {spelled} parakalo") == spelled


def test_longer_greeklish_word_is_found_in_greek() -> None:
    assert found("aporrimmata", "κάδος απορριμμάτων") == "απορριμμάτων"
    assert found("pole", "στην πόλη") is None


def test_phrase_is_found_in_greeklish() -> None:
    assert found("διαρροή νερού", "yparxei diarroh neroy sto spiti mou") == "diarroh neroy"


def test_english_text_is_not_read_as_greeklish() -> None:
    assert found("πόλη", "The pole in front of my house is broken") is None
    assert found("πόλη", "meno stin poli kai den exo nero") == "poli"


def test_greek_in_english_text_is_still_found() -> None:
    assert found("αίτηση", "Please tell me the state of my αίτησης") == "αίτησης"


@pytest.mark.parametrize("text", ["ΑΙTHΣH", "AΙΤΗΣΗ", "αiτηση"])
def test_look_alike_letters_of_the_other_script_are_seen_through(text: str) -> None:
    assert found("αίτηση", text) == text


def test_both_languages_stand_in_one_text() -> None:
    text = "Το wifi στη βιβλιοθήκη doesn't connect"
    assert (found("βιβλιοθήκες", text), found("connecting", text)) == ("βιβλιοθήκη", "connect")


@pytest.mark.parametrize(("phrase", "text"), [("νερό", "νεράντζι"), ("διαρροή νερού", "διαρροή του νερού"), ("!", "!")])
def test_what_is_not_there_is_not_found(phrase: str, text: str) -> None:
    assert found(phrase, text) is None


@given(st.text(), st.text())
def test_any_text_is_decided(subject: str, text: str) -> None:
    ruleset = a_ruleset(a_rule("a", {"words": {"all": ["νερό", "a b"]}}, department="x"), fallback={"department": "y"})
    assert decide(Facts(subject=subject, text=text, sender=text, contacted=subject), ruleset).department in {"x", "y"}


@pytest.mark.parametrize(
    "text", ["α" * 1_000_000, "h" * 39, "th" * 20, "a\u0301" * 100_000, "\u0301" * 100_000, "x " * 500_000]
)
def test_hostile_text_is_read_in_little_time(text: str) -> None:
    assert len(words(text)) <= 50_000
    assert Passage(text).keys is not None
