"""Attachments in an object store (S3 and what speaks like it), for installations of several hosts."""

import os
from functools import cache
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url


@cache
def _store(url: str, process: int) -> ObjectStore:
    """One client a process: its threads do not survive a fork."""
    return from_url(url)


class Bucket:
    """The store that a URL names; credentials come from the environment as its own tools take them (AWS_…)."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def _client(self) -> ObjectStore:
        return _store(self._url, os.getpid())

    def put(self, name: str, data: bytes | Path) -> None:
        """Stores it; raises OSError where it is not durable there."""
        try:
            obstore.put(self._client, _place(name), data)
        except BaseError as why:
            raise OSError(f"the object store refused: {type(why).__name__}") from why

    def get(self, name: str, size: int | None = None) -> bytes:
        """All of it or its beginning; raises FileNotFoundError, and OSError where the store does not answer."""
        try:
            if size is None:
                return bytes(obstore.get(self._client, _place(name)).bytes())
            whole = obstore.head(self._client, _place(name))["size"]
            return bytes(obstore.get_range(self._client, _place(name), start=0, end=min(size, whole))) if whole else b""
        except BaseError as why:
            raise OSError(f"the object store does not answer: {type(why).__name__}") from why

    def has(self, name: str) -> bool:
        """Whether it is there; raises OSError where the store does not answer."""
        try:
            obstore.head(self._client, _place(name))
        except FileNotFoundError:
            return False
        except BaseError as why:
            raise OSError(f"the object store does not answer: {type(why).__name__}") from why
        return True

    def remove(self, name: str) -> None:
        """Deletes it; raises OSError where the store does not answer."""
        try:
            obstore.delete(self._client, _place(name))
        except FileNotFoundError:
            return
        except BaseError as why:
            raise OSError(f"the object store does not answer: {type(why).__name__}") from why


def _place(name: str) -> str:
    return f"{name[:2]}/{name}"
