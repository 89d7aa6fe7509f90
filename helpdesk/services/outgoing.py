"""Everything that leaves to places administrators name: public servers, and of private ones what the operator lists."""

import hashlib
import http.client
import io
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import current_app

SCHEMES = frozenset({"smtp", "smtps", "https", "imap", "imaps"})
_PORTS = {"smtp": 25, "smtps": 465, "https": 443, "imap": 143, "imaps": 993}
LARGEST = 2 * 1024 * 1024
"""Bytes of an answer that are read."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def why_not(url: str) -> str:
    """Why we do not connect there, as a sentence; empty where we do."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return "This is no address of a server."
    if parts.scheme not in SCHEMES or not host:
        return "Write the server with its protocol and name, as in smtps://mail.example.org."
    try:
        found = _found(host, port)
    except (OSError, UnicodeError):
        return "No server of that name can be found."
    if _may_reach(host, found):
        return ""
    return "This server stands in a private network. The operator must list it in PRIVATE_HOSTS first."


def _found(host: str, port: int) -> Sequence[Address]:
    """Where the name leads, each once, in the resolver's order."""
    told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(item[4][0]) for item in told))


def _may_reach(host: str, found: Sequence[Address]) -> bool:
    return host in _listed() or all(_is_open(address) for address in found)


def dial(host: str, port: int, seconds: float) -> socket.socket:
    """Connects to what the name leads to, resolved once; raises OSError, also where we may not connect."""
    try:
        found = _found(host, port)
    except UnicodeError:
        raise OSError("no server of that name can be found") from None
    if not _may_reach(host, found):
        raise OSError("this server stands in a private network that PRIVATE_HOSTS does not list")
    failure: OSError = OSError("no server of that name can be found")
    for address in found:
        try:
            return socket.create_connection((str(address), port), seconds)
        except OSError as why:
            failure = why
    raise failure


@dataclass(frozen=True)
class Reply:
    """What a server answered by HTTP; a redirect is an answer like any other and is not followed."""

    status: int
    body: bytes = field(repr=False)


def post(url: str, values: Mapping[str, str], seconds: float = 15) -> Reply:
    """Sends a form by HTTPS and reads the answer up to `LARGEST`; raises OSError."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return _post(url, urlencode(values).encode(), headers, seconds)


def post_json(url: str, document: Mapping[str, Any], headers: Mapping[str, str], seconds: float) -> Reply:
    """The same with a JSON document; ``seconds`` hold from the first byte to the last. Raises OSError."""
    told = {"Content-Type": "application/json", "Accept": "application/json", **headers}
    return _post(url, json.dumps(document, ensure_ascii=False).encode(), told, seconds)


def post_bytes(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply:
    """The same with a body of any kind, which the headers name. Raises OSError."""
    return _post(url, body, {"Accept": "application/json", **headers}, seconds)


def _post(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Reply:
    if why := why_not(url):
        raise OSError(why)
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise OSError("only https is spoken here")
    until = time.monotonic() + seconds
    connection = _Secure(parts.hostname or "", parts.port or 443, timeout=seconds)
    try:
        connection.request("POST", parts.path or "/", body, dict(headers))
        answer = http.client.HTTPResponse(_Hurried(connection.sock, until), method="POST")  # type: ignore[arg-type]
        answer.begin()
        return Reply(answer.status, answer.read(LARGEST))
    except http.client.HTTPException as why:
        raise OSError(f"{parts.hostname}: {type(why).__name__}") from None
    finally:
        connection.close()


class _Hurried(io.RawIOBase):
    """What comes on a line, and no longer than until then, however slowly it drips, its head included."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until = line, until

    def makefile(self, *_: Any) -> io.BufferedReader:
        """As a reply is read from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, piece: Any) -> int:
        """The next bytes; raises OSError when the time is over."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._line.settimeout(left)
        return self._line.recv_into(piece)


class _Secure(http.client.HTTPSConnection):
    """HTTPS over our own way out."""

    def connect(self) -> None:
        until = time.monotonic() + (self.timeout or 15)
        made = dial(self.host, self.port, self.timeout or 15)
        made.settimeout(max(0.1, until - time.monotonic()))
        context: ssl.SSLContext = current_app.extensions.get("trust") or ssl.create_default_context()
        self.sock = context.wrap_socket(made, server_hostname=self.host)


def instance() -> str:
    """A name for this installation that gives its key away to nobody; our own mail that returns is known by it."""
    key: str = current_app.config["SETTINGS"].secret_key
    return hashlib.sha256(f"instance:{key}".encode()).hexdigest()[:16]


def _listed() -> tuple[str, ...]:
    hosts: tuple[str, ...] = current_app.config["SETTINGS"].private_hosts
    return hosts


def _is_open(address: Address) -> bool:
    plain = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped else address
    return (plain.is_global and not plain.is_multicast) or any(plain in network for network in _networks(_listed()))


def _networks(listed: Iterable[str]) -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for item in listed:
        try:
            yield ipaddress.ip_network(item, strict=False)
        except ValueError:
            continue  # a host's name
