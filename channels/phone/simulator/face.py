"""The simulated carrier over HTTP on this machine: its REST for the official client, under one lock and clock."""

import http.client
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from channels.phone.simulator import rest
from channels.phone.simulator.answers import Answer, ReplyLost
from channels.phone.simulator.network import Network

SECONDS = 15


def post(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Posts a form as the carrier does; raises OSError where nobody answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=SECONDS)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read(1 << 20)
    except http.client.HTTPException as why:
        raise OSError(type(why).__name__) from None
    finally:
        connection.close()


class Face(ThreadingHTTPServer):
    """The carrier's door. ``lock`` guards the network: nothing happens in it at two places at once."""

    daemon_threads = True

    def __init__(self, network: Network, port: int = 0, door: "type[Door] | None" = None) -> None:
        super().__init__(("127.0.0.1", port), door or Door)
        self.network, self.lock = network, threading.RLock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""

    @property
    def url(self) -> str:
        """The base address for the official client."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Door(BaseHTTPRequestHandler):
    """One request to the carrier."""

    protocol_version = "HTTP/1.1"
    server: Face

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        """Reads."""
        self._do("GET")

    def do_POST(self) -> None:
        """Changes."""
        self._do("POST")

    def do_DELETE(self) -> None:
        """Deletes."""
        self._do("DELETE")

    def _do(self, method: str) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        form = dict(parse_qsl(parts.query) + parse_qsl(body.decode()))
        try:
            with self.server.lock:
                answer = self.answer(method, parts.path, form)
        except ReplyLost:
            self.close_connection = True
            return
        self._send(answer)

    def answer(self, method: str, path: str, form: dict[str, str]) -> Answer:
        """What the carrier answers."""
        return rest.handle(self.server.network, method, path, form, self.headers.get("Authorization", ""))

    def _send(self, answer: Answer) -> None:
        data = answer.file or (json.dumps(answer.told).encode() if answer.told is not None else b"")
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type if answer.file else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
