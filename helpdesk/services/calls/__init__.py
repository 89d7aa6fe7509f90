"""Telephony: what a caller hears and where a call stands, who is rung, and the record that every call leaves."""

from helpdesk.services.calls.forgetting import forget
from helpdesk.services.calls.outbound import call, running
from helpdesk.services.calls.ringing import let_first, telephones
from helpdesk.services.calls.sweeping import tick
from helpdesk.services.calls.talking import (
    bring_in,
    choose,
    confirm_identity,
    hang_up,
    hold,
    pass_on,
    pause_recording,
    sit_at,
    wrap_up,
)
from helpdesk.services.calls.unseen import look as look_for_unseen

__all__ = [
    "bring_in", "call", "choose", "confirm_identity", "forget", "hang_up", "hold", "let_first", "look_for_unseen",
    "pass_on", "pause_recording", "running", "sit_at", "telephones", "tick", "wrap_up",
]  # fmt: skip
