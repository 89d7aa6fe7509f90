"""Administration's words for codes; the pages translate them."""

from collections.abc import Iterable, Mapping
from typing import Any

from helpdesk import i18n
from helpdesk.services import catalogue, rulebook
from helpdesk.vocabulary import RulebookKind
from helpdesk.web import language
from helpdesk.web.admin.fields import Option
from helpdesk.web.desk.words import LEVEL as LEVEL
from helpdesk.web.desk.words import READERSHIP as READERSHIP
from helpdesk.web.desk.words import TYPE as TYPE
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


PHASE = {
    "proposed": _("Proposed"),
    "planned": _("Planned"),
    "live": _("Live"),
    "retired": _("Retired"),
}
ROLE = {"agent": _("Agent"), "supervisor": _("Supervisor"), "administrator": _("Administrator")}
QUESTION = {
    "text": _("One line"),
    "textarea": _("Several lines"),
    "date": _("A day"),
    "choice": _("A choice"),
}
RULEBOOK = {
    "ruleset": _("Routing rules"),
    "calendar": _("Opening hours"),
    "policy": _("Promised times"),
    "matrix": _("Priorities"),
    "waiting": _("Waiting"),
    "major_criteria": _("Criteria of major incidents"),
    "informing": _("Keeping people informed"),
    "model": _("Models of work"),
}
STATE = {
    "draft": _("Draft"),
    "scheduled": _("Waits for its day"),
    "in_force": _("In force"),
    "retired": _("No longer in force"),
    "discarded": _("Discarded"),
}
WEEKDAY = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
ACT = {
    "made": _("made"),
    "changed": _("changed"),
    "invited": _("invited"),
    "tested": _("tested"),
    "ended": _("ended"),
    "drafted": _("drafted"),
    "discarded": _("discarded"),
    "put-in-force": _("put in force"),
    "scheduled": _("scheduled"),
    "called-off": _("called off"),
    "retired": _("retired"),
    "could-not-start": _("could not start"),
    "applied": _("applied to open requests"),
    "taken-back": _("took back from open requests"),
    "let-in": _("let in"),
    "brought-back": _("brought back"),
    "decided": _("decided about letters"),
    "reset": _("released"),
    "reminded": _("reminded the owner of"),
}
KIND = {
    "assignment": _("Handing out work"),
    "department": _("Department"),
    "team": _("Team"),
    "service": _("Service"),
    "category": _("Category"),
    "customer": _("Customer body"),
    "supplier": _("Supplier"),
    "person": _("Person"),
    "account": _("Mail account"),
    "monitoring": _("Monitoring account"),
    "telephone": _("Telephone"),
    "reply": _("Canned reply"),
    "article": _("Help article"),
    "outage": _("Outage notice"),
    "body": _("The body's settings"),
    "rulebook": _("Version of the rulebook"),
    "classifier": _("What is asked of the classifier"),
    "sender": _("Sender on a list"),
    "mail": _("Mail held back"),
    "brake": _("Brake on acknowledgements"),
    "absence": _("Absence"),
    "problem": _("Problem"),
    "widget": _("Place of the chat"),
}

PATHS = {
    "department": "departments",
    "team": "teams",
    "service": "services",
    "category": "categories",
    "customer": "customers",
    "supplier": "suppliers",
    "person": "people",
    "account": "mail-accounts",
    "monitoring": "monitoring",
    "reply": "canned-replies",
    "article": "articles",
    "outage": "outages",
    "body": "settings",
    "rulebook": "rulebook",
    "sender": "senders",
    "widget": "widgets",
}
"""Where things of a kind are kept, below /admin."""

FIELD = {
    "names": _("Name"),
    "name": _("Name"),
    "titles": _("Title"),
    "texts": _("Text"),
    "bodies": _("Text"),
    "descriptions": _("Description"),
    "key": _("Key"),
    "calendar_key": _("Opening hours"),
    "phone": _("Phone"),
    "active": _("In use"),
    "department_id": _("Department"),
    "departments": _("Departments"),
    "leads": _("Answers for"),
    "members": _("Members"),
    "category_id": _("Category"),
    "parent_id": _("Stands under"),
    "customer_id": _("Customer body"),
    "supplier_id": _("Supplier"),
    "successor_id": _("Chosen instead"),
    "application": _("An application by law"),
    "examples": _("Examples"),
    "position": _("Place among its neighbours"),
    "owner_id": _("Owner"),
    "lead_id": _("Leads it"),
    "contact_name": _("Contact: name"),
    "contact_email": _("Contact: e-mail"),
    "contact_phone": _("Contact: phone"),
    "escalation_name": _("When that does not help: name"),
    "escalation_email": _("When that does not help: e-mail"),
    "escalation_phone": _("When that does not help: phone"),
    "phase": _("Phase"),
    "type": _("Type"),
    "impact": _("Impact"),
    "urgency": _("Urgency"),
    "featured": _("On the first page"),
    "icon": _("Picture"),
    "fields": _("Questions"),
    "role": _("Role"),
    "language": _("Reads our pages in"),
    "languages": _("Languages"),
    "skills": _("Skills"),
    "capacity": _("Capacity"),
    "published": _("Published"),
    "service_id": _("Service"),
    "begins_at": _("Begins"),
    "ends_at": _("Ends"),
    "address": _("Address"),
    "is_default": _("Speaks for the whole body"),
    "settings": _("Connection"),
    "secrets": _("Secrets"),
    "default_owner_id": _("Owner by default"),
    "silent_days": _("Days until a case is silent"),
    "levels": _("Levels of teams"),
    "process_manager": _("Process manager"),
    "reopen_within_days": _("Days in which an answer reopens a resolved request"),
    "symptoms": _("How people tell of it"),
    "causes": _("Cause"),
    "workarounds": _("The way round it"),
    "no_workaround": _("There is no way round it yet"),
    "audience": _("Who may read it"),
    "review_on": _("Look at it again on"),
    "state": _("State"),
    "close_after_days": _("Days after which a resolved request closes"),
    "raw_kept_days": _("Days for which post is kept as it came"),
}


def options(words: Mapping[str, str]) -> list[Option]:
    """A table of words as options of a choice, in the page's language."""
    return [(str(code), say(word)) for code, word in words.items()]


def named(rows: Iterable[Any]) -> list[Option]:
    """Things of the catalogue as options: their ids and names."""
    return [(row.id, name(row.names)) for row in rows]


def name(texts: Mapping[str, str]) -> str:
    """A name in the page's language."""
    return i18n.pick(texts, language.current())


def every(texts: Mapping[str, str]) -> str:
    """A name in all languages, to be searched in."""
    return " ".join(texts.values())


def titled(row: Any) -> str:
    """What a version is called; the one that every body begins with has no name of its own."""
    return row.title if row.title not in ("", rulebook.DEFAULT) else say("The usual one")


def calendars() -> list[Option]:
    """The calendars in force as options."""
    titles = {row.key: titled(row) for row in rulebook.versions(RulebookKind.CALENDAR) if row.state == "in_force"}
    return [(key, titles.get(key, key)) for key in rulebook.all_in_force(RulebookKind.CALENDAR)]


def departments(chosen: int | None = None) -> list[Option]:
    """The departments in use, and the one that is chosen already."""
    return named(row for row in catalogue.departments(all_=True) if row.active or row.id == chosen)
