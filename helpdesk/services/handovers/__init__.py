"""What becomes of open cases when somebody goes on leave or leaves the house: nobody who is gone has any."""

from helpdesk.services.handovers.adopting import adopt
from helpdesk.services.handovers.leave import tick
from helpdesk.services.handovers.leaving import let_go, sweep

__all__ = ["adopt", "let_go", "sweep", "tick"]
