"""Major incidents from criteria to review (FitSM-2: identify, coordinate, inform, resolve, review, close)."""

from helpdesk.services.majors.alarms import ring
from helpdesk.services.majors.banner import Announcement, announcements
from helpdesk.services.majors.checking import classified, opened
from helpdesk.services.majors.children import candidates, exclude, link, release, similar
from helpdesk.services.majors.chronicle import course
from helpdesk.services.majors.declaring import appoint, declare, revoke
from helpdesk.services.majors.following import open_problem
from helpdesk.services.majors.proposing import dismiss, of_ticket, propose, waiting
from helpdesk.services.majors.reading import Major, all_of, around, lasting_at, read
from helpdesk.services.majors.resolving import reopened, resolve, resolved, settle
from helpdesk.services.majors.reviewing import Action, Review, begun, save
from helpdesk.services.majors.stakeholders import add as add_stakeholder
from helpdesk.services.majors.stakeholders import remove as remove_stakeholder
from helpdesk.services.majors.sweeping import tick
from helpdesk.services.majors.updates import publish, spread

__all__ = [
    "Action", "Announcement", "Major", "Review", "add_stakeholder", "all_of", "announcements", "appoint",
    "around", "begun", "candidates", "classified", "course", "declare", "dismiss", "exclude", "lasting_at",
    "link", "of_ticket", "open_problem", "opened", "propose", "publish", "read", "release",
    "remove_stakeholder", "reopened", "resolve", "resolved", "revoke", "ring", "save", "settle", "similar",
    "spread", "tick", "waiting",
]  # fmt: skip
