"""How people get in: passwords, sessions that can be revoked, resets by mail, failures that delay."""

from helpdesk.services.access.entry import TooSoon, sign_in
from helpdesk.services.access.failures import count_failure, forget_failures, wait_left
from helpdesk.services.access.first import first_token, make_first_administrator, needs_first_administrator
from helpdesk.services.access.passwords import SHORTEST, check_new, hashed
from helpdesk.services.access.profile import Profile, change_profile, profile_of
from helpdesk.services.access.resets import (
    Invitation,
    change_password,
    invite,
    request_reset,
    reset_is_good,
    reset_password,
)
from helpdesk.services.access.sessions import (
    SignedIn,
    find_session,
    open_session,
    revoke_all,
    revoke_session,
    saw,
    sessions_of,
)

__all__ = [
    "SHORTEST",
    "Invitation",
    "Profile",
    "SignedIn",
    "TooSoon",
    "change_password",
    "change_profile",
    "check_new",
    "count_failure",
    "find_session",
    "first_token",
    "forget_failures",
    "hashed",
    "invite",
    "make_first_administrator",
    "needs_first_administrator",
    "open_session",
    "profile_of",
    "request_reset",
    "reset_is_good",
    "reset_password",
    "revoke_all",
    "revoke_session",
    "saw",
    "sessions_of",
    "sign_in",
    "wait_left",
]
