"""Chooses from the parts of a mail what is its text, what its HTML and what is attached."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from channels.email import charset, headers, markup, tnef
from channels.email.filenames import named
from channels.email.mime import Cutter, Part
from channels.email.transfer import uuencoded_files
from channels.message import Attachment

DEEPEST_FORWARD = 3
MOST_FILES = 100
"""Files of a mail that become attachments; all of them stay in the raw mail."""

SPECIAL = {
    "calendar-invite": ("text/calendar", "application/ics"),
    "signed-by-sender": (
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
    ),
    "encrypted": ("application/pgp-encrypted",),
    "smime-wrapped": ("application/pkcs7-mime", "application/x-pkcs7-mime"),
}
"""Parts that are named as what they are, by a warning on the message."""

_ENCLOSED = ("message/rfc822", "message/global", "message/news")
_REPORTS = ("message/delivery-status", "message/disposition-notification")
_TEXTS = ("text/plain", "text/enriched", "text/markdown", "text/x-amp-html", "message/partial")


@dataclass
class Piece:
    """One stretch of the body as plain text, as HTML, or as both."""

    plain: str = ""
    html: str = ""


@dataclass
class Body:
    """What the parts say together. ``quoted`` are the places in ``text`` that HTML marks as history."""

    text: str = ""
    html: str | None = None
    quoted: list[tuple[int, int]] = field(default_factory=list)
    page_texts: list[tuple[str, list[tuple[int, int]]]] = field(default_factory=list)
    attachments: tuple[Attachment, ...] = ()
    warnings: tuple[str, ...] = ()


class Gathering:
    """One walk over one message's parts."""

    def __init__(self, warn: Cutter, forwards: int = 0) -> None:
        self._warn = warn
        self._forwards = forwards
        self._pieces: list[Piece] = []
        self._files: list[Part] = []
        self._written: list[Attachment] = []
        self._enclosed: list[str] = []
        self._reports = False

    def gather(self, root: Part) -> Body:
        """Everything the message says and carries; the files of a mail that a notice returns are not carried by it."""
        self._reports = root.content_type == "multipart/report"
        self._visit(root, lone=True)
        if self._reports and not any(piece.plain.strip() or piece.html for piece in self._pieces):
            self._speak_by_reports()
        pages = [markup.read(piece.html) if piece.html else None for piece in self._pieces]
        body = Body()
        self._join(body, pages)
        wanted = {one for page in pages if page for one in page.content_ids}
        files = [_attachment(part, number, wanted) for number, part in enumerate(self._whole_files(), 1)]
        body.attachments = (*files, *self._written)
        for page in filter(None, pages):
            if page.warning:
                self._warn.warn(page.warning)
            if page.remote_images:
                self._warn.warn("remote-images-blocked")
        return body

    def _whole_files(self) -> list[Part]:
        """Without those that are beyond the limit, and without one that was cut off in the middle."""
        found = self._files
        if "message-cut" in self._warn.warnings:
            found = [part for part in found if part.end < len(part.buffer)]
        if len(found) > MOST_FILES:
            self._warn.warn("files-cut")
        return found[:MOST_FILES]

    def _join(self, body: Body, pages: list[markup.Page | None]) -> None:
        texts: list[str] = []
        length = 0
        for piece, page in zip(self._pieces, pages, strict=True):
            plain = piece.plain if piece.plain.strip() or not page else page.text
            if page and plain is page.text:
                body.quoted += [(start + length, end + length) for start, end in page.quoted]
            elif page and page.quoted:
                body.page_texts.append((page.text, page.quoted))
            if plain:
                texts.append(plain)
                length += len(plain) + 1
        body.text = "\n".join([*texts, *self._enclosed])
        if any(page and page.html for page in pages):
            whole = [
                page.html if page else markup.from_text(piece.plain)
                for piece, page in zip(self._pieces, pages, strict=True)
            ]
            body.html = "\n".join(whole)

    def _speak_by_reports(self) -> None:
        for part in self._files:
            if part.content_type in _REPORTS:
                self._pieces.append(Piece(plain=_plain(charset.decode(part.content).text, False, False)))

    def _visit(self, part: Part, *, lone: bool = False) -> None:
        kind = part.content_type
        if part.children:
            self._visit_all(part)
        elif kind.startswith("multipart/"):
            return
        elif kind in _ENCLOSED:
            self._files.append(part)
            self._enclose(part)
        elif self._is_text(part, lone=lone):
            self._take_text(part)
        elif not self._unwrap(part):
            self._note(part)
            self._files.append(part)

    def _note(self, part: Part) -> None:
        """Says of parts that are more than files what they are."""
        for word, kinds in SPECIAL.items():
            if part.content_type in kinds:
                self._warn.warn(word)

    def _unwrap(self, part: Part) -> bool:
        """What Outlook wrapped for other Outlooks comes out as if it had been attached; whether it was such a part."""
        said = part.disposition[1].get("filename") or part.parameters.get("name") or ""
        opened = tnef.read(part.content) if tnef.is_wrapped(part.content_type, said) else None
        if opened is None:
            return False
        self._warn.warn("winmail-opened")
        for number, file in enumerate(opened.files, 1):
            name = named(file.name, file.content_type, number)
            self._written.append(
                Attachment(name, file.content_type, file.data, bool(file.content_id), file.content_id or None)
            )
        if (opened.text or opened.html) and not any(piece.plain.strip() or piece.html for piece in self._pieces):
            self._pieces.append(Piece(opened.text, opened.html))
        return True

    def _visit_all(self, part: Part) -> None:
        if part.content_type == "multipart/alternative":
            self._choose(part.children)
            return
        for child in part.children:
            self._visit(child, lone=len(part.children) == 1)

    def _choose(self, versions: Iterable[Part]) -> None:
        """Versions of the same: plain and HTML go together, what is neither is a file."""
        before = len(self._pieces)
        for version in versions:
            self._visit(version)
        added = self._pieces[before:]
        plain = next((piece for piece in added if piece.plain.strip() and not piece.html), None)
        rich = next((piece for piece in added if piece.html), None)
        if plain and rich:
            rest = [piece for piece in added if piece not in (plain, rich) and piece.html]
            self._pieces[before:] = [Piece(plain.plain, rich.html), *rest]

    def _is_text(self, part: Part, *, lone: bool) -> bool:
        kind, given = part.disposition
        if part.content_type not in (*_TEXTS, "text/html", "application/xhtml+xml") or kind == "attachment":
            return False
        has_name = "filename" in given or "name" in part.parameters
        return not has_name or lone or (not self._pieces and not kind and part.content_type != "text/x-amp-html")

    def _take_text(self, part: Part) -> None:
        data = part.content
        if part.content_type == "text/plain" and b"begin " in data:
            data = self._take_files(data)
        found = charset.decode(data, part.parameters.get("charset", ""))
        if found.warning:
            self._warn.warn(found.warning)
        if part.content_type in {"text/html", "application/xhtml+xml"}:
            self._pieces.append(Piece(html=found.text))
        else:
            flowed = part.parameters.get("format", "").lower() == "flowed"
            self._pieces.append(
                Piece(plain=_plain(found.text, flowed, part.parameters.get("delsp", "").lower() == "yes"))
            )

    def _take_files(self, data: bytes) -> bytes:
        """Files that stand uuencoded in the text become attachments."""
        kept, at = [], 0
        for start, end, name, content in uuencoded_files(data):
            kept.append(data[at:start])
            self._written.append(
                Attachment(named(name, "application/octet-stream", 0), "application/octet-stream", content)
            )
            at = end
        return b"".join([*kept, data[at:]])

    def _enclose(self, part: Part) -> None:
        """The words of a mail within the mail, under its own first lines."""
        if self._forwards >= DEEPEST_FORWARD:
            return
        inner = Cutter().cut(part.content)
        found = Gathering(self._warn, self._forwards + 1).gather(inner)
        self._written += () if self._reports else found.attachments
        labels = [(label, headers.text(inner.headers.get(label.lower()))) for label in ("From", "Date", "Subject")]
        lines = [f"{label}: {value}" for label, value in labels if value]
        if found.text.strip() or lines:
            self._enclosed.append("\n".join(["", *lines, "", found.text]))


def _plain(text: str, flowed: bool, unspaced: bool) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if not flowed or " \n" not in text:
        return text
    lines: list[list[str]] = []
    joining = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        goes_on = line.endswith(" ") and line != "-- " and not quoted
        piece = line if quoted else line.removeprefix(" ")
        piece = piece[:-1] if goes_on and unspaced else piece
        if joining and not quoted and line != "-- ":
            lines[-1].append(piece)
        else:
            lines.append([piece])
        joining = goes_on
    return "\n".join(map("".join, lines))


def _attachment(part: Part, number: int, wanted: set[str]) -> Attachment:
    kind, given = part.disposition
    found = headers.ids(part.headers.get("content-id"))
    content_id = found[0] if found else (part.headers.plain("content-id").strip("<>\"' ") or None)
    said = given.get("filename") or part.parameters.get("name") or ""
    if not said and "content-location" in part.headers:
        said = headers.text(part.headers.get("content-location")).partition("?")[0].rstrip("/")
    if not said and part.content_type in _ENCLOSED:
        said = _subject(part) + ".eml"
    inline = kind == "inline" or (kind != "attachment" and content_id is not None and content_id in wanted)
    return Attachment(named(said, part.content_type, number), part.content_type, part.content, inline, content_id)


def _subject(part: Part) -> str:
    return headers.text(Cutter().cut(part.content[:20_000]).headers.get("subject"))[:100] or "message"
