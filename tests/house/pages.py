"""What the house rules for pages look at: templates, their macros, and the words that they and the code say."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes
from jinja2.ext import babel_extract

from helpdesk.web.desk.refusals import REFUSED
from tests.house.source import ROOT, called, calls, python_files, tree

TEMPLATES = ROOT / "templates"
CATALOGUES = sorted((ROOT / "helpdesk/translations/el/LC_MESSAGES").glob("*.po"))
TALK_TO_OPERATORS = ("helpdesk/up", "helpdesk/cli", "helpdesk/services/demo")
"""Rooms whose words no page shows."""

SAYING = {"_": None, "say": None, "say_many": (1, 2), "gettext": None, "ngettext": (1, 2)}
_JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def name(path: Path) -> str:
    """As other templates name it."""
    return path.relative_to(TEMPLATES).as_posix()


@cache
def templates() -> dict[str, str]:
    """The source of every template, by name."""
    return {name(path): path.read_text("utf-8") for path in sorted(TEMPLATES.rglob("*")) if path.is_file()}


@cache
def parsed(template: str) -> nodes.Template:
    """A template as Jinja reads it."""
    return _JINJA.parse(templates()[template])


def pages() -> list[str]:
    """Templates that are a whole page: those that stand on a layout."""
    letters = ("messages/", "_layouts/")
    own = [item for item in templates() if not item.startswith(letters) and not item.endswith("_layout.html")]
    return [item for item in own if list(parsed(item).find_all(nodes.Extends))]


def named_in_templates(template: str) -> set[str]:
    """Templates that this one stands on, includes or takes macros from."""
    kinds = (nodes.Extends, nodes.Include, nodes.FromImport, nodes.Import)
    return {
        found.value
        for node in parsed(template).find_all(kinds)
        for found in node.template.find_all(nodes.Const)
        if isinstance(found.value, str)
    } | {node.template.value for node in parsed(template).find_all(kinds) if isinstance(node.template, nodes.Const)}


def unused_imports(template: str) -> set[str]:
    """Macros that a template takes and never calls."""
    taken: set[str] = set()
    for node in parsed(template).find_all((nodes.FromImport, nodes.Import)):
        if isinstance(node, nodes.Import):
            taken.add(node.target)
        else:
            taken |= {item if isinstance(item, str) else item[1] for item in node.names}
    return taken - set().union(*map(_called, [template, *_standing_on(template)]))


def _called(template: str) -> set[str]:
    return {node.name for node in parsed(template).find_all(nodes.Name)}


def _standing_on(layout: str) -> list[str]:
    """Pages whose blocks see what their layout takes, and what they include."""
    room = layout.rpartition("/")[0]
    return [item for item in templates() if layout.endswith("_layout.html") and item.startswith(f"{room}/")]


def said() -> Iterator[tuple[str, int, str]]:
    """Every message in templates and code, as (file, line, message)."""
    for path in sorted(TEMPLATES.rglob("*")):
        if path.is_file():
            yield from _extracted(path, babel_extract)
    for path in python_files("helpdesk", "channels"):
        if not path.relative_to(ROOT).as_posix().startswith(TALK_TO_OPERATORS):
            yield from _extracted(path, "python")


FOR_MACHINES = ("idempotency.py", "records/", "seeding/", "demo/", "hooks.py")
"""Services whose refusals only programmes and operators read."""


def refused() -> Iterator[tuple[str, int, str]]:
    """Every sentence with which a service refuses a form, as (file, line, sentence).

    Of those that pages replace by words of their own, by the code, there is no need.
    """
    for path in python_files("helpdesk/services"):
        if path.relative_to(ROOT / "helpdesk/services").as_posix().startswith(FOR_MACHINES):
            continue
        for call in calls(path):
            if called(call) in {"Invalid", "Stale"} and call.args and _code(call) not in REFUSED:
                for said in _sentences(path, call.args[0]):
                    yield path.relative_to(ROOT).as_posix(), call.lineno, said


def _sentences(path: Path, said: ast.expr) -> Iterator[str]:
    """What it may be: itself, or what the name stands for in that module."""
    if isinstance(said, ast.Constant):
        yield str(said.value)
    for node in ast.walk(tree(path)) if isinstance(said, ast.Name) else ():
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == ast.unparse(said):
            yield from _sentences(path, node.value)


def _code(call: ast.Call) -> object:
    given = {one.arg: one.value for one in call.keywords}
    return getattr(given.get("code"), "value", "")


def _extracted(path: Path, method: object) -> Iterator[tuple[str, int, str]]:
    options = {"extensions": "jinja2.ext.i18n", "silent": "false"} if callable(method) else {}
    with path.open("rb") as file:
        for line, message, _, _ in extract(method, file, SAYING, (), options):
            first = message if isinstance(message, str) else message[0]
            if first:
                yield path.relative_to(ROOT).as_posix(), line, first


def says(words: str) -> bool:
    """Whether our code has that text: what a service refuses with is translated where it is shown."""
    texts, patterns = _texts_in_code()
    return words in texts or any(pattern.fullmatch(words) for pattern in patterns)


@cache
def _texts_in_code() -> tuple[set[str], list[re.Pattern[str]]]:
    """Plain texts, and those that are put together of parts."""
    found = [node for path in python_files("helpdesk", "channels") for node in ast.walk(tree(path))]
    texts = {node.value for node in found if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    joined = [node for node in found if isinstance(node, ast.JoinedStr)]
    return texts, [pattern for node in joined if (pattern := _pattern(node))]


def _pattern(joined: ast.JoinedStr) -> re.Pattern[str] | None:
    """What such a text may become; None where too little of it is fixed to tell."""
    parts = [str(part.value) if isinstance(part, ast.Constant) else "" for part in joined.values]
    if sum(map(len, parts)) < 12:
        return None
    return re.compile("".join(re.escape(part) if part else ".+" for part in parts))


def translated() -> dict[str, list[tuple[str, str]]]:
    """Every message of the Greek catalogues, as message → (file, translation)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="el"):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    words = message.string if isinstance(message.string, str) else "".join(message.string)
                    found.setdefault(key, []).append((path.name, words))
    return found


def placeholders(text: str) -> set[str]:
    """The names that a message fills in."""
    return set(re.findall(r"%\((\w+)\)", text))
