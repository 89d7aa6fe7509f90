"""Letters to citizens: templates/messages/<name>/ in the reader's language, as subject, text and HTML."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, select_autoescape

from helpdesk import i18n

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "messages"


@dataclass(frozen=True)
class Letter:
    """A finished text; ``subject`` is one line, ``html`` may be missing."""

    subject: str
    text: str
    html: str | None = None


def render(name: str, language: str, **values: Any) -> Letter:
    """The letter of that name; raises jinja2.UndefinedError where a value it needs is missing."""
    told = _told(language, values)
    subject, text, html = _templates(name)
    return Letter(
        " ".join(subject(told).split()),
        text(told).strip() + "\n",
        html(told) if html else None,
    )


def _told(language: str, values: dict[str, Any]) -> dict[str, Any]:
    told = {**values, "language": language, "_": _translator(language), "day": partial(i18n.day, language=language)}
    return told | {"moment": partial(i18n.moment, language=language)}


SHORT, NEWS = "_short.txt", "_news.txt"
"""How a letter without short words of its own goes by telephone: who writes, about what, where it can be read; and
what is said of a request that is restricted: that there is news."""


def short(name: str, language: str, *, secret: bool = False, **values: Any) -> str:
    """The same as a short message: its own short words, else what a person wrote, else its subject; and the link."""
    told, own = _told(language, values), _short(NEWS if secret else f"{name}/short.txt")
    if own is None:
        told["about"] = " ".join(_templates(name)[0](told).split())
        own = _environment().get_template(SHORT).render
    return "\n".join(" ".join(line.split()) for line in own(told).strip().splitlines())


@cache
def _short(name: str) -> Callable[..., str] | None:
    try:
        return _environment().get_template(name).render
    except TemplateNotFound:
        return None


def quote(text: str, most: int = 2_000) -> str:
    """What somebody wrote, marked as a quotation line by line, cut where it is long."""
    cut = text if len(text) <= most else f"{text[:most].rstrip()} …"
    return "\n".join(f"> {line}".rstrip() for line in cut.strip().splitlines())


@cache
def _translator(language: str) -> Callable[..., str]:
    return lambda message, **values: i18n.gettext(language, message) % values


@cache
def _templates(name: str) -> tuple[Callable[..., str], Callable[..., str], Callable[..., str] | None]:
    """The three parts of a letter, compiled once a process."""
    found = _environment()
    return (
        found.get_template(f"{name}/subject.txt").render,
        found.get_template(f"{name}/body.txt").render,
        _html(found, name),
    )


def _html(found: Environment, name: str) -> Callable[..., str] | None:
    try:
        return found.get_template(f"{name}/body.html").render
    except TemplateNotFound:
        return None


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    found.filters["quote"] = quote
    return found
