"""Into how many parts a short message is cut: the networks' own letters, their long ones, Greek, and emoji."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.segments import count

GREEK = st.text("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώΆΈ ΑΒΓ.,;!0123456789", max_size=500)
LATIN = st.text("abcdefghijklmnopqrstuvwxyz ABC.,;!0123456789@£$¥èéΔΦΓΛΩΠΨΣΘΞ", max_size=900)
ANY = st.text(max_size=300)


@pytest.mark.parametrize(
    ("text", "parts", "wide"),
    [
        ("", 0, False),
        ("a" * 160, 1, False),
        ("a" * 161, 2, False),
        ("a" * 306, 2, False),
        ("a" * 307, 3, False),
        ("€" * 80, 1, False),
        ("€" * 81, 2, False),
        ("a" + "€" * 76 + "€", 1, False),
        ("ΔΦΓΛΩΠΨΣΘΞ", 1, False),
        ("Α", 1, True),
        ("α" * 70, 1, True),
        ("α" * 71, 2, True),
        ("α" * 134, 2, True),
        ("α" * 135, 3, True),
        ("😀" * 35, 1, True),
        ("😀" * 36, 2, True),
        ("😀" * 67, 3, True),
    ],
)
def test_parts_are_those_of_the_networks(text, parts, wide):
    told = count(text)
    assert (told.parts, told.wide) == (parts, wide)


@given(GREEK)
def test_greek_takes_seventy_letters_or_parts_of_sixty_seven(text):
    told = count(text)
    if told.wide:
        assert told.places == len(text)
        assert told.parts == (1 if len(text) <= 70 else -(-len(text) // 67))


@given(LATIN)
def test_the_networks_own_letters_take_a_hundred_and_sixty_or_parts_of_one_five_three(text):
    told = count(text)
    assert not told.wide
    assert told.parts == (0 if not text else 1 if len(text) <= 160 else -(-len(text) // 153))


@given(ANY, ANY)
def test_more_words_never_make_fewer_parts_and_fit_into_the_room(one, other):
    whole = count(one + other)
    assert whole.parts >= max(count(one).parts, count(other).parts) or not whole.wide
    assert whole.places <= whole.room or not one + other
    assert whole.parts == 0 or whole.room == whole.parts * (67 if whole.wide else 153) or whole.parts == 1
