"""Where the servers keep their files: in the data folder, or outside when their account cannot enter it."""

import hashlib
import os
import string
import sys
from collections.abc import Callable
from pathlib import Path

from helpdesk.embedded.account import Account, CannotServe, private_folder, serving_account

STATE = Path("/var/lib/civic-helpdesk")
_SOCKET_NAME, _SOCKET_PATH_LIMIT = ".s.PGSQL.5432", 107
_FOLDER = "servers"
_PARTING = {",", *string.whitespace}


def tell(line: str) -> None:
    """One line to the operator, on stderr."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def open_data(data: Path) -> Path:
    """Makes the data folder: private, but as root passable for the servers' account."""
    try:
        if not data.exists():
            data.mkdir(parents=True)
            data.chmod(0o711 if os.geteuid() == 0 else 0o700)
        if not os.access(data, os.R_OK | os.W_OK | os.X_OK) or not data.is_dir():
            raise CannotServe(f"The data folder {data} cannot be read and written by this user.")
    except OSError as problem:
        raise CannotServe(f"The data folder cannot be used: {problem}") from None
    return data.resolve()


def servers_account(data: Path) -> Account:
    """Whose the servers of this data folder are."""
    return serving_account(data / _FOLDER / "postgres")


def servers_home(data: Path, account: Account, installation: str, say: Callable[[str], None] = tell) -> Path:
    """The folder of the servers, made on first use; a move out of ``data`` is said and left as a link."""
    home = data / _FOLDER
    if home.is_symlink():
        passable(home.resolve())
    elif not home.exists():
        passable(home)
        if not account.can_enter(home):
            home.rmdir()
            home.symlink_to(_outside(data, installation))
            say(f"The servers' account cannot enter {data}: the database is in {home.resolve()}")
    home = home.resolve()
    if not account.can_enter(home):
        raise CannotServe(f"The servers' account cannot enter {home}; choose another folder with --data.")
    return home


def _outside(data: Path, installation: str) -> Path:
    name = hashlib.sha256(f"{data}\0{installation}".encode()).hexdigest()[:16]
    passable(STATE)
    return passable(STATE / name)


def passable(folder: Path) -> Path:
    """Makes a folder that other accounts may pass through and not list."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711)
    except OSError as problem:
        raise CannotServe(f"The servers' folder cannot be made: {problem}") from None
    return folder


def sockets_folder(home: Path, account: Account) -> Path:
    """A private folder whose path suits unix sockets and their clients.

    107 bytes at most; no comma, where libpq parts hosts; no space, where redis-py parts what Valkey says of clients.
    """
    folder = home / "run"
    if len(os.fsencode(folder / _SOCKET_NAME)) > _SOCKET_PATH_LIMIT or set(str(folder)) & _PARTING:
        name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        folder = Path("/tmp") / f"civic-helpdesk-{name}"  # noqa: S108  checked and made private below
    return private_folder(folder, account)
