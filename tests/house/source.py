"""What the house rules look at: our own Python files and what stands in them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("helpdesk", "channels", "routing", "sla")


def python_files(*rooms: str) -> list[Path]:
    """Every module of these rooms (default: all), migrations left out."""
    found = [path for room in rooms or ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [path for path in found if "migrations/versions" not in path.as_posix() and "vendor" not in path.parts]


@cache
def tree(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    """The path as a reader of the message knows it."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods of a module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(path: Path) -> Iterator[ast.Call]:
    """All calls of a module."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """The dotted name that is called, as far as it is one."""
    return ast.unparse(call.func)
