"""A post office for journeys: a body of its own on a database of its own, mails to it, and what it sent."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path

from flask import Flask
from sqlalchemy import select, text

from helpdesk import clock, create_app
from helpdesk import db as ground
from helpdesk.config import Settings
from helpdesk.db import db, table
from helpdesk.models.catalogue import Department
from helpdesk.models.post import ChannelAccount, Inbound
from helpdesk.services import inbox, rulebook
from helpdesk.vocabulary import RulebookKind
from tests.builders import a_department, an_account
from tests.servers import drop_database, worker_database

ROOT = Path(__file__).resolve().parents[2]
_numbers = count(1)
LEAK = {
    "key": "leak",
    "title": "Διαρροές",
    "when": {"words": {"any": ["διαρροή νερού"]}},
    "then": {"department": "water"},
}


@contextmanager
def office(name: str, settings: Settings) -> Iterator[Flask]:
    """A body with a water department, one address and the default hours, committed for real."""
    app = create_app(Settings(**vars(settings) | {"database_url": worker_database(name)}))
    try:
        with app.app_context():
            furnish()
            yield app
            db.session.remove()
            db.engine.dispose()
    finally:
        drop_database(name)


def furnish() -> None:
    """A water department that answers for leaks, one address, the default hours and targets."""
    a_department(key="water", names={"el": "Ύδρευση", "en": "Water"})
    an_account(address="info@city.example", name="Δήμος", is_default=True)
    ground.commit()
    rulebook.ensure_defaults(clock.now())
    rulebook.enact(RulebookKind.RULESET, rulebook.DEFAULT, {"rules": [LEAK]}, at=clock.now())


def a_mail(sender: str = "anna@example.org", **given: str) -> EmailMessage:
    """A mail about a leak; keywords are headers (``in_reply_to``) or ``text``."""
    mail = EmailMessage(policy=policy.SMTP)
    number = next(_numbers)
    words = given.pop("text", "Έχουμε διαρροή νερού στην οδό Ερμού.")
    headers = {"from": sender, "to": "info@city.example", "subject": "Νερά", "message_id": f"<m{number}@example.org>"}
    for name, value in (headers | given).items():
        mail[name.replace("_", "-").title()] = value
    mail.set_content(words)
    return mail


def post(*mails: EmailMessage | bytes) -> list[int | None]:
    """Hands them to the inbox as the pipe does."""
    from_pipe = [mail if isinstance(mail, bytes) else mail.as_bytes() for mail in mails]
    account = db.session.execute(select(table(ChannelAccount))).first()
    assert account is not None
    return inbox.keep([inbox.piped(raw, account) for raw in from_pipe])


def processed() -> None:
    """Works the inbox off."""
    while inbox.process():
        pass


def sent(app: Flask) -> list[EmailMessage]:
    """What lies in the sink, oldest first."""
    files = sorted(Path(app.config["SETTINGS"].smtp_url.removeprefix("file://")).rglob("*.eml"), key=_age)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]


def _age(path: Path) -> int:
    return path.stat().st_mtime_ns


def counted(statement: str) -> int:
    """A number from the database."""
    return int(db.session.execute(text(statement)).scalar_one())


def department(key: str) -> Department:
    """A department by its key."""
    return db.session.scalars(select(Department).where(Department.key == key)).one()


def states() -> list[str]:
    """The states of what was kept, in order."""
    rows = table(Inbound)
    return list(db.session.execute(select(rows.c.state).order_by(rows.c.id)).scalars())


def helpdesk(app: Flask, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as an operator does, on that body's servers."""
    settings = app.config["SETTINGS"]
    environment = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key,
        "CHANNEL_KEYS": settings.channel_keys[0],
    }
    return subprocess.run(
        [sys.executable, "-m", "helpdesk.cli", *arguments, "--data", str(settings.data_dir)],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
