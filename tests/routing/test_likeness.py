"""Like texts find each other: whatever case, accents, inflection or script, and strangers do not."""

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from routing.likeness import BANDS, alike, bands, likeness

LAMP = ("Δεν ανάβει το φως", "Στην οδό Ερμού 12 δεν ανάβει η λάμπα του δρόμου εδώ και τρεις μέρες.")


def test_case_accents_and_inflection_make_no_difference():
    shouted = likeness("ΔΕΝ ΑΝΑΒΕΙ ΤΟ ΦΩΣ", "ΣΤΗΝ ΟΔΟ ΕΡΜΟΥ 12 ΔΕΝ ΑΝΑΒΕΙ Η ΛΑΜΠΑ ΤΟΥ ΔΡΟΜΟΥ ΕΔΩ ΚΑΙ ΤΡΕΙΣ ΜΕΡΕΣ")
    assert shouted == likeness(*LAMP)


def test_greeklish_meets_greek():
    heard = likeness("Den anavei to fos", "Stin odo Ermou 12 den anavei i lampa tou dromou edo kai treis meres")
    assert alike(likeness(*LAMP).words, heard.words) > 0.6


def test_the_same_matter_in_other_words_is_nearer_than_another_matter():
    lamp, again = likeness(*LAMP), likeness("Σβηστή λάμπα", "Η λάμπα στην οδό Ερμού, έξω από το 12, δεν ανάβει")
    other = likeness("Κάδος", "Ο κάδος ανακύκλωσης στην οδό Ελιάς έχει ξεχειλίσει από την Παρασκευή")
    assert alike(lamp.words, again.words) > 0.5 > alike(lamp.words, other.words) + 0.2


def test_like_texts_share_a_band_and_strangers_do_not():
    lamp, again = likeness(*LAMP), likeness("Φως", "Στην Ερμού 12 δεν ανάβει το φως του δρόμου")
    other = likeness("Πιστοποιητικό", "Χρειάζομαι πιστοποιητικό οικογενειακής κατάστασης για το σχολείο")
    assert set(lamp.bands) & set(again.bands)
    assert not set(lamp.bands) & set(other.bands)


def test_nothing_said_is_like_nothing():
    nothing = likeness("", "και το να")
    assert (nothing.words, nothing.bands, alike(nothing.words, nothing.words)) == ((), (), 0.0)


@given(st.sets(st.text("αβγδε", min_size=1, max_size=4), min_size=1, max_size=40), st.randoms())
def test_order_makes_no_difference_and_bands_fit_their_column(words, chance):
    shuffled = sorted(words)
    chance.shuffle(shuffled)
    found = bands(shuffled)
    assert found == bands(sorted(words)) and len(found) == BANDS
    assert all(-(2**31) <= one < 2**31 for one in found)
    assert alike(words, shuffled) == 1.0


def test_a_long_text_is_read_quickly():
    begin = perf_counter()
    likeness("Θέμα", "λέξη άλλη τρίτη " * 5_000)
    assert perf_counter() - begin < 2
