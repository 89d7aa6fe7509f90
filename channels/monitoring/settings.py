"""What an account of a monitoring system needs: how it proves itself, and what becomes of what it reports."""

from dataclasses import dataclass
from datetime import datetime

from channels.port import provided, setting


@dataclass(frozen=True)
class MonitoringSettings:
    """``previous`` still counts until ``previous_until`` (ISO 8601), so that a secret can be changed without a gap."""

    service: str = setting("", "Service", "What its incidents are about")
    impact: str = setting("medium", "Impact")
    resolves: bool = setting(False, "Recovery resolves the incident")
    most_an_hour: int = setting(20, "Most new incidents an hour")
    secret: str = setting("", "Secret", secret=True)
    previous: str = setting("", "Previous secret", secret=True)
    previous_until: str = setting("", "Until when the previous secret counts")
    moment: datetime | None = provided(None)
