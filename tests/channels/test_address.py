"""Signed reply addresses prove their ticket, and nothing else does."""

from hypothesis import given
from hypothesis import strategies as some

from channels.email import address

KEY, OLD = b"k" * 32, b"o" * 32


@given(some.integers(1, 10**14), some.sampled_from(["help@city.example", "dimos@x.gr"]))
def test_an_address_names_its_ticket_in_any_case(number, plain):
    signed = address.sign(number, KEY, plain)
    assert address.read(signed, [KEY]) == address.read(signed.upper(), [OLD, KEY]) == number
    assert address.bare(signed) == plain
    assert len(signed.partition("@")[0]) <= 64


def test_another_number_another_key_or_a_changed_letter_proves_nothing():
    signed = address.sign(100001, KEY, "help@city.example")
    changed = signed.replace(signed[-17], "a" if signed[-17] != "a" else "b")
    assert address.read(signed.replace("100001", "100002"), [KEY]) is None
    assert address.read(signed, [OLD]) is None
    assert address.read(changed, [KEY]) is None
    assert address.read("help@city.example", [KEY]) is None
    assert address.read(signed, []) is None
