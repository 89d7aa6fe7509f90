"""The way to ``create_app``, loaded when it is asked for, so that commands and the supervisor start at once."""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    if name == "create_app":
        return import_module("helpdesk.application").create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
