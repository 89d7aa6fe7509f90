"""A mail that a provider took apart into the fields of a form, put together again."""

import hashlib
import json
import re
from collections.abc import Mapping
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from typing import Any

from channels.email import charset
from channels.email.mime import Cutter, Part
from channels.port import Unreadable

Fields = Mapping[str, Part]
_REBUILT = re.compile(rb"^(?:content-(?:type|transfer-encoding|disposition)|mime-version):", re.IGNORECASE)
_FILE = re.compile(r"attachment\d{1,4}\Z")


def fields(body: bytes, kind: str) -> Fields:
    """The fields by name, the first of a name counts. Raises Unreadable for what is no multipart/form-data."""
    if not kind.lower().startswith("multipart/form-data"):
        raise Unreadable("only multipart/form-data is understood")
    root = Cutter().cut(b"Content-Type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n" + body)
    found: dict[str, Part] = {}
    for part in root.children:
        if name := part.disposition[1].get("name"):
            found.setdefault(name, part)
    if not found:
        raise Unreadable("the form has no fields")
    return found


def identity(given: Fields) -> str:
    """The same for the same mail posted again, whatever boundary lies between the fields."""
    digest = hashlib.sha256()
    for name, part in sorted(given.items(), key=lambda item: item[0]):
        digest.update(f"{name}:{len(part.content)}:".encode() + part.content)
    return digest.hexdigest()


def said(given: Fields, name: str, declared: str = "") -> str:
    """A field as text."""
    return charset.decode(given[name].content, declared).text.strip() if name in given else ""


def table(given: Fields, name: str) -> dict[str, Any]:
    """A field that holds a JSON object; empty where it does not."""
    try:
        found = json.loads(said(given, name) or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def mail(body: bytes, kind: str) -> bytes:
    """The mail as it was before the provider took it apart: its own header lines, its texts and files."""
    given = fields(body, kind)
    charsets = table(given, "charsets")
    whole = _body(given, charsets)
    _attach(whole, given)
    return _head(given, charsets) + whole.as_bytes(policy=SMTP)


def _head(given: Fields, charsets: Mapping[str, Any]) -> bytes:
    """The header lines that are not about how the body is packed; without any, the ones that the form repeats."""
    lines: list[bytes] = []
    kept = False
    for line in given["headers"].content.replace(b"\r\n", b"\n").split(b"\n") if "headers" in given else ():
        folded = line[:1] in (b" ", b"\t")
        kept = bool(line.strip()) and (kept if folded else not _REBUILT.match(line) and b":" in line)
        if kept:
            lines.append(line)
    if not any(line.lower().startswith(b"from:") for line in lines):
        for name in ("from", "to", "cc", "subject"):
            if text := " ".join(said(given, name, str(charsets.get(name, ""))).split()):
                lines.append(f"{name.title()}: {text}".encode())
    lines += [f"X-Spam-Score: {score}".encode() for score in [said(given, "spam_score")] if _is_number(score)]
    return b"".join(line + b"\r\n" for line in lines)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,4}(?:\.\d{1,4})?", text) is not None


def _body(given: Fields, charsets: Mapping[str, Any]) -> EmailMessage:
    body = EmailMessage(policy=SMTP)
    plain, page = (said(given, name, str(charsets.get(name, ""))) for name in ("text", "html"))
    if plain or not page:
        body.set_content(plain, cte="base64")
    else:
        body.set_content(page, subtype="html", cte="base64")
    if plain and page:
        body.add_alternative(page, subtype="html", cte="base64")
    return body


def _attach(body: EmailMessage, given: Fields) -> None:
    """Files under their names, pictures under the ids that the page names them with."""
    ids = {str(name): str(cid) for cid, name in table(given, "content-ids").items()}
    files = [(name, part) for name, part in given.items() if _FILE.match(name)]
    if files:
        body.make_mixed()
    for name, part in files:
        body.attach(_file(part, part.disposition[1].get("filename") or name, ids.get(name, "")))  # type: ignore[arg-type]


def _file(part: Part, name: str, content_id: str) -> MIMEPart:
    main, _, sub = part.content_type.partition("/")
    if main in {"text", "multipart", "message"} or not re.fullmatch(r"[a-z0-9.+-]+", sub):
        main, sub = "application", "octet-stream"
    file = MIMEPart(policy=SMTP)
    named = re.sub(r"[\x00-\x1f\x7f]+", " ", name)
    file.set_content(part.content, main, sub, filename=named, disposition="inline" if content_id else "attachment")
    if content_id:
        file["Content-ID"] = f"<{re.sub(r'[^!-~]|[<>]', '', content_id)}>"
    return file
