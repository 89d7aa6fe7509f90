"""How fast letters may go to one domain: providers that are written to too fast refuse everything for a while."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from helpdesk.services import marks
from helpdesk.services.accounts import Account

WINDOW = timedelta(minutes=1)
LATER = timedelta(seconds=20)


def wait_until(row: Row[Any], account: Account | None, at: datetime) -> datetime | None:
    """When a letter should be tried instead of now; None where it may go. All workers count together."""
    most = int(account.settings.get("per_minute") or 0) if account is not None else 0
    if most <= 0:
        return None
    domain = str(row.payload["to_address"]).rpartition("@")[2].lower()
    one = marks.mark("sent", f"{row.account_id}:{domain}")
    if marks.lately(one, at, WINDOW) >= most:
        return at + LATER
    marks.counted([one], at, WINDOW)
    return None
