"""The bot: answers from published articles by quoting them, refuses what it does not know, hands over to people."""
