"""HTML to safe HTML and to plain text, with the place where a mail program says that quoted history begins."""

import re
from dataclasses import dataclass, field
from html import unescape

import nh3

from channels.email import crude

LONGEST = 2_000_000
DEEPEST = 4_000
"""Beyond these a page is only read as text: sanitising grows with the square of the depth."""

_TAGS = {
    "a", "abbr", "address", "article", "b", "bdi", "bdo", "big", "blockquote", "body", "br", "caption", "center",
    "cite", "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em", "fieldset", "figcaption",
    "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd",
    "legend", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul",
    "var", "wbr",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "id", "style", "dir", "lang", "type"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start"},
}
_DROPPED_ATTRIBUTES = {"class", "id", "style", "type"}
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_SILENT = {"script", "style", "title", "template", "noscript", "iframe", "object", "select", "textarea", "svg", "math"}
_TOKEN = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z-]+(?:=\"[^\"]*\")?)*)\s*/?>|([^<]+)|<")
_ATTRIBUTE = re.compile(r" ([a-z-]+)=\"([^\"]*)\"")
_BLOCKS = {
    "address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figure",
    "footer", "form", "header", "legend", "li", "main", "nav", "section", "summary", "table", "tr", "caption",
}  # fmt: skip
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote"}
_VOID = {"br", "hr", "img", "col", "wbr"}
_HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all|font-size:\s*0(?:px|pt)?\s*(?:;|$)", re.IGNORECASE)
_OUTLOOK_RULE = re.compile(r"border:\s*none;\s*border-top:\s*solid #(?:b5c4df|e1e1e1)", re.IGNORECASE)
_QUOTES = re.compile(
    r"^(?:x_)*(?:gmail_quote(?:_container)?|gmail_attr|gmail_extra|yahoo_quoted|yahooquoted.*|moz-cite-prefix|protonmail_quote"
    r"|tutanota_quote|zmail_extra|front-blockquote|mail_android_quote|js-helper-original|spark-quote|sh-quoted-content"
    r"|reply-intro|mailbird-original|qt)$"
)
_QUOTES_TO_THE_END = re.compile(
    r"^(?:x_)*(?:divrplyfwdmsg|appendonsend|olk_src_body_section|mail-editor-reference-message-container"
    r"|ms-outlook-mobile-reference-message|stopspelling|replyforward)$"
)
"""Class names and ids by which mail programs mark an element as history, or as the line above it."""

_NEWLINES = re.compile(r"\n{3,}")
_BEGIN, _END = "\ue000", "\ue001"
"""Private letters that stand in the text around quoted history until their places are known."""


@dataclass
class Page:
    """What a piece of HTML says. ``text`` holds all of it, ``quoted`` the places in it that are history."""

    html: str = ""
    text: str = ""
    quoted: list[tuple[int, int]] = field(default_factory=list)
    content_ids: set[str] = field(default_factory=set)
    remote_images: int = 0
    warning: str = ""


def read(source: str) -> Page:
    """Understands a page; what is too large or too deep becomes text only, and a warning says so."""
    if len(source) > LONGEST or crude.depth(source, DEEPEST) > DEEPEST:
        return Page(text=crude.words(source[: 2 * LONGEST]), warning="html-cut")
    source = source.replace(_BEGIN, "").replace(_END, "").replace("\x00", "")
    allowed = _SCHEMES | ({"data"} if "data:" in source else set())
    clean = nh3.clean(
        source, tags=_TAGS, attributes=_ATTRIBUTES, clean_content_tags=_SILENT, url_schemes=allowed, link_rel=None
    )
    return _Reader().read(clean)


def from_text(text: str) -> str:
    """Plain text as HTML, for mails whose other parts are HTML."""
    return "<p>" + nh3.clean_text(text).replace("&#10;", "<br>").replace("&#32;", " ") + "</p>"


class _Reader:
    """One walk over clean HTML (whose syntax is regular): text, places and safe HTML at once."""

    def __init__(self) -> None:
        self._page = Page()
        self._text: list[str] = []
        self._html: list[str] = []
        self._hidden = 0
        self._links: list[tuple[str, int]] = []
        self._lists: list[int] = []
        self._preformatted = 0
        self._fresh = True
        self._open: list[tuple[str, bool, bool]] = []

    def read(self, clean: str) -> Page:
        for closing, tag, attributes, words in _TOKEN.findall(clean):
            if tag:
                self._close(tag) if closing else self._start(tag, attributes)
            else:
                self._say(words or "&lt;")
        self._page.text, self._page.quoted = _placed(_tidied("".join(self._text)))
        self._page.html = "".join(self._html).strip()
        return self._page

    def _say(self, words: str) -> None:
        self._html.append(words)
        if self._hidden:
            return
        said = unescape(words) if "&" in words else words
        if not self._preformatted:
            said = (
                " ".join(said.split(" ")) if "\n" not in said and "  " not in said else re.sub(r"[ \t\r\n]+", " ", said)
            )
            if self._fresh:
                said = said.lstrip(" ")
        if said:
            self._text.append(said)
            self._fresh = said[-1] in "\n " and not self._preformatted

    def _line(self, mark: str = "\n") -> None:
        self._text.append(mark)
        self._fresh = True

    def _start(self, tag: str, written: str) -> None:
        given = dict(_ATTRIBUTE.findall(written)) if written else {}
        self._html.append(f"<{tag}{self._safe(tag, given) if given else ''}>")
        hides = "style" in given and bool(_HIDDEN.search(given["style"]))
        quotes = _quotes(tag, given) if given else ""
        if tag not in _VOID:
            self._open.append((tag, hides, quotes == "element"))
            self._hidden += hides
        if quotes:
            self._line(f"\n{_BEGIN}")
        self._lay_out(tag, given)

    def _lay_out(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self._line()
        elif tag == "hr":
            self._line("\n")
        elif tag == "li":
            self._bullet()
        elif tag in {"td", "th"}:
            self._text.append(" ")
        elif tag in _SPACED or tag in _BLOCKS:
            self._line("\n\n" if tag in _SPACED else "\v")
        elif tag == "a":
            self._links.append((unescape(given.get("href", "")), len(self._text)))
        elif tag == "img" and given.get("alt") and not self._hidden:
            self._say(f"[{given['alt']}]")
            self._html.pop()
        if tag in {"ol", "ul"}:
            self._lists.append(
                int(given.get("start", "1")[:6])
                if tag == "ol" and given.get("start", "1").isdigit()
                else -(tag == "ul")
            )
        self._preformatted += tag == "pre"

    def _bullet(self) -> None:
        self._line("\v")
        number = self._lists[-1] if self._lists else -1
        if number >= 0:
            self._lists[-1] += 1
        self._text.append("- " if number < 0 else f"{number}. ")

    def _close(self, tag: str) -> None:
        self._html.append(f"</{tag}>")
        while self._open:
            name, hid, quoted = self._open.pop()
            self._hidden -= hid
            if quoted:
                self._line(f"{_END}\n")
            if name == tag:
                break
        if tag == "a" and self._links:
            self._end_link()
        elif tag in {"ol", "ul"} and self._lists:
            self._lists.pop()
        elif tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        if tag in _SPACED or tag in _BLOCKS:
            self._line("\n\n" if tag in _SPACED else "\v")

    def _end_link(self) -> None:
        """Writes the address after the words, where they do not say it themselves."""
        target, place = self._links.pop()
        shown = "".join(self._text[place:]).strip()
        plain = target.removeprefix("mailto:").removeprefix("tel:")
        if target and not self._hidden and plain.rstrip("/") not in shown and shown not in plain:
            self._text.append(f" <{plain}>" if shown else plain)
            self._fresh = False

    def _safe(self, tag: str, given: dict[str, str]) -> str:
        kept = {name: value for name, value in given.items() if name not in _DROPPED_ATTRIBUTES}
        source = kept.get("src", "")
        if tag == "img" and source:
            self._image(kept, source)
        if kept.get("href", "").startswith("data:"):
            del kept["href"]
        if "href" in kept:
            kept |= {"rel": "noopener noreferrer nofollow", "target": "_blank"}
        return "".join(f' {name}="{value}"' for name, value in kept.items())

    def _image(self, kept: dict[str, str], source: str) -> None:
        """Pictures of the mail itself stay; those elsewhere wait until somebody asks for them."""
        if source.startswith("cid:"):
            self._page.content_ids.add(unescape(source[4:]).strip("<>"))
        elif not re.match(r"data:image/(?:png|jpe?g|gif|webp|bmp)[;,]", source, re.IGNORECASE):
            del kept["src"]
            if source.lower().startswith(("http:", "https:", "//")):
                kept["data-src"] = source
                self._page.remote_images += 1


def _quotes(tag: str, given: dict[str, str]) -> str:
    """``element`` when it holds history, ``rest`` when history begins with it, else nothing."""
    if tag == "blockquote" and given.get("type") == "cite":
        return "element"
    if "class" in given or "id" in given:
        names = f"{given.get('class', '')} {given.get('id', '')}".lower().split()
        if any(map(_QUOTES_TO_THE_END.match, names)):
            return "rest"
        if any(map(_QUOTES.match, names)):
            return "element"
    return "rest" if tag == "div" and _OUTLOOK_RULE.search(given.get("style", "")) else ""


def _placed(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the places between them; what is not ended goes to the end."""
    if _BEGIN not in marked:
        return marked, []
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    starts = length = 0
    for piece in re.split(f"([{_BEGIN}{_END}])", marked):
        if piece == _BEGIN:
            places += [(length, -1)] if starts == 0 else []
            starts += 1
        elif piece == _END:
            starts -= 1
            places[-1] = (places[-1][0], length) if starts == 0 else places[-1]
        else:
            newlines = 2 - min(2, len(pieces[-1]) - len(pieces[-1].rstrip("\n"))) if pieces else 0
            said = piece.lstrip("\n")
            said = "\n" * min(newlines, len(piece) - len(said)) + said
            pieces += [said] if said else []
            length += len(said)
    text = "".join(pieces).rstrip("\n")
    return text, [(min(start, len(text)), len(text) if end < 0 else min(end, len(text))) for start, end in places]


def _tidied(text: str) -> str:
    r"""Blocks begin on a line of their own (``\v``), at most one line is empty; linear in the text."""
    pieces: list[str] = []
    for block in text.replace("\xa0", " ").split("\v"):
        block = block.strip(" \t")
        if block and pieces and not pieces[-1].endswith("\n") and not block.startswith("\n"):
            pieces.append("\n")
        if block:
            pieces.append(block)
    lines = "\n".join(line.rstrip(" \t") for line in "".join(pieces).split("\n"))
    return _NEWLINES.sub("\n\n", lines).strip("\n ")
