"""What was said in a chat can be kept, as text and as a document, whatever signs it was written with."""

import unicodedata
from types import SimpleNamespace

import pytest

from helpdesk.services import printing
from helpdesk.services.chats import Read
from helpdesk.vocabulary import ChatAuthor
from helpdesk.web.chat import transcript
from tests.builders import NOON

pytestmark = pytest.mark.usefixtures("rules")
WRITTEN = (
    "Καλημέρα ΐ ΰ ᾧ ἀρχή", '#heading *bold* $x$ @ref \\ [a] "q"', "😀 中文 العربية \t tab", "δύο\nγραμμές",
)  # fmt: skip
FOUND = SimpleNamespace(number=100234, language="el")


def lines(*said):
    return [Read(seq, ChatAuthor.CITIZEN, text, NOON) for seq, text in enumerate(said, 1)]


@pytest.fixture
def page(app):
    with app.test_request_context("/el/chat"):
        yield


@pytest.mark.parametrize("text", WRITTEN)
def test_a_document_is_made_of_whatever_was_written(page, text):
    made = transcript.as_pdf(FOUND, lines(text), "el")
    assert made.data.startswith(b"%PDF-") and made.headers["Content-Disposition"] == "attachment; filename=chat.pdf"


def test_every_sign_that_is_let_through_can_be_printed(page):
    signs = [chr(code) for code in range(0x20, 0x2800)]
    kept = [one for one in signs if not transcript._PRINTED.match(one) and unicodedata.category(one) != "Cn"]
    assert {"ΐ", "ᾧ", "Ω", "ß", "€", "–"} <= set(kept)
    told = {"language": "el", "spoken": "el", "title": "Τ", "body": "Β", "facts": [], "foot": transcript.UNPRINTED}
    printing.document("chat", told | {"lines": [{"who": "", "when": "", "text": " ".join(kept), "below": []}]})


def test_plain_text_has_everything_as_it_was_written(page):
    text = transcript.as_text(FOUND, lines("😀 中文 <b>"), "el").get_data(as_text=True)
    assert "Εσείς: 😀 中文 <b>" in text and "Αίτημα: 100234" in text
