"""helpdesk backup, helpdesk restore: the whole body as one file, whole or not at all."""

import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click
from sqlalchemy import NullPool, create_engine, make_url

from helpdesk import clock, migrations
from helpdesk.cli import data_folder
from helpdesk.cli.ground import bring_up_to_date, servers
from helpdesk.config import load
from helpdesk.embedded import CannotServe
from helpdesk.embedded.binaries import postgres_program

ABOUT, FILES, DUMP = "about.json", "attachments", "database.dump"
FORMAT = 1


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write database and attachments into FILE, while everything runs.

    The keys (secrets.json, or SECRET_KEY and CHANNEL_KEYS) are not in it: keep them apart from it.
    """
    if file.exists():
        raise click.UsageError(f"{file} exists already")
    with servers(data_folder()), ExitStack() as ending:
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        ending.callback(draft.unlink, missing_ok=True)
        _pack(draft, _dumped(file.absolute().parent, ending), load().data_dir)
        draft.replace(file)
    click.echo(f"{file}: {file.stat().st_size:,} bytes. The keys are not in it.", err=True)


def _dumped(folder: Path, ending: ExitStack) -> Path:
    """The database as it stood at one moment. Files are named by content and written before their rows are
    committed, so that whatever is copied after this holds every file the dump speaks of."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".helpdesk-dump-")
    os.close(handle)
    ending.callback(Path(name).unlink, missing_ok=True)
    _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={name}")
    return Path(name)


def _pack(draft: Path, dump: Path, data: Path) -> None:
    about = json.dumps({"format": FORMAT, "migration": migrations.head(), "made_at": clock.now().isoformat()})
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with tarfile.open(fileobj=out, mode="w") as tape:
            head = tarfile.TarInfo(ABOUT)
            head.size = len(about)
            tape.addfile(head, io.BytesIO(about.encode()))
            for path in sorted((data / FILES).glob("??/*")):
                if len(path.name) == 64:  # not the draft of a file that is being written
                    tape.add(path, f"{FILES}/{path.parent.name}/{path.name}")
            tape.add(dump, DUMP)
        out.flush()
        os.fsync(out.fileno())


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(file: Path) -> None:
    """Bring database and attachments back from FILE, into an installation that holds nothing yet."""
    with servers(data_folder(), migrate=False), tempfile.TemporaryDirectory(dir=load().data_dir) as scratch:
        settings = load()
        _require_empty(settings.database_url)
        _unpack(file, Path(scratch), settings.data_dir)
        dump = str(Path(scratch) / DUMP)
        _postgres("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", dump)
        bring_up_to_date(settings.database_url)
    click.echo("Brought back. Now run helpdesk check.", err=True)


def _require_empty(database_url: str) -> None:
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if migrations.current(connection) is not None:
                raise click.UsageError("this database holds a body already; restore into an empty one")
    finally:
        engine.dispose()


def _unpack(file: Path, scratch: Path, data: Path) -> None:
    """The dump goes to the scratch folder, the files to their place; names that lead elsewhere are refused."""
    try:
        with tarfile.open(file, mode="r:") as tape:
            first = tape.next()
            told = tape.extractfile(first) if first is not None and first.name == ABOUT else None
            if told is None or json.load(told).get("format") != FORMAT:
                raise CannotServe(f"{file} is no backup of ours.")
            for member in tape:
                if member.name == DUMP:
                    _lay(tape, member, scratch)
                elif member.name.startswith(f"{FILES}/"):
                    _lay(tape, member, data)
    except (tarfile.TarError, ValueError) as problem:
        raise CannotServe(f"{file} cannot be read: {problem}") from None


def _lay(tape: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """One file below the folder. By hand: Python before 3.11.4 has no filter that refuses names that lead elsewhere."""
    target = (folder / member.name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise ValueError(f"{member.name!r} leads elsewhere")
    source = tape.extractfile(member) if member.isfile() else None
    if source is None:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with source, target.open("wb") as kept:
        shutil.copyfileobj(source, kept)
    target.chmod(member.mode & 0o644 | 0o600)


def _postgres(program: str, *arguments: str) -> None:
    """Runs a program of PostgreSQL on our database; the password goes by the environment, never by the command."""
    url = make_url(load().database_url).set(drivername="postgresql")
    address = url.set(password=None).render_as_string(hide_password=False)
    environment = {**os.environ, "PGPASSWORD": url.password or ""}
    command = [str(postgres_program(program)), f"--dbname={address}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise CannotServe(f"{program} failed: {reason[0].removeprefix(f'{program}: ')}")
