"""Short messages between citizens and requests: what came in, what became of ours, files that lie at the carrier."""

from helpdesk.services.texts.clockwork import tick
from helpdesk.services.texts.forgetting import forget
from helpdesk.services.texts.keeping import follow
from helpdesk.services.texts.recognising import Place, joined, recognise, stopped
from helpdesk.services.texts.reports import report

__all__ = ["Place", "follow", "forget", "joined", "recognise", "report", "stopped", "tick"]
