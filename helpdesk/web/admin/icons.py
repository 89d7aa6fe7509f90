"""The pictures a service may have, with their words, in the order they are offered."""

from helpdesk.web.admin.fields import Option
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


SERVICE_ICONS = {
    "file-text": _("Document"),
    "clipboard-list": _("Form"),
    "receipt": _("Bill"),
    "credit-card": _("Payment"),
    "landmark": _("Authority"),
    "building-2": _("Building"),
    "home": _("Home"),
    "baby": _("Child"),
    "users": _("Family"),
    "user": _("Citizen"),
    "lightbulb": _("Lighting"),
    "construction": _("Road works"),
    "wrench": _("Repair"),
    "zap": _("Electricity"),
    "droplets": _("Water"),
    "trash-2": _("Waste"),
    "sofa": _("Bulky waste"),
    "tree-pine": _("Green"),
    "triangle-alert": _("Danger"),
    "shield": _("Safety"),
    "calendar": _("Appointment"),
    "book-open": _("Education"),
    "globe": _("Online"),
    "key-round": _("Account"),
    "megaphone": _("Complaint"),
    "smile": _("Culture"),
    "star": _("Idea"),
    "circle-help": _("Something else"),
}
"""Names of the icon set; each is in the sprite that ``helpdesk assets`` makes."""


def offered(chosen: str) -> list[Option]:
    """The pictures in the page's language, and the chosen one where it is none of them."""
    found: list[Option] = [(name, say(word)) for name, word in SERVICE_ICONS.items()]
    return found if chosen in SERVICE_ICONS or not chosen else [*found, (chosen, chosen)]
