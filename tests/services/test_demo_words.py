"""What people write in plain words reaches the department of the demo that looks after it."""

from datetime import UTC, datetime, time

import pytest

from helpdesk.services.demo import rules
from helpdesk.services.demo.lexicon import WORDS
from helpdesk.services.demo.offers import SERVICES
from routing import Facts, Ruleset, decide, problems

RULES = Ruleset.from_dict(rules.ruleset())

PLAIN = [
    ("technical-works", "Το φως έξω από το σπίτι μου δεν ανάβει εδώ και μέρες."),
    ("technical-works", "Στη γωνία μας δεν ανάβουν τα φώτα το βράδυ"),
    ("technical-works", "Έχει ανοίξει μια τεράστια τρύπα στον δρόμο"),
    ("technical-works", "Θέλει κλάδεμα η ακακία, ακουμπάει στα καλώδια."),
    ("technical-works", "den anavei to fos sti gonia mas"),
    ("technical-works", "The light is out on our corner since Monday"),
    ("technical-works", "There are potholes all along our street."),
    ("technical-works", "A tree has fallen across the footpath"),
    ("water", "Κόπηκε το νερό χωρίς να μας πει κανείς τίποτα"),
    ("water", "Τρέχουν νερά μέσα στη μέση της πλατείας"),
    ("water", "Μου ήρθε υπερβολικός ο λογαριασμός του νερού."),
    ("water", "We have had no water since this morning."),
    ("water", "I do not understand my water charges"),
    ("cleaning", "Κανείς δεν μάζεψε τα σκουπίδια αυτή την εβδομάδα"),
    ("cleaning", "Πού μπορώ να αφήσω ένα παλιό στρώμα;"),
    ("cleaning", "Our bins are overflowing again."),
    ("cleaning", "How do I get rid of an old sofa?"),
    ("registry", "Πώς βγάζω πιστοποιητικό γέννησης για τον γιο μου;"),
    ("registry", "Χρειάζομαι πιστοποιητικό οικογενειακής κατάστασης."),
    ("registry", "I need a marriage certificate for my embassy."),
    ("social", "Δικαιούμαι επίδομα; Έμεινα χωρίς δουλειά."),
    ("social", "Ποιος κάνει αίτηση για βοήθεια στο σπίτι;"),
    ("social", "Can I apply for housing benefit?"),
    ("digital", "Ξέχασα τον κωδικό μου και δεν μπορώ να μπω"),
    ("digital", "Πλήρωσα δύο φορές το ίδιο πρόστιμο από την ιστοσελίδα."),
    ("digital", "I cannot log in, my password is not accepted"),
    ("digital", "My card was charged twice for the same fee."),
]


def _asked(text: str) -> Facts:
    return Facts(
        channel="email", contacted="", language="el", service="", subject="", text=text, sender="someone@example.org",
        at=datetime(2026, 11, 26, 10, tzinfo=UTC), weekday=3, local_time=time(12),
    )  # fmt: skip


@pytest.mark.parametrize(("department", "text"), PLAIN)
def test_plain_words_reach_the_department(department: str, text: str) -> None:
    assert decide(_asked(text), RULES).department == department


@pytest.mark.parametrize("text", ["Ποιες ώρες είναι ανοιχτό το κολυμβητήριο;", "When does the library open?"])
def test_what_no_rule_knows_goes_to_triage(text: str) -> None:
    assert decide(_asked(text), RULES).department is None


def test_every_rule_can_match_and_names_a_service_of_its_department() -> None:
    assert problems(RULES) == []
    at_home = {item["key"]: item["department"] for item in SERVICES}
    assert all(at_home[service] == department for department, service, *_ in WORDS if service)
