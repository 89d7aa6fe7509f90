"""Takes mail by SMTP or LMTP: only for addresses of ours, and 250 only after it is kept."""

import asyncio
import logging
import ssl
import threading
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session, syntax

from channels.email.keeper import Keeper, NotKept
from channels.email.spool import Spool
from channels.port import Raw

log = logging.getLogger(__name__)

LARGEST = 150 * 1024 * 1024
"""Bytes of a mail that are taken. Its text is read up to a smaller limit; what is beyond this the sender's own server
returns with our words."""

MOST_CONNECTIONS = 60
MOST_RECIPIENTS = 100
IDLE_SECONDS = 120.0
SESSION_SECONDS = 900.0
KEEP_SECONDS = 120.0

_UNKNOWN = "550 5.1.1 No such address here"
_TOO_MANY = "452 4.5.3 Too many recipients"
_NOT_NOW = "451 4.3.0 Not kept, please try again later"
_TOO_LARGE = "552 5.3.4 Too large; please send large files through our web form"
_TAKEN = "250 2.0.0 Kept"


class Handler:
    """What happens to a mail while it comes in; aiosmtpd calls it."""

    def __init__(self, accepts: Callable[[str], bool], keeper: Keeper) -> None:
        self._accepts = accepts
        self._keeper = keeper

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Whether it is for us."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return _TOO_MANY
        if not await asyncio.to_thread(self._accepts, address):
            return _UNKNOWN
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answers when it is durable, for LMTP once a recipient."""
        spool: Spool = envelope.spool  # type: ignore[attr-defined]
        raw = Raw(body=spool.finish(), envelope=_told(session, envelope), file=spool.path)
        answer = await self._kept(raw)
        count = len(envelope.rcpt_tos) if isinstance(server, LMTP) else 1
        return "\r\n".join([answer] * count)

    async def _kept(self, raw: Raw) -> str:
        try:
            await asyncio.wait_for(self._keeper.keep(raw), KEEP_SECONDS)
        except (NotKept, TimeoutError) as why:
            log.warning("mail not kept", extra={"reason": str(why) or "too slow"})
            return _NOT_NOW
        return _TAKEN

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is never the end of a mail."""
        log.warning("receiving failed", extra={"reason": type(error).__name__})
        return _NOT_NOW


def _told(session: Session, envelope: Envelope) -> dict[str, Any]:
    """What the envelope says, as it is kept beside the raw mail."""
    peer = session.peer[0] if isinstance(session.peer, tuple) and session.peer else ""
    return {
        "sender": (envelope.mail_from or "").strip("<>"),
        "recipients": list(envelope.rcpt_tos),
        "peer": str(peer),
        "helo": str(session.host_name or ""),
        "tls": session.ssl is not None,
    }


class _Guarded:
    """Counts connections, turns away those beyond the limit, and ends those that never end."""

    line_length_limit = 1024 * 1024  # far beyond RFC 5321: a long line of HTML is no reason to lose a mail
    open_connections: set[Any]
    most_connections: int
    session_seconds: float

    def connection_made(self, transport: Any) -> None:
        if len(self.open_connections) >= self.most_connections:
            transport.write(b"421 4.3.2 Too many connections, please try again later\r\n")
            transport.close()
            return
        super().connection_made(transport)  # type: ignore[misc]
        if self not in self.open_connections:
            self.open_connections.add(self)
            loop: asyncio.AbstractEventLoop = self.loop  # type: ignore[attr-defined]
            loop.call_later(self.session_seconds, transport.close)

    def connection_lost(self, error: Exception | None) -> None:
        self.open_connections.discard(self)
        if getattr(self, "transport", None) is not None:
            super().connection_lost(error)  # type: ignore[misc]


class _Streaming(_Guarded):
    """Takes DATA line by line onto a spool, so that sixty large mails at once do not fill the memory."""

    spool_folder: Path | None
    data_size_limit: int | None
    transport: Any
    envelope: Any

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """RFC 5321 §4.1.1.4; whatever is wrong with the mail is told after its last line."""
        session: Any = self
        if not self.envelope.rcpt_tos:
            await session.push("503 5.5.1 Say first whom it is for")
            return
        await session.push("354 End data with <CR><LF>.<CR><LF>")
        spool = Spool(self.spool_folder)
        try:
            refusal = await self._fill(spool)
            self.envelope.spool = spool
            answer = refusal or await session._call_handler_hook("DATA")
        except OSError as why:
            log.warning("mail not kept", extra={"reason": type(why).__name__})
            answer = _NOT_NOW
        finally:
            spool.close()
        session._set_post_data_state()
        await session.push(answer)

    async def _fill(self, spool: Spool) -> str:
        """Reads up to the lone dot; why the mail is not taken, empty where it is."""
        refusal, begins = "", True
        most = self.data_size_limit or LARGEST
        while True:
            line, whole = await self._line()
            if begins and line == b".\r\n":
                return refusal
            if not refusal and spool.size + len(line) > most:
                refusal = _TOO_LARGE
                spool.close()
            if not refusal:
                spool.write(line[1:] if begins and line.startswith(b".") else line)
            begins = whole

    async def _line(self) -> tuple[bytes, bool]:
        """The next line, or a piece of one that has no end in sight; and whether it ended."""
        reader: asyncio.StreamReader = self._reader  # type: ignore[attr-defined]
        try:
            return await reader.readuntil(b"\r\n"), True
        except asyncio.LimitOverrunError as why:
            return await reader.read(max(why.consumed, 1)), False


class _SmtpSession(_Streaming, SMTP):
    pass


class _LmtpSession(_Streaming, LMTP):
    pass


class Receiver:
    """A mail server in a thread of its own. ``accepts`` and ``keep`` are called from other threads; both may block.

    ``keep`` makes a batch durable or raises; then its senders hear 451 and try again. ``certificate`` is a PEM
    file with key and chain, which turns STARTTLS on. ``port`` 0 takes a free one, to be read after `start`.
    """

    def __init__(
        self,
        accepts: Callable[[str], bool],
        keep: Callable[[Sequence[Raw]], None],
        host: str = "127.0.0.1",
        port: int = 2525,
        certificate: str = "",
        *,
        lmtp: bool = False,
        largest: int = LARGEST,
        most_connections: int = MOST_CONNECTIONS,
        idle_seconds: float = IDLE_SECONDS,
        session_seconds: float = SESSION_SECONDS,
        name: str = "",
        spool: Path | None = None,
    ) -> None:
        self.host, self.port = host, port
        self._accepts = accepts
        self._keeper = Keeper(keep)
        self._session = _session_kind(lmtp, most_connections, session_seconds, spool)
        self._options = {
            "data_size_limit": largest,
            "enable_SMTPUTF8": True,
            "timeout": idle_seconds,
            "hostname": name or None,
            "ident": "ESMTP",
            "tls_context": _tls(certificate),
        }
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="mail-receiver", daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> None:
        """Listens; raises OSError when the port is in use."""
        self._thread.start()
        try:
            self._do(self._listen())
        except BaseException:
            self._end()
            raise
        self._keeper.start()

    def stop(self, patience: float = 5.0) -> None:
        """Takes nothing new, lets what is being kept be kept, and ends."""
        self._do(self._hang_up(patience))
        self._keeper.stop(patience)
        self._do(asyncio.sleep(0.05))  # the last answers go out
        self._end()

    async def _listen(self) -> None:
        handler = Handler(self._accepts, self._keeper)
        self._server = await self._loop.create_server(
            lambda: self._session(handler, loop=self._loop, **self._options), self.host, self.port, backlog=200
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hang_up(self, patience: float) -> None:
        assert self._server is not None
        self._server.close()
        end = self._loop.time() + patience
        while self._keeper.busy and self._loop.time() < end:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        for session in list(self._session.open_connections):
            if session.transport is not None:
                session.transport.close()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _session_kind(lmtp: bool, most_connections: int, session_seconds: float, spool: Path | None) -> Any:
    """A class of its own for each receiver, since aiosmtpd makes the sessions."""
    limits: dict[str, Any] = {
        "open_connections": set(),
        "most_connections": most_connections,
        "session_seconds": session_seconds,
    }
    limits["spool_folder"] = spool
    return type("Session", (_LmtpSession if lmtp else _SmtpSession,), limits)


def _tls(certificate: str) -> ssl.SSLContext | None:
    if not certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context
