"""A place on another site has its own colour, on which words can always be read."""

import pytest

from helpdesk.errors import Invalid
from helpdesk.services.chats import colours, widgets
from tests.builders import an_administrator

pytestmark = pytest.mark.usefixtures("rules")


def a_place(colour):
    told = {"names": {"el": "Ιστότοπος", "en": "Site"}, "origins": ["https://www.city.example"], "key": "tinted"}
    widgets.save(an_administrator(), None, **told, colour=colour)


def test_on_every_colour_the_words_are_readable():
    steps = range(0, 256, 15)
    tried = [f"#{red:02x}{green:02x}{blue:02x}" for red in steps for green in steps for blue in steps]
    assert min(colours.contrast(colours.words_on(one), one) for one in tried) >= colours.READABLE


def test_known_contrasts_are_reckoned_as_the_guidelines_say():
    assert round(colours.contrast("#ffffff", "#000000"), 2) == 21
    assert round(colours.contrast("#ffffff", "#767676"), 2) == 4.54


def test_the_frame_wears_the_colour_of_its_place_by_a_style_sheet_of_our_own(client):
    a_place("#FFD400")
    page = client.get("/widget/tinted")
    assert "/widget/tinted/theme.css" in page.text and "unsafe-inline" not in page.headers["Content-Security-Policy"]
    sheet = client.get("/widget/tinted/theme.css")
    assert sheet.mimetype == "text/css"
    assert "background: #ffd400; color: #000000" in sheet.text


def test_a_place_without_a_colour_has_the_usual_one(client):
    a_place("")
    assert "theme.css" not in client.get("/widget/tinted").text


@pytest.mark.parametrize("told", ["red", "#12345", "#0b4f6c;}", "url(x)"])
def test_what_is_no_colour_is_refused(told):
    with pytest.raises(Invalid):
        a_place(told)


def test_the_loader_is_small(client):
    assert len(client.get("/widget/v1.js").data) < 10_000
