"""A major incident of the demo's past, from the third report to the review, and one that criteria propose just now."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from helpdesk import i18n
from helpdesk.permissions import Actor
from helpdesk.services import majors, rulebook, tickets
from helpdesk.services.demo.cases_english import CASES as ENGLISH
from helpdesk.services.demo.cases_greek import CASES as GREEK
from helpdesk.services.demo.life import Life
from helpdesk.services.demo.stage import Stage, Story
from helpdesk.services.majors import Action
from helpdesk.vocabulary import Role, RulebookKind

SERVICE = "water-leak"
AGO = timedelta(days=9)
CRITERIA = {
    "similar": {"count": 5, "minutes": 30},
    "services": {SERVICE: {"count": 3, "minutes": 45}},
    "priority": {"priorities": [], "impacts": []},
}
TITLES = {"el": "Διακοπή νερού στο κέντρο και στην Άνω Πόλη", "en": "No water in the centre and the Upper Town"}
SUMMARIES = {
    "el": "Έσπασε ο κεντρικός αγωγός στη λεωφόρο Ειρήνης. Το συνεργείο είναι επί τόπου.",
    "en": "The water main in Irinis Avenue is broken. The crew is on the spot.",
}
UPDATES = (
    {
        "el": "Απομονώσαμε τον αγωγό και σκάβουμε. Υδροφόρα του δήμου βρίσκεται στην πλατεία Ελευθερίας.",
        "en": "We have shut the main off and are digging. The municipality's water tank stands in Eleftherias Square.",
    },
    {
        "el": "Βρήκαμε τη ρωγμή. Αλλάζουμε τρία μέτρα αγωγού. Υπολογίζουμε να έχετε νερό ως τις 13:00.",
        "en": "We have found the crack and are replacing three metres of pipe. We expect the water back by 13:00.",
    },
)
END = {
    "el": "Το νερό επανήλθε παντού. Αφήστε τη βρύση να τρέξει λίγα λεπτά, ώσπου να καθαρίσει. Ευχαριστούμε.",
    "en": "The water is back everywhere. Let the tap run for some minutes until it is clear. Thank you.",
}
CAUSE = (
    "Αγωγός του 1974 από χυτοσίδηρο ράγισε στην ένωση κάτω από τη λεωφόρο, όπου τα βαριά οχήματα αυξήθηκαν μετά τη "
    "νέα παράκαμψη.\n\nΗ βάνα απομόνωσης του τμήματος δεν έκλεινε πλήρως, γι' αυτό κόπηκε το νερό σε διπλάσια περιοχή."
)
WELL = (
    "Η τρίτη αναφορά έφερε αμέσως την πρόταση για μείζον περιστατικό.\nΌλοι όσοι έγραψαν ενημερώθηκαν στη γλώσσα τους "
    "και κανείς δεν χρειάστηκε να ξαναρωτήσει.\nΗ υδροφόρα ήταν στη θέση της σε 50 λεπτά."
)
BADLY = (
    "Ο χάρτης των βανών έδειχνε λάθος θέση και χάθηκε μισή ώρα.\n"
    "Τα δύο σχολεία της περιοχής το έμαθαν από τους γονείς και όχι από εμάς."
)


def prepare(at: datetime) -> None:
    """The body's own criteria."""
    rulebook.enact(RulebookKind.MAJOR_CRITERIA, "default", CRITERIA, title="Κριτήρια μείζονων περιστατικών", at=at)


def enter(stage: Stage, now: datetime) -> None:
    """The water main of last week, and reports that come in right now."""
    prepare(stage.now)
    morning = (now - AGO).astimezone(i18n.ZONE).replace(hour=7, minute=40, second=0, microsecond=0)
    if morning > stage.now:
        stage.enter(_water_main(stage), morning)
    for minutes in (34, 21):
        begins = now - timedelta(minutes=minutes)
        if begins > stage.now:
            stage.enter(_reports(stage, minutes), begins)


def _reports(stage: Stage, place: int) -> Story:
    _reported(stage, place)
    yield from ()


def _reported(stage: Stage, place: int, english: bool = False) -> int:
    cases = [case for case in (ENGLISH if english else GREEK) if case.service == SERVICE]
    life = Life(stage, cases[place % len(cases)])
    life.by_form()
    return life.number


def _water_main(stage: Stage) -> Iterator[datetime]:
    """Eleven reports, a declaration, two updates, the end, the review, closed."""
    numbers = []
    for place in range(4):
        numbers.append(_reported(stage, place))
        yield stage.now + timedelta(minutes=4)
    coordinator, boss = _people(stage)
    tickets.assign(boss, numbers[0], coordinator.id, at=stage.now)
    majors.declare(coordinator, numbers[0], coordinator.id or 0, TITLES, SUMMARIES, link=numbers[1:], at=stage.now)
    for place in range(7):
        yield stage.now + timedelta(minutes=5)
        numbers.append(_reported(stage, place, english=place in {2, 5}))
    majors.link(coordinator, numbers[0], numbers[4:], at=stage.now)
    for minutes, texts in zip((15, 55), UPDATES, strict=True):
        yield stage.now + timedelta(minutes=minutes)
        majors.spread(majors.publish(coordinator, numbers[0], texts, 60, at=stage.now))
    yield stage.now + timedelta(minutes=58)
    majors.resolve(coordinator, numbers[0], "solved", END, at=stage.now)
    majors.settle(numbers[0], stage.now)
    yield stage.now + timedelta(days=2, hours=3)
    majors.save(boss, numbers[0], _review(boss, coordinator, numbers[0], stage.now), at=stage.now)
    tickets.close(boss, numbers[0], at=stage.now)


def _people(stage: Stage) -> tuple[Actor, Actor]:
    """Who coordinates, and who leads."""
    water = stage.house.departments["water"]
    leads = [one.actor for one in stage.house.members if one.actor.role is Role.SUPERVISOR]
    return stage.house.of("water")[0].actor, next(one for one in leads if water in one.departments)


def _review(boss: Actor, coordinator: Actor, number: int, at: datetime) -> majors.Review:
    begun = majors.begun(boss, number, "el")
    actions = (
        Action("Επιθεώρηση όλων των βανών απομόνωσης στη λεωφόρο Ειρήνης", coordinator.id, _in(at, 30)),
        Action("Διόρθωση του χάρτη βανών με μέτρηση στο πεδίο", coordinator.id, _in(at, 45)),
        Action("Κατάλογος σχολείων και δομών που ενημερώνονται πρώτα", boss.id, _in(at, 14)),
    )
    return majors.Review(begun.timeline, CAUSE, WELL, BADLY, actions)


def _in(at: datetime, days: int) -> date:
    return (at + timedelta(days=days)).date()
