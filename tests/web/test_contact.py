"""How a telephone number is taken down, so that the same person is found again."""

import pytest

from helpdesk.web import contact


@pytest.mark.parametrize(
    "written", ["2101234567", "210 123 4567", "+30 210 1234567", "0030 210-123-4567", "(210) 123.45.67"]
)
def test_a_number_has_one_form_however_it_is_written(app, written):
    assert contact.phone(written) == "+302101234567"


@pytest.mark.parametrize("written", ["", "12", "call me", "+30 1"])
def test_what_can_be_no_number_is_none(app, written):
    assert contact.phone(written) == ""
