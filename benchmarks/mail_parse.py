"""Parsing mail: milliseconds a mail, beside the standard library's parser; and how many foreign expectations hold."""

import base64
import email
import email.policy
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from channels import registry
from channels.email import quotes
from channels.message import InboundMessage

Row = dict[str, Any]
BUDGET = 1.2
"""Of the time that the standard library takes for less: without safe HTML, language, history and verdicts."""

RUNS, MAILS = 7, 200
SENTENCE = "Ο φωτισμός στην οδό μας έχει σβήσει εδώ και μία εβδομάδα και κανείς δεν ήρθε να τον δει. "
STYLED = '<p style="margin:0;font-family:Arial"><span class="x">{}</span> <a href="https://city.example/{}">εδώ</a></p>'


def run() -> list[Row]:
    """Speed by kinds of mail, then what holds of other people's samples where the folder is there."""
    kinds = {
        "text": a_mail(html=False),
        "text and HTML": a_mail(html=True),
        "HTML only": a_mail(html=True, plain=False),
    }
    rows = [_timed(name, raw) for name, raw in kinds.items()]
    return rows + [row for row in (_mails_held(), _replies_held()) if row]


def a_mail(*, html: bool, plain: bool = True) -> bytes:
    """A mail of about 6 KB as it comes over three hops, in Greek."""
    parts = []
    if plain:
        parts.append(_part("text/plain", SENTENCE * (10 if html else 22)))
    if html:
        count = 6 if plain else 13
        page = "".join(STYLED.format(SENTENCE, number) for number in range(count))
        parts.append(_part("text/html", f"<html><head><style>p{{}}</style></head><body>{page}</body></html>"))
    body = parts[0] if len(parts) == 1 else _alternative(parts)
    return _head() + body


def _head() -> bytes:
    name = base64.b64encode("Πολίτης".encode()).decode()
    hops = "".join(
        f"Received: from relay{hop}.example.org (relay{hop}.example.org [192.0.2.{hop}])\r\n"
        f"\tby mx{hop}.example.org with ESMTPS id 0000{hop}; Tue, 24 Nov 2026 10:00:0{hop} +0200\r\n"
        for hop in range(3)
    )
    return (
        f"{hops}Authentication-Results: mx.city.example; spf=pass smtp.mailfrom=example.org;\r\n"
        "\tdkim=pass header.d=example.org\r\n"
        f"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=x; h=from:to:subject;\r\n\tb={'A' * 340}\r\n"
        f"From: =?utf-8?B?{name}?= <anna@example.org>\r\nTo: info@city.example\r\nSubject: =?utf-8?B?{name}?=\r\n"
        "Date: Tue, 24 Nov 2026 10:00:00 +0200\r\nMessage-ID: <m1@example.org>\r\nMIME-Version: 1.0\r\n"
    ).encode()


def _part(kind: str, text: str) -> bytes:
    coded = base64.encodebytes(text.encode()).replace(b"\n", b"\r\n")
    return f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + coded


def _alternative(parts: list[bytes]) -> bytes:
    inner = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts)
    return b'Content-Type: multipart/alternative; boundary="edge"\r\n\r\n' + inner + b"--edge--\r\n"


def _timed(name: str, raw: bytes) -> Row:
    works = (partial(registry.get("email").parse, raw), partial(_by_the_library, raw))
    ours, peer = zip(*([_milliseconds(work) for work in works] for _ in range(RUNS)), strict=True)
    ratio = statistics.median(ours) / statistics.median(peer)
    return {
        "mail": name,
        "bytes": len(raw),
        "ms": statistics.median(ours),
        "p95": max(ours),
        "library ms": statistics.median(peer),
        "ratio": ratio,
        "budget": "kept" if ratio <= BUDGET else "missed",
    }


def _by_the_library(raw: bytes) -> object:
    """The same fields by the standard library alone: no safe HTML, no language, no quotes."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain", "html"))
    names = ("from", "to", "cc", "subject", "date", "message-id", "references", "in-reply-to")
    return [str(mail[name]) for name in names], body.get_content() if body else ""  # type: ignore[attr-defined]


def _milliseconds(work: Callable[[], object]) -> float:
    """Of processor time for one, so that neighbours on the machine do not count."""
    start = time.process_time()
    for _ in range(MAILS):
        work()
    return (time.process_time() - start) * 1000 / MAILS


def _folder(name: str) -> Path | None:
    root = Path(os.environ.get("HELPDESK_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
    return root / name if (root / name / "expectations.jsonl").exists() else None


def rows_in(folder: Path) -> list[Row]:
    """The expectations that stand in a folder."""
    return [json.loads(line) for line in (folder / "expectations.jsonl").read_text("utf-8").splitlines()]


def _mails_held(tell: bool = False) -> Row | None:
    folder = _folder("mail")
    if folder is None:
        return None
    held, rows = 0, rows_in(folder)
    for row in rows:
        message = registry.get("email").parse((folder / row["file"]).read_bytes())
        wrong = list(filter(None, (check(message, row) for check in (_sender, _subject, _words, _files))))
        held += not wrong
        if tell and wrong:
            print(row["file"], *wrong, sep="\n    ")
    return {"mail": "expectations of others", "held": held, "of": len(rows)}


def _sender(message: InboundMessage, row: Row) -> str:
    wanted = (row.get("from") or "").lower()
    return (
        ""
        if "from" not in row or wanted == message.sender.address
        else f"from: {message.sender.address!r}, not {wanted!r}"
    )


def _subject(message: InboundMessage, row: Row) -> str:
    wanted = " ".join((row.get("subject") or "").split())
    return "" if "subject" not in row or wanted == message.subject else f"subject: {message.subject!r}, not {wanted!r}"


def _words(message: InboundMessage, row: Row) -> str:
    said = f"{message.text}\n{message.html}"
    missing = [word for word in row.get("text_contains") or [] if word not in said]
    return f"text lacks {missing}" if missing else ""


def _files(message: InboundMessage, row: Row) -> str:
    wanted = sorted(row.get("attachments") or [])
    found = sorted(file.name for file in message.attachments)
    return "" if "attachments" not in row or wanted == found else f"attachments: {found}, not {wanted}"


def _replies_held(tell: bool = False) -> Row | None:
    folder = _folder("replies")
    if folder is None:
        return None
    held, rows = 0, rows_in(folder)
    for row in rows:
        reply, signature = _reply(folder / row["file"])
        wrong = wrong_reply(reply, row, signature)
        held += not wrong
        if tell and wrong:
            print(row["file"], *wrong, sep="\n    ")
    return {"mail": "replies of others", "held": held, "of": len(rows)}


def _reply(path: Path) -> tuple[str, str]:
    raw = path.read_bytes()
    if path.suffix == ".txt":
        found = quotes.split(raw.decode("utf-8", "replace").replace("\r\n", "\n"))
        return found.reply, found.signature
    if path.suffix == ".html":
        raw = b"From: a@example.org\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + raw
    message = registry.get("email").parse(raw)
    return message.reply, message.signature


def wrong_reply(reply: str, row: Row, signature: str | None = None) -> list[str]:
    """What of an expectation does not hold; the signature only where one was looked for."""
    flat = _flat(reply)
    wrong = [f"reply is {reply!r}"] if "reply_equals" in row and flat != _flat(row["reply_equals"]) else []
    wrong += [f"lacks {part!r}: {reply!r}" for part in row.get("reply_contains") or [] if _flat(part) not in flat]
    wrong += [f"holds {part!r}: {reply!r}" for part in row.get("reply_excludes") or [] if _flat(part) in flat]
    wrong += [
        f"begins {reply[:60]!r}" for part in row.get("reply_starts_with") or [] if not flat.startswith(_flat(part))
    ]
    if signature is not None:
        looked_for = row.get("signature") or []
        wrong += [f"signature {signature!r}" for part in looked_for if _flat(part) not in _flat(signature)]
    return wrong


def _flat(text: str) -> str:
    return " ".join(text.split())


def main() -> int:
    """Prints the rows; with ``--tell`` also what of others' expectations does not hold."""
    if "--tell" in sys.argv:
        _mails_held(tell=True)
        _replies_held(tell=True)
    for row in run():
        print(row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
