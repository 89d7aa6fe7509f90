"""Who proved to be the sender of a mail, in plain words: what the topmost trusted server found out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


@dataclass(frozen=True)
class Proof:
    """One line under the sender's name."""

    words: str
    icon: str


_METHODS = {"dkim": "DKIM", "spf": "SPF", "dmarc": "DMARC"}


def of(claims: Mapping[str, Any] | None) -> Proof | None:
    """What is known for the better, or that nobody we believe looked; doubts are flags of their own."""
    if not claims or not any(claims.get(method) for method in _METHODS):
        return None
    if not claims.get("trusted"):
        return Proof(say(_("Who sent it was checked only by a server that we do not rely on.")), "info")
    if not claims.get("aligned") or claims.get("dmarc") == "fail":
        return None
    passed = ", ".join(name for method, name in _METHODS.items() if claims.get(method) == "pass")
    return Proof(
        say(_("Our mail server found that it really comes from the sender's domain (%(how)s)."), how=passed), "check"
    )


def doubts(claims: Mapping[str, Any] | None) -> list[str]:
    """What makes one look twice before believing the sender."""
    if not claims or not claims.get("trusted"):
        return []
    if claims.get("dmarc") == "fail":
        return [say(_("The sender's address is not proven: it may be forged."))]
    return [] if claims.get("aligned") else [say(_("Nothing proves the sender's address."))]
