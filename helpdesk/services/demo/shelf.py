"""What the municipality's people can read and need not type: help articles, canned replies, a current disturbance."""

from datetime import datetime, timedelta
from pathlib import Path

from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, handbook
from helpdesk.services.demo.house import House
from helpdesk.services.demo.phrasings import PHRASINGS

_ARTICLES = Path(__file__).with_name("articles")

ABOUT: dict[str, str | None] = {
    "follow-request": None,
    "street-light": "street-light",
    "pothole": "road-damage",
    "dangerous-tree": "tree-danger",
    "missed-bin": "missed-collection",
    "bulky-waste": "bulky-waste",
    "water-cut": "water-leak",
    "water-bill": "water-bill",
    "family-certificate": "family-certificate",
    "rent-support": "rent-support",
    "paid-twice": "online-payment",
    "portal-password": "portal-account",
}
"""The articles, and the service each is about."""


def fill(house: House, at: datetime) -> None:
    """Puts all of it on the shelf."""
    for name, key in ABOUT.items():
        _article(name, key, at - timedelta(days=20))
    for department, titles, texts in CANNED:
        where = house.departments[department] if department else None
        handbook.save(SYSTEM, "reply", None, at, titles=titles, texts=texts, department_id=where)
    lasts = {"begins_at": at - timedelta(hours=2), "ends_at": at + timedelta(hours=20)}
    about = catalogue.id_of("service", "water-leak")
    handbook.save(SYSTEM, "outage", None, at, service_id=about, titles=OUTAGE[0], texts=OUTAGE[1], **lasts)


def _article(name: str, key: str | None, at: datetime) -> None:
    """A file a language, the title in its first line."""
    read = {language: (_ARTICLES / f"{name}.{language}.md").read_text(encoding="utf-8") for language in ("el", "en")}
    parts = {language: text.removeprefix("# ").split("\n", 1) for language, text in read.items()}
    service = catalogue.service(key) if key else None
    handbook.save(
        SYSTEM,
        "article",
        None,
        at,
        titles={language: title for language, (title, _) in parts.items()},
        bodies={language: body.strip() for language, (_, body) in parts.items()},
        phrasings=PHRASINGS.get(name, {}),
        service_id=service.id if service else None,
        department_id=service.department_id if service else None,
    )


OUTAGE = (
    {"el": "Διακοπή νερού στη συνοικία Μύλοι", "en": "Water cut in the Myloi neighbourhood"},
    {
        "el": "Έσπασε κεντρικός αγωγός. Το συνεργείο βρίσκεται εκεί· δεν χρειάζεται να μας το αναφέρετε ξανά.",
        "en": "A main pipe has burst. The crew is there; you need not report it again.",
    },
)

CANNED = (
    (
        None,
        {"el": "Το παραλάβαμε", "en": "We have it"},
        {
            "el": "Σας ευχαριστούμε που μας γράψατε. Το αίτημά σας παραλήφθηκε και το εξετάζουμε.",
            "en": "Thank you for writing to us. We have received your request and are looking into it.",
        },
    ),
    (
        "registry",
        {"el": "Ζητάμε ταυτότητα", "en": "Ask for identity"},
        {
            "el": "Για να προχωρήσουμε χρειαζόμαστε αντίγραφο της ταυτότητάς σας, και από τις δύο όψεις.",
            "en": "To go on we need a copy of your identity card, both sides.",
        },
    ),
    (
        "technical-works",
        {"el": "Το συνεργείο έρχεται", "en": "The crew is coming"},
        {
            "el": "Το συνεργείο θα περάσει μέσα στις επόμενες δύο εργάσιμες ημέρες.",
            "en": "The crew will come within the next two working days.",
        },
    ),
    (
        "technical-works",
        {"el": "Αριθμός στύλου", "en": "Number of the lamp post"},
        {
            "el": "Μπορείτε να μας πείτε τον αριθμό που γράφει η πινακίδα πάνω στον στύλο;",
            "en": "Could you tell us the number on the small plate of the lamp post?",
        },
    ),
    (
        "water",
        {"el": "Ένδειξη υδρομέτρου", "en": "Meter reading"},
        {
            "el": "Παρακαλούμε στείλτε μας τη σημερινή ένδειξη του υδρομέτρου σας.",
            "en": "Please send us today's reading of your water meter.",
        },
    ),
    (
        "cleaning",
        {"el": "Ημέρα για ογκώδη", "en": "Date for bulky waste"},
        {
            "el": "Μπορούμε να περάσουμε την Τετάρτη, από τις 7 ως τις 10 το πρωί. Σας βολεύει;",
            "en": "We could come on Wednesday between 7 and 10 in the morning. Would that suit you?",
        },
    ),
    (
        None,
        {"el": "Δεν είμαστε αρμόδιοι", "en": "Not our competence"},
        {
            "el": "Για το θέμα αυτό αρμόδια είναι άλλη υπηρεσία. Σας γράφουμε παρακάτω πού θα απευθυνθείτε.",
            "en": "Another authority is responsible for this matter. Below you find whom to ask.",
        },
    ),
)
