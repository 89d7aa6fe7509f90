"""Attachments on disk and in an object store: by content, once, durable, and gone when they are gone."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import current_app

from helpdesk import storage


@pytest.fixture(params=["disk", "object store"])
def kept(request, app, session, tmp_path):
    before, data = current_app.config["SETTINGS"], current_app.config["DATA_DIR"]
    current_app.config["DATA_DIR"] = tmp_path / "data"
    if request.param == "object store":
        (tmp_path / "bucket").mkdir()
        url = (tmp_path / "bucket").as_uri()
        current_app.config["SETTINGS"] = replace(before, attachments_store=url)
    yield tmp_path
    current_app.config["SETTINGS"], current_app.config["DATA_DIR"] = before, data


def test_bytes_are_kept_once_under_their_hash(kept: Path):
    name = storage.keep(b"hello")
    assert storage.keep(b"hello") == name
    assert (storage.read(name), storage.beginning(name, 3), storage.exists(name)) == (b"hello", b"hel", True)
    assert storage.beginning(name, 99) == b"hello"
    assert [path.name for path in kept.rglob("*") if path.is_file()] == [name]


def test_nothing_is_a_content_too(kept: Path):
    name = storage.keep(b"")
    assert (storage.read(name), storage.beginning(name, 16)) == (b"", b"")


def test_a_file_is_taken_over(kept: Path):
    (kept / "data").mkdir(exist_ok=True)
    file = kept / "data" / "incoming"
    file.write_bytes(b"x" * 3_000_000)
    name = storage.keep_file(file)
    assert not file.exists()
    assert storage.read(name) == b"x" * 3_000_000


def test_what_is_not_there_is_said_to_be_missing(kept: Path):
    name = "0" * 64
    assert not storage.exists(name)
    for look in (storage.read, lambda one: storage.beginning(one, 16)):
        with pytest.raises(FileNotFoundError):
            look(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "0" * 63, "Z" * 64])
def test_a_name_that_is_no_hash_leads_nowhere(kept: Path, name: str):
    with pytest.raises(ValueError, match="SHA-256"):
        storage.read(name)
