"""The classifier at work: learns from the body's own tickets, proposes departments, is measured and can be undone."""

from helpdesk.services.learning.evaluation import Held, Measured, evaluate, measured, proven, require
from helpdesk.services.learning.proposals import Proposed, choose, keep, propose, settle_resolved, settle_transferred
from helpdesk.services.learning.terms import Demands, demands
from helpdesk.services.learning.versions import demand, due, in_force, nudge, put_back, review, train, versions

__all__ = [
    "Demands", "Held", "Measured", "Proposed", "choose", "demand", "demands", "due", "evaluate", "in_force", "keep",
    "measured", "nudge", "propose", "proven", "put_back", "require", "review", "settle_resolved",
    "settle_transferred", "train", "versions",
]  # fmt: skip
