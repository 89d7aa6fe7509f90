"""Registers blueprints, error pages and template globals."""

from flask import Flask


def register(app: Flask) -> None:
    """Puts every page and door on the application."""
