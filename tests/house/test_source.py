"""Rules about the code itself; each message says what to do."""

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

from tests.house.source import ROOMS, ROOT, called, calls, functions, name, python_files, tree

WORDS_NO_NAME_HAS = re.compile(r"(Manager|Helper|Util|Service|Base)s?$")
NAMES_OF_THE_FIELD = {"Service", "Base"}


def test_the_rooms_are_imported_from_this_checkout():
    for room in ROOMS:
        place = importlib.import_module(room).__file__
        assert place and Path(place).is_relative_to(ROOT), f"{room} comes from {place}: another package shadows ours"


def test_no_file_is_longer_than_300_lines():
    long = {name(path): count for path in python_files() if (count := len(path.read_text().splitlines())) > 300}
    assert not long, f"make each a folder of the same name: {long}"


def test_no_function_is_longer_than_50_lines():
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > 50
    ]
    assert not long, f"one screen, one idea: cut {long}"


def test_every_module_says_what_it_is_for():
    silent = [name(path) for path in python_files() if path.read_text().strip() and not ast.get_docstring(tree(path))]
    assert not silent, f"begin each with one line: {silent}"


def test_only_the_clock_reads_the_wall_clock():
    readers = {
        name(path)
        for path in python_files()
        for call in calls(path)
        if called(call).endswith((".now", ".utcnow", ".today")) and called(call).split(".")[0] in {"datetime", "date"}
    }
    assert readers <= {"helpdesk/clock.py"}, f"take now as an argument or ask clock.now(): {readers}"


def test_sql_does_not_read_the_clock_either():
    readers = [
        name(path)
        for path in python_files("helpdesk")
        if re.search(r"(?<![\w.])(func\.)?(now|clock_timestamp)\(\)|current_timestamp", path.read_text())
        and re.search(r"func\.now\(|\bselect now\(|current_timestamp|clock_timestamp\(", path.read_text())
    ]
    assert not readers, f"pass clock.now() as a parameter: {readers}"


def test_only_services_commit():
    doors = {"helpdesk/db.py"}
    committers = {
        name(path)
        for path in python_files()
        for call in calls(path)
        if called(call).split(".")[-1] == "commit" and not name(path).startswith("helpdesk/services/")
    }
    strangers = committers - doors - {"helpdesk/cli/app.py"}
    assert not strangers, f"put the work into a service verb with @unit(): {strangers}"


def test_nobody_outside_channels_branches_on_a_channel():
    branching = [
        f"{name(path)}:{node.lineno}"
        for path in python_files("helpdesk")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If)
        and re.search(r"\bkind\b (==|!=) '(email|webform|phone|chat)'", ast.unparse(node.test))
    ]
    assert not branching, f"ask the channel's capabilities instead: {branching}"


def test_nobody_swallows_every_exception_but_who_must():
    allowed = (
        "helpdesk/jobs/",
        "helpdesk/cli/work",
        "helpdesk/up",
        "helpdesk/services/inbox",
        "helpdesk/services/timers",
        "helpdesk/services/replay",
        "helpdesk/services/trials",
        "helpdesk/services/waiting",
        "channels/email/keeper",
    )
    catching = [
        f"{name(path)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and node.type is not None
        and ast.unparse(node.type) == "Exception"
        and not name(path).startswith(allowed)
    ]
    assert not catching, f"catch what you can mend, let the rest be seen: {catching}"


def test_names_of_classes_say_what_they_are():
    vague = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and WORDS_NO_NAME_HAS.search(node.name)
        and node.name not in NAMES_OF_THE_FIELD
    ]
    assert not vague, f"name the thing: {vague}"


def _job_names() -> set[str]:
    texts = [path.read_text() for path in python_files("helpdesk")]
    return set(re.findall(r"\b(?:later|wake|wake_now)\(\s*\"([\w.]+)\"", "\n".join(texts)))


@pytest.mark.parametrize("job", sorted(_job_names()))
def test_every_job_that_is_named_can_be_imported(job):
    module, _, function = job.rpartition(".")
    assert callable(getattr(importlib.import_module(f"helpdesk.jobs.{module}"), function))


def test_every_queue_is_consumed_and_every_part_of_the_procfile_is_a_command():
    commands = importlib.import_module("helpdesk.cli").COMMANDS
    lines = dict(line.split(":", 1) for line in (ROOT / "Procfile").read_text().splitlines() if ":" in line)
    assert set(lines) >= {"release", "web", "worker", "clock", "mail"}
    for part, line in lines.items():
        words = line.split()
        if words[0] == "helpdesk":
            assert words[1] in commands, f"{part}: helpdesk {words[1]} is no command"


def test_nothing_names_a_registry_or_a_path_of_a_machine():
    pattern = "py[p]i\\.org|pythonho[s]ted|registry\\.np[m]js|deb\\.de[b]ian\\.org|/[w]ork/|/[f]arm/"
    found = subprocess.run(["git", "grep", "-nIE", pattern, "--", "."], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode != 0, f"take these out:\n{found.stdout[:2000]}"


def test_every_line_of_the_contracts_holds():
    done = subprocess.run([str(ROOT / ".venv/bin/lint-imports"), "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
