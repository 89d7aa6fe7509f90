"""The lines of a call: reports about them in any order, applied by rank; what is due to be asked again."""

from datetime import datetime, timedelta

from helpdesk.models.calls import CallLeg

LONGEST_SILENCE = timedelta(seconds=60)
"""After so long without a sign of life we ask the carrier ourselves."""

RANKS = {
    "placing": 0, "unknown": 0, "queued": 1, "initiated": 2, "ringing": 3, "in-progress": 4, "answered": 4,
    "accepted": 5, "completed": 9, "busy": 9, "no-answer": 9, "failed": 9, "canceled": 9,
}  # fmt: skip
OVER = 9


def apply(leg: CallLeg, status: str, at: datetime) -> bool:
    """Takes a carrier's word for how a line stands; whether that is news. Never backwards, unknown words never."""
    rank = RANKS.get(status)
    if rank is None or rank <= leg.rank:
        return False
    leg.rank, leg.state = rank, status
    leg.check_at = at + LONGEST_SILENCE
    if rank >= RANKS["in-progress"] and status in {"in-progress", "answered"}:
        leg.answered_at = leg.answered_at or at
    if rank == OVER:
        leg.ended_at, leg.cause, leg.check_at = at, status, None
    return True
