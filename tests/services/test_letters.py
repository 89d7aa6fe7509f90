"""Letters: complete in each language, safe in each form."""

from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from helpdesk import i18n
from helpdesk.services import letters

NAMES = sorted(path.name for path in letters.FOLDER.iterdir() if path.is_dir())
VALUES = {
    "number": 100_001,
    "subject": "Δεν ανάβει το φως",
    "department": "Τμήμα Φωτισμού",
    "promised_at": datetime(2026, 12, 1, 9, tzinfo=UTC),
    "until": datetime(2026, 12, 24, 9, tzinfo=UTC),
    "person": "Μαρία",
    "days": 7,
    "address": "info@city.example",
    "link": "https://help.example.org/el/track?number=100001&code=ABCD",
    "code": "ABCD-EFGH-JKLM",
    "body_name": "Δήμος Δοκιμής",
    "level": 1,
    "reason": "Ο δήμαρχος ρωτά.",
    "earlier": 100_000,
    "cut": False,
    "text": "Ήρθε το συνεργείο.",
    "agent": "Μαρία",
    "quoted": "Πότε θα έρθετε;",
    "minutes": 30,
    "missed": False,
    "next_at": datetime(2026, 11, 24, 12, tzinfo=UTC),
    "over": False,
    "second": False,
    "service": "Φωτισμός",
    "sentence": "Η προθεσμία πλησιάζει.",
    "late": True,
    "to": "Συνεργείο",
    "need": "Στείλτε έγγραφο.",
    "asked": "Ποια οδός;",
    "since": datetime(2026, 11, 20, 9, tzinfo=UTC),
    "last": True,
    "ends": True,
    "what": "Περιμένει προμηθευτή.",
    "unreached": False,
    "why": "Πολλά αιτήματα.",
    "phone": "+302101234567",
    "other": 100_000,
    "title": "Συμφωνία με τα Τεχνικά Έργα",
    "on": "24 Σεπ 2027",
    "step": "Έλεγχος του προϋπολογισμού.",
    "note": "Ως 500 €.",
    "approved": True,
    "once": "123 456",
    "told": "Το αίτημα λύθηκε",
    "headline": "Κάποιος ασχολείται με το αίτημά σας",
    "then": "Θα σας πούμε.",
    "tag": "100001-ABCD",
    "kind": "away",
    "who": "Μαρία",
    "count": 3,
    "items": [{"number": 100_001, "subject": "Δεν ανάβει το φως", "due": "", "link": "https://help.example.org/desk"}],
    "listed": [{"number": 100_001, "subject": "Δεν ανάβει το φως", "link": "https://help.example.org/desk"}],
    "more": 0,
    "stayed": 0,
    "lead": False,
    "asks": True,
    "closes": "",
    "call_phone": "+302101234567",
    "call_way": "phone",
    "windows": [(datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC), 3, 1)],
    "too_many": 2,
    "call_begins": datetime(2026, 11, 24, 9, tzinfo=UTC),
    "call_ends": datetime(2026, 11, 24, 10, tzinfo=UTC),
    "protocol_number": "2026/17",
    "protocol_at": datetime(2026, 11, 24, 9, tzinfo=UTC),
    "place": {"name": "Περιφέρεια Αττικής", "email": "protocol@region.example", "phone": "+302101234567"},
}

HEADED = {"colleague", "concerned", "progress"}
"""Letters whose subject is a sentence that they are given."""


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_letter_is_written_in_each_language(name, language):
    letter = letters.render(name, language, **VALUES)
    assert letter.subject.strip() and letter.text.strip()
    assert "%(" not in letter.subject + letter.text + (letter.html or "")


@pytest.mark.parametrize("name", NAMES)
def test_no_english_is_left_in_a_greek_letter(name):
    whole = letters.render(name, "el", **VALUES)
    english = letters.render(name, "en", **VALUES)
    fixed = {str(value) for value in VALUES.values()} | set(VALUES["place"].values()) | {VALUES["items"][0]["link"]}
    shared = {line for line in whole.text.splitlines() if line.strip()} & set(english.text.splitlines())
    assert {line for line in shared if not any(value in line for value in fixed)} == set()
    assert whole.subject != english.subject or name in HEADED


@pytest.mark.parametrize("turn", ["missed", "ends", "unreached", "last"])
def test_a_letter_that_speaks_otherwise_then_is_greek_too(turn):
    other = VALUES | {"ends": False, turn: not VALUES[turn]}
    for name in ("delayed", "reminder", "waiting"):
        english = letters.render(name, "en", **other).text.splitlines()
        fixed = {str(value) for value in other.values()}
        shared = {line for line in letters.render(name, "el", **other).text.splitlines() if line.strip()} & set(english)
        assert {line for line in shared if not any(value in line for value in fixed)} == set()


def test_the_promised_day_stands_in_words():
    assert "Τρίτη 1 Δεκεμβρίου 2026" in letters.render("received", "el", **VALUES).text
    assert "Tuesday 1 December 2026" in letters.render("received", "en", **VALUES).text


def test_a_subject_is_one_line_whatever_the_citizen_wrote():
    letter = letters.render("received", "en", **VALUES | {"subject": "Light\r\nBcc: all@example.org"})
    assert "\n" not in letter.subject and "\r" not in letter.subject


def test_text_is_left_as_it_is_and_html_is_escaped():
    letter = letters.render("answered", "en", **VALUES | {"text": 'Use <b> & "c"', "agent": "<i>"})
    assert 'Use <b> & "c"' in letter.text
    assert letter.html and "<b>" not in letter.html and "&lt;b&gt;" in letter.html and "&lt;i&gt;" in letter.html


def test_what_the_citizen_wrote_is_quoted_below_line_by_line():
    letter = letters.render("answered", "en", **VALUES | {"quoted": "one\n\ntwo"})
    assert letter.text.rstrip().endswith("> one\n>\n> two")


def test_a_long_quotation_is_cut():
    assert len(letters.quote("α" * 10_000)) < 2_100


def test_a_letter_without_its_values_is_refused():
    with pytest.raises(UndefinedError):
        letters.render("received", "en", number=1)
