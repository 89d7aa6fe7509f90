"""Who answers in the municipality: owners by default, levels of teams, the manager of the process, somebody's leave."""

from datetime import datetime, timedelta

from helpdesk import i18n
from helpdesk.permissions import SYSTEM
from helpdesk.services import absences, catalogue, duties
from helpdesk.services.absences import Leave
from helpdesk.services.demo.people import address_of
from helpdesk.services.duties import Duties

LEVELS = {
    "technical-works": ("lighting-crew", "road-crew"),
    "water": ("leak-crew", "road-crew"),
    "citizen-service": ("front-desk",),
}
OWNERS = {"citizen-service": "maria"}
LEADS = {"lighting-crew": "eleni", "road-crew": "giorgos", "leak-crew": "aris", "front-desk": "nikos"}


def arrange(at: datetime) -> None:
    """Sets it up as an administrator would."""
    teams = {team.id: team.key for team in catalogue.current().teams.values()}
    for department, path in LEVELS.items():
        id_ = catalogue.id_of("department", department)
        own = [team_id for team_id, key in teams.items() if catalogue.current().teams[team_id].department_id == id_]
        leads = {team_id: _person(LEADS[teams[team_id]]) for team_id in own}
        owner = _person(OWNERS[department]) if department in OWNERS else None
        levels = [catalogue.id_of("team", key) for key in path]
        duties.change(SYSTEM, id_, Duties(owner, None, levels, leads), at=at)
    duties.name_manager(SYSTEM, _person("admin"), at=at)


def go_on_leave(now: datetime) -> None:
    """Thanos is away from tomorrow for five days, Sofia stands in."""
    tomorrow = (now.astimezone(i18n.ZONE) + timedelta(days=1)).date()
    begin, end = absences.days(tomorrow, tomorrow + timedelta(days=4))
    absences.enter(SYSTEM, Leave(_person("thanos"), begin, end, _person("sofia")), at=now)


def _person(user: str) -> int:
    return next(one.id for one in catalogue.colleagues() if one.email == address_of(user))
