"""The classifier at work: learns from the body's own tickets, proposes departments, is measured and can be undone."""

from helpdesk.services.learning.evaluation import Held, Measured, evaluate, measured, proven
from helpdesk.services.learning.proposals import Proposed, choose, keep, propose, settle_resolved, settle_transferred
from helpdesk.services.learning.versions import due, in_force, nudge, put_back, review, train, versions

__all__ = [
    "Held", "Measured", "Proposed", "choose", "due", "evaluate", "in_force", "keep", "measured", "nudge", "propose",
    "proven", "put_back", "review", "settle_resolved", "settle_transferred", "train", "versions",
]  # fmt: skip
