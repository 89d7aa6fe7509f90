"""Other routing rules tried: on one text, and on past tickets whose right department is known by now."""

from helpdesk.services.trials.one import Tried, try_text
from helpdesk.services.trials.past import Tally
from helpdesk.services.trials.running import nudge, start, trial, trials, work

__all__ = ["Tally", "Tried", "nudge", "start", "trial", "trials", "try_text", "work"]
