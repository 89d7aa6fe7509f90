"""A ticket's procedure: the model it is worked by, attached by rule; steps, approvals, and what the citizen gets."""

from helpdesk.services.procedures.approving import approve, approvers, ask, may_approve, refuse, to_approve
from helpdesk.services.procedures.attaching import attach, fulfilled, reattach
from helpdesk.services.procedures.doing import do, may_do, skip
from helpdesk.services.procedures.reading import Procedure, Standing, missing, of, script

__all__ = [
    "Procedure", "Standing", "approve", "approvers", "ask", "attach", "do", "fulfilled", "may_approve", "may_do",
    "missing", "of", "reattach", "refuse", "script", "skip", "to_approve",
]  # fmt: skip
