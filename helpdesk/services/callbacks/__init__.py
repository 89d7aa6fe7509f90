"""Call-backs: promised for a window, kept by attempts, moved or called off. The one door is `promise`."""

from helpdesk.services.callbacks.ending import end, follow
from helpdesk.services.callbacks.places import ahead, keep_place, promised_to
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
from helpdesk.services.callbacks.writing import wrote

__all__ = [
    "Standing", "Window", "Wish", "ahead", "book", "cancel", "choose_again", "department_of", "dial", "end", "follow",
    "is_owed", "is_promised", "keep_place", "move", "promise", "promised", "promised_to", "ring", "standing", "wrote",
]  # fmt: skip
