"""What the municipality's people can read and need not type: help articles, canned replies, a current disturbance."""

from datetime import datetime, timedelta

from sqlalchemy import select

from helpdesk.db import db, insert_many, table
from helpdesk.models.catalogue import Service
from helpdesk.models.help import CannedReply, Outage
from helpdesk.services.demo.house import House


def fill(house: House, at: datetime) -> None:
    """Puts all of it on the shelf."""
    services = {row.key: row.id for row in db.session.execute(select(table(Service)))}
    insert_many(
        table(CannedReply),
        [
            {
                "key": key,
                "titles": titles,
                "texts": texts,
                "department_id": house.departments[department] if department else None,
            }
            for key, department, titles, texts in CANNED
        ],
    )
    outage = {
        "titles": {
            "el": "Διακοπή νερού στη συνοικία Μύλοι",
            "en": "Water cut in the Myloi neighbourhood",
        },
        "texts": {
            "el": "Έσπασε κεντρικός αγωγός. Το συνεργείο βρίσκεται εκεί· δεν χρειάζεται να μας το αναφέρετε ξανά.",
            "en": "A main pipe has burst. The crew is there; you need not report it again.",
        },
        "service_id": services["water-leak"],
        "begins_at": at - timedelta(hours=2),
        "ends_at": at + timedelta(hours=20),
    }
    insert_many(table(Outage), [outage])


CANNED = (
    (
        "received",
        None,
        {"el": "Το παραλάβαμε", "en": "We have it"},
        {
            "el": "Σας ευχαριστούμε που μας γράψατε. Το αίτημά σας παραλήφθηκε και το εξετάζουμε.",
            "en": "Thank you for writing to us. We have received your request and are looking into it.",
        },
    ),
    (
        "need-identity",
        "registry",
        {"el": "Ζητάμε ταυτότητα", "en": "Ask for identity"},
        {
            "el": "Για να προχωρήσουμε χρειαζόμαστε αντίγραφο της ταυτότητάς σας, και από τις δύο όψεις.",
            "en": "To go on we need a copy of your identity card, both sides.",
        },
    ),
    (
        "crew-on-its-way",
        "technical-works",
        {"el": "Το συνεργείο έρχεται", "en": "The crew is coming"},
        {
            "el": "Το συνεργείο θα περάσει μέσα στις επόμενες δύο εργάσιμες ημέρες.",
            "en": "The crew will come within the next two working days.",
        },
    ),
    (
        "pole-number",
        "technical-works",
        {"el": "Αριθμός στύλου", "en": "Number of the lamp post"},
        {
            "el": "Μπορείτε να μας πείτε τον αριθμό που γράφει η πινακίδα πάνω στον στύλο;",
            "en": "Could you tell us the number on the small plate of the lamp post?",
        },
    ),
    (
        "meter-reading",
        "water",
        {"el": "Ένδειξη υδρομέτρου", "en": "Meter reading"},
        {
            "el": "Παρακαλούμε στείλτε μας τη σημερινή ένδειξη του υδρομέτρου σας.",
            "en": "Please send us today's reading of your water meter.",
        },
    ),
    (
        "bulky-date",
        "cleaning",
        {"el": "Ημέρα για ογκώδη", "en": "Date for bulky waste"},
        {
            "el": "Μπορούμε να περάσουμε την Τετάρτη, από τις 7 ως τις 10 το πρωί. Σας βολεύει;",
            "en": "We could come on Wednesday between 7 and 10 in the morning. Would that suit you?",
        },
    ),
    (
        "not-competent",
        None,
        {"el": "Δεν είμαστε αρμόδιοι", "en": "Not our competence"},
        {
            "el": "Για το θέμα αυτό αρμόδια είναι άλλη υπηρεσία. Σας γράφουμε παρακάτω πού θα απευθυνθείτε.",
            "en": "Another authority is responsible for this matter. Below you find whom to ask.",
        },
    ),
)
