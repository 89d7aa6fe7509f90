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
    told = {**values, "language": language, "_": _translator(language), "day": partial(i18n.day, language=language)}
    told["moment"] = partial(i18n.moment, language=language)
    subject, text, html = _templates(name)
    return Letter(
        " ".join(subject(told).split()),
        text(told).strip() + "\n",
        html(told) if html else None,
    )


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
