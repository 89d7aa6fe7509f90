"""Ticket lives with their past, told in a file and lived again through the services of live work."""

from helpdesk.services.stories.playing import Played, play
from helpdesk.services.stories.reading import Told, read

__all__ = ["Played", "Told", "play", "read"]
