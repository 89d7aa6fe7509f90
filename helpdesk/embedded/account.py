"""Under which unprivileged account the servers run, and what that account can reach."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OWN_NAME = "civic-helpdesk"
"""The system account used when we are root and it exists; else ``nobody``."""


class CannotServe(RuntimeError):
    """The servers cannot run here; the text says why in one line and what to do."""


@dataclass(frozen=True)
class Account:
    """A user and group id."""

    uid: int
    gid: int

    def identity(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that drop to this account; none when it is us already."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Whether the account itself, asked by the kernel, may enter the folder."""
        return self.succeeds("/bin/sh", "-c", 'test -x "$0"', str(folder))

    def succeeds(self, *command: str) -> bool:
        """Whether the command, run under the account, ends well."""
        try:
            done = subprocess.run(command, cwd="/", capture_output=True, check=False, **self.identity())
        except PermissionError:
            return False
        return done.returncode == 0


def serving_account(data: Path) -> Account:
    """Ourselves; as root the owner of existing data, else our own system account, else ``nobody``."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    for name in (OWN_NAME, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise CannotServe("As root, PostgreSQL needs an unprivileged account; create one named civic-helpdesk.")


def private_folder(folder: Path, account: Account) -> Path:
    """Makes (or checks) a 0700 folder that belongs to the account."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != account.uid:
        raise CannotServe(f"{folder} belongs to somebody else; choose another folder with --data.")
    folder.chmod(0o700)
    return folder
