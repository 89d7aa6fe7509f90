"""Real PostgreSQL and Valkey for the tests: one pair a run, one database and one number a worker."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import make_url

from helpdesk import migrations
from helpdesk.embedded import Servers

DATABASE, REDIS = "HELPDESK_TEST_DATABASE_URL", "HELPDESK_TEST_REDIS_URL"
TEMPLATE = "helpdesk_template"


def start_test_servers() -> Servers:
    """Starts a pair without durability in a folder of its own and tells later processes where it is."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-tests-"))
    folder.chmod(0o711)
    servers = Servers(folder / "data", durable=False, connections=200)
    servers.start()
    os.environ[DATABASE], os.environ[REDIS] = servers.database_url, servers.redis_url
    make_template()
    return servers


def stop_test_servers(servers: Servers) -> None:
    """Ends the pair and removes all it wrote."""
    servers.stop()
    shutil.rmtree(servers.home, ignore_errors=True)
    shutil.rmtree(servers.data.parent, ignore_errors=True)


def database_named(name: str) -> str:
    """The address of another database on the same server."""
    return make_url(os.environ[DATABASE]).set(database=name).render_as_string(hide_password=False)


def command(statement: str, *names: str) -> None:
    """Runs a statement about whole databases; ``{}`` takes the names, quoted."""
    url = make_url(database_named("postgres")).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def make_template() -> None:
    """One database with every migration applied, to be cloned."""
    command("CREATE DATABASE {}", TEMPLATE)
    engine = create_engine(database_named(TEMPLATE), poolclass=NullPool)
    with engine.begin() as connection:
        migrations.upgrade(connection)
    engine.dispose()


def worker_database(name: str, template: str = TEMPLATE) -> str:
    """A fresh clone of the template; its address."""
    drop_database(name)
    command("CREATE DATABASE {} TEMPLATE {}", name, template)
    return database_named(name)


def empty_database(name: str) -> str:
    """A fresh database without any table (for tests of the migrations); its address."""
    drop_database(name)
    command("CREATE DATABASE {}", name)
    return database_named(name)


def drop_database(name: str) -> None:
    """Removes a database with whoever is still connected; an autovacuum at work there is waited for."""
    until = time.monotonic() + 60
    while True:
        try:
            return command("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        except psycopg.errors.InsufficientPrivilege:  # the server's own process, which only it may end
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def worker_redis(worker: str) -> str:
    """The Valkey database number of an xdist worker (``gw3``; ``main`` without xdist)."""
    number = int(worker.removeprefix("gw")) + 1 if worker.startswith("gw") else 0
    return os.environ[REDIS].replace("db=0", f"db={number}")


def pytest_configure(config: pytest.Config) -> None:
    """Starts the pair in the controlling process; workers find its address in the environment."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        config.stash[_SERVERS] = start_test_servers()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends what was started."""
    servers = config.stash.get(_SERVERS, None)
    if servers is not None:
        stop_test_servers(servers)


_SERVERS: pytest.StashKey[Servers] = pytest.StashKey()


@pytest.fixture(scope="session")
def worker_name() -> str:
    """This xdist worker's name, ``main`` without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def database_url(worker_name: str) -> Iterator[str]:
    """A migrated database of this worker alone."""
    yield worker_database(f"helpdesk_{worker_name}")
    drop_database(f"helpdesk_{worker_name}")


@pytest.fixture
def own_database(worker_name: str, database_url: str) -> Iterator[str]:
    """A migrated database for one test, whose processes commit for good."""
    name = f"own_{worker_name}"
    yield worker_database(name)
    drop_database(name)


@pytest.fixture(scope="session")
def redis_url(worker_name: str) -> str:
    """A Valkey database of this worker alone."""
    return worker_redis(worker_name)
