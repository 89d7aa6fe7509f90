"""What the municipality knows of its recurring troubles: one that citizens may read of, one for colleagues."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.models.tickets import Ticket
from helpdesk.services import catalogue, problems
from helpdesk.services.demo.departments import text
from helpdesk.services.demo.house import House
from helpdesk.vocabulary import Audience

KNOWN: tuple[dict[str, Any], ...] = (
    {
        "department": "digital",
        "service": "online-payment",
        "audience": Audience.PUBLIC,
        "titles": text("Η πληρωμή με κάρτα κόβεται με σφάλμα 51", "Card payments end with error 51"),
        "symptoms": text(
            "σφάλμα 51, απορρίπτεται η κάρτα, η πληρωμή δεν ολοκληρώνεται, χρεώθηκα δύο φορές",
            "error 51, card declined, payment not completed, charged twice",
        ),
        "causes": text(
            "Ο πάροχος πληρωμών κλείνει τη σύνδεση όταν η τράπεζα ζητά δεύτερη επιβεβαίωση.",
            "The payment provider drops the connection when the bank asks for a second confirmation.",
        ),
        "workarounds": text(
            "Περιμένετε δέκα λεπτά και πληρώστε με IRIS ή στο ταμείο. Αν χρεωθήκατε δύο φορές, το δεύτερο ποσό"
            " επιστρέφει μόνο του σε τρεις εργάσιμες ημέρες.",
            "Wait ten minutes and pay by IRIS or at the cash desk. If you were charged twice, the second amount comes"
            " back by itself within three working days.",
        ),
    },
    {
        "department": "technical-works",
        "service": "street-light",
        "audience": Audience.INTERNAL,
        "titles": text("Σβήνει ολόκληρος ο δρόμος μετά από βροχή", "A whole street goes dark after rain"),
        "symptoms": text(
            "έσβησαν όλα τα φώτα, σκοτάδι σε όλο τον δρόμο, μετά τη βροχή, έπεσε ο φωτισμός",
            "all lights out, whole street dark, after the rain",
        ),
        "causes": text("Υγρασία στο κιβώτιο διανομής.", "Damp in the distribution box."),
        "workarounds": text(
            "Ο τεχνικός ανεβάζει τον διακόπτη διαρροής στο κιβώτιο της γωνίας· δεν χρειάζεται αλλαγή λαμπτήρων.",
            "The technician resets the leakage switch in the box at the corner; no lamp need be changed.",
        ),
    },
)
REVIEWED_AFTER = timedelta(days=60)


def note(house: House, at: datetime) -> None:
    """Writes them down, each by somebody of its department."""
    for known in KNOWN:
        owner = house.of(known["department"])[-1].actor
        said = {name: known[name] for name in ("titles", "symptoms", "causes", "workarounds", "audience")}
        about = catalogue.id_of("service", known["service"])
        opened = problems.open_(owner, service_id=about, review_on=(at + REVIEWED_AFTER).date(), at=at, **said)
        problems.declare(owner, opened.id, at=at)


def link(house: House, at: datetime) -> None:
    """Some tickets of the past weeks stand with them; the way round helped in most."""
    tickets = table(Ticket).c
    for place, known in enumerate(KNOWN):
        service_id = catalogue.id_of("service", known["service"])
        mine = select(tickets.id).where(tickets.service_id == service_id, tickets.is_open.is_(False))
        owner = house.of(known["department"])[-1].actor
        problem = problems.listed("known", at).rows[-1 - place]
        for at_, number in enumerate(db.session.execute(mine.order_by(tickets.id).limit(4)).scalars().all()):
            (problems.link if at_ == 0 else problems.use)(owner, number, problem.id, at=at)
