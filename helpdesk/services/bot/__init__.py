"""The bot: answers from published articles by quoting them, refuses what it does not know, hands over to people."""

from helpdesk.services.bot.memory import forget
from helpdesk.services.bot.speaking import PARTNER, answer, greet, is_on
from helpdesk.services.bot.thinking import think

__all__ = ["PARTNER", "answer", "forget", "greet", "is_on", "think"]
