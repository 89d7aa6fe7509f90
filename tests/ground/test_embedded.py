"""The embedded servers, on real processes."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from helpdesk.embedded import CannotServe, Servers, borrowed, keys
from helpdesk.embedded.place import STATE
from helpdesk.embedded.process import wait_until
from tests.ground.processes import a_data_folder, processes_of


@pytest.fixture
def data() -> Iterator[Path]:
    with a_data_folder() as folder:
        yield folder


def query(servers: Servers, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(servers.database_url.replace("+psycopg", "")) as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


def ask(servers: Servers, *words: str) -> object:
    with Redis.from_url(servers.redis_url) as client:
        return client.execute_command(*words)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_what_was_committed_is_there_after_both_servers_are_killed(data: Path) -> None:
    with Servers(data) as servers:
        query(servers, "create table kept as select 42 as answer")
        ask(servers, "SET", "kept", "42")
        for process in list(servers._running.values()):
            kill(process.pid)
            process.wait()
        assert servers.fallen() == ["postgres", "valkey"]
        assert servers.revive() == ["postgres", "valkey"]
        assert query(servers, "select answer from kept") == [(42,)]
        assert ask(servers, "GET", "kept") == b"42"


def test_the_database_knows_greek_letters_and_the_applications_role_is_no_superuser(data: Path) -> None:
    with Servers(data, durable=False) as servers:
        assert query(servers, "select lower('ΑΊΤΗΣΗ')") == [("αίτηση",)]
        assert query(servers, "select rolsuper from pg_roles where rolname = current_user") == [(False,)]
        query(servers, "create extension unaccent; create extension pg_trgm; create extension btree_gist")


def test_durability_is_on_and_nothing_listens_on_the_network(data: Path) -> None:
    with Servers(data) as servers:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            assert query(servers, f"show {name}") == [("on",)]
        assert query(servers, "show listen_addresses") == [("",)]
        assert ask(servers, "CONFIG", "GET", "appendonly") == {b"appendonly": b"yes"}
        assert ask(servers, "CONFIG", "GET", "port") == {b"port": b"0"}


def test_a_second_owner_is_refused_by_the_name_of_the_first(data: Path) -> None:
    with Servers(data, durable=False), pytest.raises(CannotServe, match=f"in use by process {os.getpid()}"):
        Servers(data).start()


def test_a_command_uses_the_servers_that_run_and_leaves_them(data: Path) -> None:
    with Servers(data, durable=False) as owner:
        with borrowed(data) as guest:
            assert query(guest, "select 1") == [(1,)]
        assert owner.fallen() == []


def test_a_command_alone_starts_servers_and_ends_them(data: Path) -> None:
    with borrowed(data) as servers:
        assert query(servers, "select 1") == [(1,)]
    assert processes_of(data) == {}


OWNER = """
import sys, time
from pathlib import Path
from helpdesk.embedded import Servers
servers = Servers(Path(sys.argv[1]), durable=False)
servers.start()
print("up", flush=True)
time.sleep(600)
"""


def test_servers_end_with_an_owner_that_is_killed_and_the_next_owner_starts(data: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER, str(data)], stdout=subprocess.PIPE) as owner:
        assert owner.stdout
        assert owner.stdout.readline() == b"up\n"
        assert len(processes_of(data)) >= 2
        owner.kill()
    with Servers(data, durable=False) as servers:  # at once, while the old ones may still be ending
        assert query(servers, "select 1") == [(1,)]
    assert wait_until(lambda: not processes_of(data), 10), processes_of(data)


def test_a_pid_file_of_another_life_does_not_stop_the_start(data: Path) -> None:
    with Servers(data, durable=False) as servers:
        pid_file = servers.postgres.data / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]))
    (servers.valkey.data / "valkey.pid").write_text(str(os.getppid()))
    with Servers(data, durable=False) as servers:
        assert query(servers, "select 1") == [(1,)]


@pytest.mark.parametrize("name", ["with space", 'it\'s "quoted", really', "x" * 100])
def test_any_path_will_do(name: str) -> None:
    with a_data_folder(name) as data, Servers(data, durable=False) as servers:
        assert query(servers, "select 1") == [(1,)]
        assert ask(servers, "PING") is True
        with Redis.from_url(servers.redis_url) as client:
            assert client.client_list(), "a worker of RQ asks for this list, and it names our socket"


def test_secrets_are_private_and_stay(data: Path) -> None:
    data.mkdir()
    first = keys.kept(data)
    assert stat.S_IMODE((data / keys.FILE_NAME).stat().st_mode) == 0o600
    assert keys.kept(data) == first
    assert len(first.secret_key) >= 32


def test_half_made_clusters_are_made_again(data: Path) -> None:
    servers = Servers(data, durable=False)
    draft = servers.home / "postgres.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("half")
    with servers:
        assert query(servers, "select 1") == [(1,)]
    assert not draft.exists()


def test_a_folder_that_is_no_database_is_left_alone(data: Path) -> None:
    servers = Servers(data, durable=False)
    (servers.home / "postgres").mkdir()
    (servers.home / "postgres" / "diary.txt").write_text("mine")
    with pytest.raises(CannotServe, match="holds no database"):
        servers.start()
    assert (servers.home / "postgres" / "diary.txt").read_text() == "mine"


def test_a_data_folder_that_cannot_be_made_is_one_clear_line(data: Path) -> None:
    data.write_text("a file")
    with pytest.raises(CannotServe, match="data folder"):
        Servers(data)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
def test_as_root_data_behind_a_closed_folder_move_and_that_is_said(data: Path) -> None:
    closed = data.parent / "closed"
    closed.mkdir(mode=0o700)
    said: list[str] = []
    inner = closed / "data"
    try:
        with Servers(inner, durable=False, say=said.append) as servers:
            assert servers.home.parent == STATE
            assert query(servers, "select 1") == [(1,)]
            owner = servers.postgres.data.stat().st_uid
        assert owner != 0
        assert len(said) == 1
        assert str(servers.home) in said[0]
        Servers(inner, say=said.append)
        assert len(said) == 1
    finally:
        shutil.rmtree((inner / "servers").resolve(), ignore_errors=True)
