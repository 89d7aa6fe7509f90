"""Times at which a department calls back: how many calls fit into each window, and booking one without a crowd."""

from helpdesk.services.slots.booking import HOLDS, Held, book, forget_holds, held, hold, release
from helpdesk.services.slots.numbers import is_mobile, masked, reachable
from helpdesk.services.slots.settings import Brakes, CallbackRule, brakes, of, rules, save, save_brakes
from helpdesk.services.slots.windows import Window, capacity, cut, offered, room, windows

__all__ = [
    "HOLDS", "Brakes", "CallbackRule", "Held", "Window", "book", "brakes", "capacity", "cut", "forget_holds", "held",
    "hold", "is_mobile", "masked", "of", "offered", "reachable", "release", "room", "rules", "save", "save_brakes",
    "windows",
]  # fmt: skip
