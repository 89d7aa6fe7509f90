"""The list of faults that others had names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_fault_on_the_list_has_a_test():
    rows = [line for line in (ROOT / "docs/mail-bugs.md").read_text().splitlines() if line.startswith("| ")][1:]
    named = [re.findall(r"`([\w/]+\.py)::(test_\w+)`", row) for row in rows]
    assert len(rows) >= 21 and all(named)
    missing = [
        f"{file}::{name}"
        for tests in named
        for file, name in tests
        if f"def {name}(" not in (ROOT / "tests" / file).read_text()
    ]
    assert missing == []
