"""Which versions can be tried on past tickets, and which can be applied to open ones."""

from collections.abc import Sequence

from helpdesk.errors import Invalid
from helpdesk.services.replay.worlds import TRIED
from helpdesk.services.rulebook import Version
from helpdesk.vocabulary import RulebookKind

APPLIED = (RulebookKind.POLICY, RulebookKind.CALENDAR, RulebookKind.MATRIX)
"""Kinds that can be applied to open tickets: waiting that has begun goes on as it was agreed."""


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def require_tried(versions: Sequence[Version]) -> None:
    """Raises Invalid for what decides about no clock, and for two versions of one thing."""
    if wrong := [version.name for version in versions if version.kind not in TRIED]:
        raise Invalid(_("Only hours, promises, priorities and rules of waiting can be tried."), fields={wrong[0]: ""})
    _require_one_each(versions)


def require_appliable(versions: Sequence[Version]) -> None:
    """Raises Invalid for what open tickets cannot take over, and for two versions of one thing."""
    if wrong := [version.name for version in versions if version.kind not in APPLIED]:
        raise Invalid(_("Only hours, promises and priorities can be applied to open requests."), fields={wrong[0]: ""})
    _require_one_each(versions)


def _require_one_each(versions: Sequence[Version]) -> None:
    names = [(version.kind, version.key) for version in versions]
    if not versions or len(set(names)) < len(names):
        raise Invalid(_("Choose one version of each thing."), fields={"versions": "one of each key"})
