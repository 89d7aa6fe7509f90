"""Where administrators may let us connect to: public servers, and in private ranges what the operator lists."""

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import current_app

SCHEMES = frozenset({"smtp", "smtps", "https"})
_PORTS = {"smtp": 25, "smtps": 465, "https": 443}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def why_not(url: str) -> str:
    """Why we do not connect there, as a sentence; empty where we do."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return "This is no address of a server."
    if parts.scheme not in SCHEMES or not host:
        return "Write the server as smtp://… or smtps://… with its name."
    try:
        found = {ipaddress.ip_address(item[4][0]) for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return "No server of that name can be found."
    if host in _listed() or all(_is_open(address) for address in found):
        return ""
    return "This server stands in a private network. The operator must list it in PRIVATE_HOSTS first."


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
