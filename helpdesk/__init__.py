"""The ways to the application, loaded when they are asked for, so that commands and the supervisor start at once."""

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    if name == "create_app":
        return import_module("helpdesk.application").create_app
    if name == "create_backstage":
        return import_module("helpdesk.backstage").create_backstage
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
