"""The secrets of an installation without settings: made once, kept in one 0600 file, never printed."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from helpdesk.embedded.account import CannotServe

FILE_NAME = "secrets.json"


@dataclass(frozen=True)
class Keys:
    """What the file holds; the first three stand in for settings of the same name."""

    secret_key: str
    channel_keys: str
    metrics_token: str
    database_password: str
    superuser_password: str
    installation: str

    def settings(self) -> dict[str, str]:
        """As environment variables."""
        return {
            "SECRET_KEY": self.secret_key,
            "CHANNEL_KEYS": self.channel_keys,
            "METRICS_TOKEN": self.metrics_token,
        }


def kept(data: Path) -> Keys:
    """Reads the installation's secrets, making them on first use."""
    path = data / FILE_NAME
    if not path.exists():
        _write(path, _fresh())
    try:
        return Keys(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError) as problem:
        raise CannotServe(f"{path} cannot be read: {problem}") from None


def _fresh() -> Keys:
    return Keys(
        secret_key=secrets.token_urlsafe(48),
        channel_keys=base64.urlsafe_b64encode(os.urandom(32)).decode(),
        metrics_token=secrets.token_urlsafe(24),
        database_password=secrets.token_hex(24),
        superuser_password=secrets.token_hex(24),
        installation=secrets.token_hex(6),
    )


def _write(path: Path, keys: Keys) -> None:
    """Whole or not at all, and never over the secrets of a process that was quicker."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(keys), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError as problem:
        raise CannotServe(f"The data folder cannot be written: {problem}") from None
    finally:
        draft.unlink(missing_ok=True)
