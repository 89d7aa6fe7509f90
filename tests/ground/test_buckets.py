"""Attachments in an object store: by a peer that speaks S3 and checks every signature."""

import hashlib
from dataclasses import replace

import pytest

from helpdesk import buckets, storage
from tests.ground import bucket_peer


@pytest.fixture
def store(app, session, monkeypatch):
    with bucket_peer.running() as peer:
        for name, value in peer.environment.items():
            monkeypatch.setenv(name, value)
        settings = replace(app.config["SETTINGS"], attachments_store="s3://files/town")
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        buckets._store.cache_clear()
        yield peer
        buckets._store.cache_clear()


def test_a_content_is_kept_once_read_whole_and_by_its_beginning_and_removed(store):
    data = bytes(range(256)) * 400
    name = storage.keep(data)
    assert name == hashlib.sha256(data).hexdigest() and storage.exists(name)
    assert store.objects == {f"/files/town/{name[:2]}/{name}": data}
    assert storage.keep(data) == name
    assert [verb for verb, _ in store.asked].count("PUT") == 1
    assert storage.read(name) == data and storage.beginning(name, 10) == data[:10]
    assert storage.beginning(name, 10**9) == data
    storage.remove(name)
    assert not storage.exists(name) and store.objects == {}
    storage.remove(name)


def test_a_large_file_goes_there_and_leaves_no_copy(store, tmp_path):
    file = tmp_path / "mail"
    file.write_bytes(b"a long mail " * 1_000)
    name = storage.keep_file(file)
    assert not file.exists() and storage.read(name) == b"a long mail " * 1_000


def test_nothing_is_a_content_too(store):
    name = storage.keep(b"")
    assert storage.read(name) == storage.beginning(name, 5) == b""


def test_what_is_not_there_is_told_from_a_store_that_does_not_answer(store):
    name = "0" * 64
    with pytest.raises(FileNotFoundError):
        storage.read(name)
    with pytest.raises(FileNotFoundError):
        storage.beginning(name, 5)
    assert not storage.exists(name)
    store.broken = True
    for ask in (storage.read, storage.exists, storage.remove):
        with pytest.raises(OSError, match="object store"):
            ask(name)
    with pytest.raises(OSError, match="object store"):
        storage.keep(b"words")


def test_a_wrong_secret_keeps_nothing(store, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    buckets._store.cache_clear()
    with pytest.raises(OSError, match="object store"):
        storage.keep(b"words")
    assert store.objects == {}
