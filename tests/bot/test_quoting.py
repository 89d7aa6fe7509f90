"""A passage is quoted word for word: the part that answers, without Markdown, cut where it is long."""

from helpdesk.services.bot.quoting import CUT, LONGEST, passage

BODY = """
Πρώτη **παράγραφος** με [σύνδεσμο](/ask/x).

## Κόστος

| Κυβικά | Τιμή |
|---|---|
| ως 60 | 0,48 € |
"""


def test_a_short_article_is_quoted_whole_without_marks():
    assert passage(BODY, "τιμή") == "Πρώτη παράγραφος με σύνδεσμο.\n\nΚόστος\nΚυβικά: Τιμή\nως 60: 0,48 €"


def test_of_a_long_one_the_part_that_holds_the_question():
    filler = "\n\n".join("Λόγια για κάτι εντελώς άλλο, που γεμίζουν τη σελίδα." * 4 for _ in range(6))
    told = passage(f"{filler}\n\n## Βάψιμο\n\nΟι διαβάσεις βάφονται την άνοιξη.\n\n{filler}", "βάψιμο διαβάσεων")
    assert told.startswith(f"{CUT}\nΒάψιμο\nΟι διαβάσεις βάφονται την άνοιξη.") and told.endswith(CUT)
    assert len(told) < LONGEST + 10


def test_one_endless_paragraph_is_cut_at_a_word():
    told = passage("λέξη " * 1000, "άλλο")
    assert len(told) <= LONGEST + 2 and told.endswith(f"λέξη {CUT}")


def test_nothing_written_is_nothing_quoted():
    assert passage("", "νερό") == "" and passage("\n\n##\n", "νερό") == ""
