"""Call-backs: promised for a window, kept by attempts, moved or called off. The one door is `promise`."""

from helpdesk.services.callbacks.ending import end
from helpdesk.services.callbacks.reading import Standing, department_of, standing
from helpdesk.services.callbacks.verbs import (
    Wish,
    book,
    cancel,
    choose_again,
    dial,
    is_owed,
    is_promised,
    move,
    promise,
    ring,
)
from helpdesk.services.callbacks.window import Window, promised

__all__ = [
    "Standing", "Window", "Wish", "book", "cancel", "choose_again", "department_of", "dial", "end", "is_owed",
    "is_promised", "move", "promise", "promised", "ring", "standing",
]  # fmt: skip
