"""The administrators' blueprint, on which every page of administration stands, and its way around."""

from typing import Any

from flask import Blueprint

room = Blueprint("admin", __name__, url_prefix="/admin")


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


RAIL = (
    ("", _("Overview"), "layout-dashboard", False),
    ("settings", _("The body"), "landmark", False),
    ("departments", _("Departments"), "building-2", True),
    ("teams", _("Teams"), "users", False),
    ("services", _("Services"), "clipboard-list", False),
    ("categories", _("Categories"), "network", False),
    ("customers", _("Customer bodies"), "landmark", False),
    ("suppliers", _("Suppliers"), "wrench", False),
    ("people", _("People"), "user", False),
    ("assignment", _("Handing out work"), "user-check", False),
    ("callbacks", _("Calls back"), "phone-call", False),
    ("escalation", _("Escalation"), "megaphone", False),
    ("mail-accounts", _("Mail accounts"), "at-sign", True),
    ("senders", _("Senders"), "shield", False),
    ("telephone", _("Telephone"), "phone", False),
    ("monitoring", _("Monitoring"), "zap", False),
    ("chat", _("Chat"), "message-circle", False),
    ("widgets", _("Chat on other sites"), "globe", False),
    ("mail-sink", _("Mail sink"), "inbox", False),
    ("canned-replies", _("Canned replies"), "message-square", True),
    ("articles", _("Help articles"), "book-open", False),
    ("outages", _("Outage notices"), "triangle-alert", False),
    ("agreements", _("Agreements"), "file-text", True),
    ("rulebook", _("Rulebook"), "route", False),
    ("verification", _("Proof of deadlines"), "circle-check", False),
    ("log", _("What was changed"), "history", False),
)
"""Path below /admin, name, icon, and whether a new part begins."""


@room.context_processor
def _around() -> dict[str, Any]:
    return {"rail": RAIL}
