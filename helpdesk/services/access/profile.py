"""What a person who works here says of themselves: in which language we speak to them, how they sign."""

from dataclasses import dataclass

from sqlalchemy import select, update

from helpdesk import i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Invalid
from helpdesk.models.people import Person, Staff
from helpdesk.permissions import Actor

LONGEST = 1_000
_PEOPLE, _STAFF = table(Person), table(Staff)


@dataclass(frozen=True)
class Profile:
    """The person's own choices."""

    language: str
    signature: str


def profile_of(actor: Actor) -> Profile:
    """What they chose."""
    query = select(_PEOPLE.c.language, _STAFF.c.signature).join(_STAFF, _STAFF.c.person_id == _PEOPLE.c.id)
    return Profile(*db.session.execute(query.where(_PEOPLE.c.id == actor.id)).one())


@unit()
def change_profile(actor: Actor, profile: Profile) -> None:
    """Keeps their choices. Raises Invalid that names the field."""
    if profile.language not in i18n.LANGUAGES:
        raise Invalid("We do not speak that language.", fields={"language": "Choose one of the list."})
    if len(profile.signature) > LONGEST or "\x00" in profile.signature:
        raise Invalid("That signature is too long.", fields={"signature": "Use at most 1000 characters."})
    signature = profile.signature.replace("\r\n", "\n").strip()
    db.session.execute(update(_PEOPLE).where(_PEOPLE.c.id == actor.id).values(language=profile.language))
    db.session.execute(update(_STAFF).where(_STAFF.c.person_id == actor.id).values(signature=signature))
