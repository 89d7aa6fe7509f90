"""PostgreSQL and Valkey without any set-up, for those who name no servers of their own."""

from helpdesk.embedded.account import CannotServe
from helpdesk.embedded.servers import Servers, borrowed

__all__ = ["CannotServe", "Servers", "borrowed"]
