"""What the municipality's people asked the bot in the last weeks: answered, refused, passed on, called wrong."""

from dataclasses import replace
from datetime import datetime, timedelta

from helpdesk.services import bot
from helpdesk.services.dialogue import Spoken

TALKS: tuple[tuple[int, str, tuple[tuple[str, str], ...]], ...] = (
    (2, "el", (("πότε αδειάζουν οι κάδοι", ""), ("Ναι", "yes"))),
    (5, "el", (("κόπηκε το νερό στο σπίτι", ""), ("Ναι", "yes"))),
    (20, "en", (("reset my password for the portal", ""), ("Yes", "yes"))),
    (27, "el", (("epidoma enoikiou", ""), ("Ναι", "yes"))),
    (31, "el", (("πού παίρνω κάρτα στάθμευσης", ""), ("για μόνιμους κατοίκους στάθμευση", ""))),
    (46, "el", (("κάρτα στάθμευσης μόνιμου κατοίκου", ""), ("θέλω να μιλήσω με άνθρωπο", ""))),
    (52, "en", (("what does a parking permit cost", ""),)),
    (74, "el", (("λακκούβα στον δρόμο", ""),)),
    (79, "el", (("αποκομιδή ογκωδών", ""), ("Λάθος", "wrong"), ("πότε παίρνετε κλαδιά", ""))),
    (
        98,
        "el",
        (("οικογενειακή κατάσταση", ""), ("Αίτημα", "form"), ("Για το εξωτερικό", "value:abroad")),
    ),
    (120, "el", (("τι γίνεται με το αίτημά μου", ""),)),
    (146, "en", (("my card was charged twice", ""), ("Yes", "yes"))),
    (170, "el", (("μυρίζει γκάζι στην πολυκατοικία", ""),)),
    (194, "el", (("πότε ανοίγει το κολυμβητήριο", ""), ("ώρες κολυμβητηρίου", ""))),
    (218, "el", (("σβηστό φως στον δρόμο", ""), ("Ναι", "yes"))),
)
"""Hours ago, the page's language, and what was said with the choice that was pressed."""


def hold(now: datetime) -> None:
    """Holds these conversations."""
    for hours, language, said in TALKS:
        at = now - timedelta(hours=hours)
        spoken = Spoken(0, language, at)
        kept = bot.greet(spoken, at).kept
        for step, (words, choice) in enumerate(said, 1):
            kept = bot.answer(replace(spoken, kept=kept, choice=choice), words, at + timedelta(minutes=step)).kept
