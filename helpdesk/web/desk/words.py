"""The desk's words for codes, translated once a language and kept, so that a row costs no look-up in a catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from helpdesk import i18n
from helpdesk.services.majors.chronicle import CRITERIA
from helpdesk.services.views import Sort, View
from helpdesk.web.desk import process_words


def _(message: str) -> str:
    """Marks a message for translation; it is translated when a language's words are made."""
    return message


STATUS = {
    "new": _("New"),
    "open": _("In progress"),
    "waiting_requester": _("Waiting for citizen"),
    "waiting_supplier": _("Waiting for supplier"),
    "waiting_internal": _("Waiting for colleagues"),
    "scheduled": _("Scheduled"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
    "cancelled": _("Cancelled"),
    "merged": _("Merged"),
}
PRIORITY = {"critical": _("Critical"), "high": _("High"), "normal": _("Normal"), "low": _("Low")}
READERSHIP = {
    "public": _("Everybody"),
    "staff": _("Colleagues only"),
    "department": _("Its department only"),
}
LEVEL = {"high": _("High"), "medium": _("Medium"), "low": _("Low")}
TYPE = {
    "incident": _("Incident"),
    "request": _("Service request"),
    "complaint": _("Complaint"),
    "information": _("Information"),
    "security_incident": _("Security incident"),
    "accessibility": _("Accessibility remark"),
    "data_protection": _("Data protection request"),
}
CARE = {"vulnerable": _("Vulnerable person."), "vip": _("Person of special standing.")}
CHANNEL = {
    "email": _("E-mail"),
    "webform": _("Web form"),
    "phone": _("Phone"),
    "chat": _("Chat"),
    "counter": _("Counter"),
    "api": _("Programme"),
    "monitoring": _("Monitoring"),
    "sms": _("SMS"),
    "whatsapp": _("WhatsApp"),
}
WAITING = {
    "needs_information": _("We need information from the citizen"),
    "needs_document": _("We need a document from the citizen"),
    "needs_confirmation": _("The citizen has to confirm"),
    "supplier_works": _("A supplier works on it"),
    "other_department": _("Another department works on it"),
    "approval": _("Somebody has to approve"),
    "appointment": _("There is an appointment"),
    "agreed_date": _("A date was agreed"),
}
RESOLUTION = {
    "solved": _("Solved"),
    "fulfilled": _("Fulfilled"),
    "answered": _("Answered"),
    "workaround": _("Solved by a workaround"),
    "not_reproducible": _("Could not be reproduced"),
    "not_competent": _("We are not competent"),
    "rejected": _("Rejected"),
    "no_reply": _("No reply from the citizen"),
}
CLOCK = {
    "acknowledge": _("First action"), "first_response": _("First response"), "next_response": _("Next response"),
    "update": _("Keeping informed"), "resolution": _("Resolution"), "ola": _("Department (OLA)"),
    "ua": _("Supplier (UA)"), "statutory": _("Deadline by law"), "forwarding": _("Passing on by law"),
    "callback": _("Promised call"),
}  # fmt: skip
CLOCK_STATE = {
    "running": _("running"),
    "paused": _("paused"),
    "met": _("met"),
    "breached": _("missed"),
    "withdrawn": _("withdrawn"),
}
DELIVERY = {
    "waiting": _("leaves in a moment"),
    "held": _("waits for a supervisor"),
    "sending": _("is being sent"),
    "sent": _("sent"),
    "delivered": _("delivered"),
    "read": _("read"),
    "refused": _("was refused"),
    "unknown": _("nobody knows whether it arrived"),
    "bounced": _("came back"),
    "withdrawn": _("taken back"),
    "otherwise": _("did not arrive; the citizen was reached another way"),
}
LINK = {
    "related": _("Perhaps related"), "follow_up": _("Follows up"), "duplicate": _("Duplicate"), "merged": _("Merged"),
    "split": _("Of the same contact"),
}  # fmt: skip
NO_REPLY = {
    "thanks": _("The citizen says thank you"),
    "acknowledgement": _("The citizen says that they read it"),
    "duplicate": _("It says the same again"),
    "other": _("Another reason"),
}
OUTCOME = {
    "reached": _("spoke with them"), "left_message": _("left a message"), "busy": _("busy"),
    "no_answer": _("no answer"), "failed": _("the call failed"),
}  # fmt: skip
VIEW = {
    View.MINE: _("Mine"),
    View.DUTIES: _("My duties"),
    View.RISK: _("At risk"),
    View.UNASSIGNED: _("Unassigned"),
    View.DEPARTMENTS: _("My departments"),
    View.WAITING: _("Waiting"),
    View.TRIAGE: _("Triage"),
    View.UNDELIVERED: _("Undelivered"),
    View.RESOLVED: _("Recently resolved"),
    View.ALL: _("All open"),
    View.ANY: _("All tickets"),
}
EMPTY = {
    View.MINE: _("Nothing waits for you. Take something from “Unassigned”, what is due first stands on top."),
    View.DUTIES: _("You answer for no open case. Whoever takes a case first answers for it from then on."),
    View.RISK: _("Nothing in your departments is late or due within eight hours."),
    View.UNASSIGNED: _("Every open ticket of your departments has somebody who works on it."),
    View.DEPARTMENTS: _("Your departments have no open tickets."),
    View.WAITING: _("Nothing in your departments waits for anybody."),
    View.TRIAGE: _("Every ticket has found its department. What no rule knows will stand here."),
    View.UNDELIVERED: _("Every answer of your departments could be delivered."),
    View.RESOLVED: _("Nothing in your departments was resolved and still awaits its confirmation."),
    View.ALL: _("There is no open ticket in the whole house."),
    View.ANY: _("There is no ticket yet."),
}
DUE = {"soon": _("Late or due within eight hours"), "late": _("Late"), "call": _("A call is promised")}
SORT = {
    Sort.DUE: _("Due first"),
    Sort.NEWEST: _("Newest first"),
    Sort.OLDEST: _("Oldest first"),
    Sort.RESOLVED: _("Resolved last"),
}
TIME = {
    "left": _("{time} left"),
    "late": _("late {time}"),
    "no_target": _("no target"),
    "paused": _("paused"),
    "due": _("due {moment}"),
    "was_due": _("was due {moment}"),
    "until": _("until {moment}"),
    "since": _("since {moment}"),
    "done": _("done {moment}"),
    "resolved": _("resolved {moment}"),
    "nobody": _("nobody"),
    "triage": _("Triage"),
    "unknown": _("unknown"),
}
FIELD = {
    "priority": _("Priority"),
    "type": _("Type"),
    "impact": _("Impact"),
    "urgency": _("Urgency"),
    "service": _("Service"),
    "category": _("Category"),
    "service_id": _("Service"),
    "category_id": _("Category"),
    "department_id": _("Department"),
    "department": _("Department"),
    "assignee_id": _("Works on it"),
    "owner_id": _("Owner"),
    "reason": _("Why"),
    "code": _("How it ended"),
    "text": _("Your words"),
    "until": _("Until, at the latest"),
    "other": _("Number of the other ticket"),
    "subject": _("Subject"),
    "tags": _("Tags"),
    "into": _("Number of the other ticket"),
    "different_people": _("Other people asked in it"),
    "supplier": _("Supplier"),
    "to": _("To whom"),
    "days": _("Days"),
    "note": _("Internal note"),
    "outcome": _("How it went"),
    "begins_at": _("From"),
    "ends_at": _("To"),
    "files": _("Files"),
    "name": _("Name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "channel": _("Channel"),
    "received": _("Received"),
}
CHOICE = {"me": _("Me"), "nobody": _("Nobody")}
LANGUAGE = {"el": _("Greek"), "en": _("English")}
SENDING = {
    "": _("Send"),
    "waiting_requester": _("Send and wait for citizen"),
    "waiting_supplier": _("Send and wait for supplier"),
    "waiting_internal": _("Send and wait for colleagues"),
    "scheduled": _("Send and schedule"),
    "resolve": _("Send and resolve"),
}
"""What the composer's button says that it will do."""

MAJOR = {
    "title": _("What is disturbed, in one line for citizens"),
    "summary": _("What citizens should know now"),
    "text": _("How it stands now"),
    "end": _("What citizens read at the end"),
    "coordinator_id": _("Coordinator"),
    "update_minutes": _("First update within"),
    "next_minutes": _("Next update within"),
    "reason": _("Why"),
    "email": _("E-mail"),
    "tickets": _("Number of another ticket"),
    "timeline": _("The course of it"),
    "cause": _("Cause"),
    "went_well": _("What went well"),
    "went_badly": _("What went badly"),
    "actions": _("What we do about it"),
}
"""Fields of the forms of major incidents."""

_TABLES: Mapping[str, Mapping[Any, str]] = {
    "status": STATUS, "priority": PRIORITY, "level": LEVEL, "type": TYPE, "channel": CHANNEL, "waiting": WAITING,
    "resolution": RESOLUTION, "clock": CLOCK, "clock_state": CLOCK_STATE, "delivery": DELIVERY, "link": LINK,
    "view": VIEW, "empty": EMPTY, "sort": SORT, "due": DUE, "time": TIME, "choice": CHOICE,
    "field": FIELD | process_words.FIELD,
    "languages": LANGUAGE, "sending": SENDING, "no_reply": NO_REPLY, "outcome": OUTCOME, "care": CARE,
    "stage": process_words.STAGE, "verb": process_words.VERB, "root_cause": process_words.ROOT_CAUSE,
    "told_by": process_words.TOLD_BY, "position": process_words.POSITION,
    "major": MAJOR, "criterion": CRITERIA,
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """All of them in one language, by table and code."""

    language: str
    tables: Mapping[str, Mapping[str, str]]

    def __getitem__(self, name: str) -> Mapping[str, str]:
        return self.tables[name]


@cache
def words(language: str) -> Words:
    """The words of a language; made once a process."""
    translated = {
        name: {str(code): i18n.gettext(language, message) for code, message in table.items()}
        for name, table in _TABLES.items()
    }
    return Words(language, translated)
