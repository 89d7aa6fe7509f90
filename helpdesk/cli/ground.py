"""What a command stands on: settings, running servers, and the application's context."""

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from flask import Flask
from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import OperationalError
from werkzeug.utils import import_string

from helpdesk import migrations
from helpdesk.cli import data_folder
from helpdesk.embedded import CannotServe, borrowed, keys

P = ParamSpec("P")
R = TypeVar("R")
OWN = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
"""Our own servers and the settings that replace them."""


def with_app(command: Callable[P, R]) -> Callable[P, R]:
    """Runs a command inside the application, on the servers it is given or on our own."""

    @functools.wraps(command)
    def inside(*args: P.args, **options: P.kwargs) -> R:
        with application(data_folder()):
            return command(*args, **options)

    return inside


@contextmanager
def application(data: Path) -> Iterator[Flask]:
    """The application with its context pushed. Raises CannotServe or BadSetting with one clear line."""
    with servers(data):
        app: Flask = import_string("helpdesk:create_backstage")()
        try:
            with app.app_context():
                yield app
        except OperationalError as problem:
            raise CannotServe(f"The database does not serve: {first_line(problem)}") from None


@contextmanager
def servers(data: Path, *, migrate: bool = True) -> Iterator[None]:
    """Fills the environment with settings; uses the servers that run on ``data`` or starts and stops some.

    Our own database is brought up to date, unless ``migrate`` says that it shall be left as it is.
    """
    os.environ["DATA_DIR"] = str(data)
    wanted = [name for name, setting in OWN.items() if not os.environ.get(setting)]
    if not wanted:
        if (data / keys.FILE_NAME).exists():
            _fill(keys.kept(data).settings())
        yield
        return
    with borrowed(data, wanted) as running:
        _fill(running.environment())
        if migrate and "postgres" in wanted:
            bring_up_to_date(os.environ["DATABASE_URL"])
        yield


def _fill(settings: dict[str, str]) -> None:
    for name, value in settings.items():
        if not os.environ.get(name):
            os.environ[name] = value


def bring_up_to_date(database_url: str) -> bool:
    """Applies the migrations that a database lacks; whether there were any."""
    address = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(address, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            if migrations.current(connection) == migrations.head():
                return False
            migrations.upgrade(connection)
    except OperationalError as problem:
        raise CannotServe(f"The database cannot be reached: {first_line(problem)}") from None
    finally:
        engine.dispose()
    return True


def first_line(problem: OperationalError) -> str:
    """What the database's client says, without the statement that met it."""
    return str(problem.orig).strip().splitlines()[0]
