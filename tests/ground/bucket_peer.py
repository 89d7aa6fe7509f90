"""A small object store that speaks S3 over loopback: whole objects and ranges, and it checks every signature."""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

KEY, SECRET, REGION = "AKIATEST", "secret-of-the-store", "eu-south-1"


def _keyed(key: bytes, said: str) -> bytes:
    return hmac.new(key, said.encode(), hashlib.sha256).digest()


def signature(method: str, target: str, headers: Any, named: str, scope: str) -> str:
    """AWS Signature Version 4 of a request, as the store computes it on its own."""
    address = urlsplit(target)
    lines = "".join(f"{name}:{' '.join((headers[name] or '').split())}\n" for name in named.split(";"))
    named_values = (part if "=" in part else f"{part}=" for part in address.query.split("&") if part)
    query = "&".join(sorted(named_values))
    asked = "\n".join([method, address.path, query, lines, named, headers["x-amz-content-sha256"]])
    said = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hashlib.sha256(asked.encode()).hexdigest()])
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = _keyed(key, part)
    return _keyed(key, said).hex()


class _Store(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Peer"

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def _is_signed(self) -> bool:
        kind, _, rest = self.headers.get("authorization", "").partition(" ")
        said = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        key, _, scope = said.get("Credential", "").partition("/")
        if kind != "AWS4-HMAC-SHA256" or key != KEY or f"/{REGION}/s3/" not in f"/{scope}/":
            return False
        wanted = signature(self.command, self.path, self.headers, said["SignedHeaders"], scope)
        return hmac.compare_digest(wanted, said["Signature"])

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.get("length") or str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _refused(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.asked.append((self.command, urlsplit(self.path).path))
        if self.server.broken:
            self._refused(400, "InvalidRequest")
        elif not self._is_signed():
            self._refused(403, "SignatureDoesNotMatch")
        else:
            getattr(self, f"_{self.command.lower()}")(urlsplit(self.path).path, body)

    do_GET = do_HEAD = do_PUT = do_POST = _serve

    def _put(self, path: str, body: bytes) -> None:
        sent = self.headers["x-amz-content-sha256"]
        if sent not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
            self._refused(400, "XAmzContentSHA256Mismatch")
            return
        self.server.objects[path] = body
        self._answer(200, ETag=f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"')

    def _get(self, path: str, _: bytes) -> None:
        found = self.server.objects.get(path)
        told = {"ETag": '"x"', "Last_Modified": "Tue, 24 Nov 2026 10:00:00 GMT"}
        if found is None:
            self._refused(404, "NoSuchKey")
        elif asked := self.headers.get("range"):
            first, _, last = asked.removeprefix("bytes=").partition("-")
            end = min(int(last or len(found)), len(found) - 1)
            told["Content_Range"] = f"bytes {first}-{end}/{len(found)}"
            self._answer(206, found[int(first) : end + 1], **told)
        else:
            self._answer(200, found, **told)

    def _head(self, path: str, _: bytes) -> None:
        found = self.server.objects.get(path)
        if found is None:
            self._answer(404)
        else:
            self._answer(200, found, ETag='"x"', Last_Modified="Tue, 24 Nov 2026 10:00:00 GMT")

    def _post(self, path: str, body: bytes) -> None:
        """The removal of several, the only thing that is posted; what is not there counts as removed."""
        names = re.findall(r"<Key>([^<]+)</Key>", body.decode())
        for name in names:
            self.server.objects.pop(f"{path.rstrip('/')}/{name}", None)
        gone = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
        self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())


class Peer(ThreadingHTTPServer):
    """What it holds by path, what it was asked, and whether it refuses everything."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Store)
        self.objects: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.broken = False

    @property
    def environment(self) -> dict[str, str]:
        """What an operator sets to reach it."""
        return {
            "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": REGION,
            "AWS_ENDPOINT": f"http://127.0.0.1:{self.server_port}", "AWS_ALLOW_HTTP": "true",
        }  # fmt: skip


@contextmanager
def running() -> Iterator[Peer]:
    """One, while the test needs it."""
    with Peer() as peer:
        thread = threading.Thread(target=peer.serve_forever)
        thread.start()
        try:
            yield peer
        finally:
            peer.shutdown()
            thread.join()
