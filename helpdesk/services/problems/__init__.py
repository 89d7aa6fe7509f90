"""Problems and known errors (FitSM PR10): kept by their owners, matched to tickets, told to citizens where public."""

from helpdesk.services.problems.keeping import KIND, MOST, change, declare, open_, reopen, resolve, reviewed, withdraw
from helpdesk.services.problems.linking import link, unlink, use
from helpdesk.services.problems.matching import Found, for_ticket, told_of, words_of
from helpdesk.services.problems.reading import (
    KNOWN,
    VIEWS,
    Part,
    find,
    listed,
    may_keep,
    public,
    resolved,
    tickets_of,
    workaround,
)

__all__ = [
    "KIND", "KNOWN", "MOST", "VIEWS", "Found", "Part", "change", "declare", "find", "for_ticket", "link", "listed",
    "may_keep", "open_", "public", "reopen", "resolve", "resolved",
    "reviewed", "tickets_of", "told_of", "unlink", "use",
    "withdraw", "words_of", "workaround",
]  # fmt: skip
