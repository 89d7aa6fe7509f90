"""Runs benchmarks by name and prints one table each: ``./dev bench [name …] [--json] [--size N …]``."""

import argparse
import importlib
import inspect
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

Row = dict[str, Any]
LEFT_OUT = {"__init__", "__main__", "body", "chatting", "ground", "past", "sla_cases"}


def names() -> list[str]:
    """Every benchmark that stands in this folder."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in LEFT_OUT)


def table(rows: list[Row]) -> str:
    """The rows under their headings, numbers to the right."""
    heads = list(dict.fromkeys(key for row in rows for key in row))
    cells = [heads, *([_shown(row.get(head, "")) for head in heads] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(heads))]
    return "\n".join(
        "  ".join(_aligned(cell, width) for cell, width in zip(line, widths, strict=True)) for line in cells
    )


def _shown(value: Any) -> str:
    return (
        f"{value:,.3g}"
        if isinstance(value, float) and abs(value) < 100
        else f"{value:,.0f}"
        if isinstance(value, float)
        else str(value)
    )


def _aligned(cell: str, width: int) -> str:
    return cell.rjust(width) if cell.replace(",", "").replace(".", "").replace("-", "").isdigit() else cell.ljust(width)


def ground() -> Row:
    """On what it was measured."""
    packages = ("flask", "sqlalchemy", "psycopg", "rq", "gunicorn", "gevent")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def rows_of(name: str, sizes: list[int] | None, folder: Path | None = None) -> list[Row]:
    """Runs one benchmark, with these sizes and data of this folder where it takes any."""
    run = importlib.import_module(f"benchmarks.{name}").run
    wanted = {"sizes": sizes and tuple(sizes), "folder": folder}
    taken = inspect.signature(run).parameters
    rows: list[Row] = run(**{key: value for key, value in wanted.items() if value is not None and key in taken})
    return rows


def main() -> int:
    """Runs what was asked for; the status is 1 when a budget was missed."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(names()))
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--size", type=int, nargs="+", metavar="N", help="tickets, for those that fill a database")
    parser.add_argument("--folder", type=Path, metavar="FOLDER", help="labelled data, for those that can use some")
    wanted = parser.parse_args([one for one in sys.argv[1:] if one != "--"])
    if unknown := set(wanted.names) - set(names()):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))} (there are: {', '.join(names())})")
    print(json.dumps(ground()) if wanted.json else ground(), file=sys.stderr)
    missed = 0
    for name in wanted.names or names():
        rows = rows_of(name, wanted.size, wanted.folder)
        missed += sum(row.get("budget") == "missed" for row in rows)
        print(
            "\n".join(json.dumps({"benchmark": name} | row) for row in rows)
            if wanted.json
            else f"\n{name}\n{table(rows)}"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
