"""The page of a mail as its sender made it: with its own pictures, without those of others, each link with its host."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote, urlsplit

_PICTURE = re.compile(r'(<img\b[^>]*?) src="cid:([^"]*)"')
_WAITING = re.compile(r'(<img\b[^>]*?) data-src="([^"]*)"')
_LINK = re.compile(r'<a\b[^>]*? href="([^"]*)"[^>]*>')
_END = "</a>"
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Dressed:
    """HTML ready to be boxed in; ``blocked`` pictures of other servers were not let in."""

    html: str
    blocked: int


def named(html: str) -> set[str]:
    """The Content-IDs of the pictures that the page wants from its own mail."""
    return {_content_id(found) for _, found in _PICTURE.findall(html)}


def dress(html: str, pictures: Mapping[str, str], *, remote: bool = False) -> Dressed:
    """``pictures`` gives the address of each picture by its Content-ID; one that did not come leaves its words."""
    html = _PICTURE.sub(lambda found: found[1] + _source(pictures.get(_content_id(found[2]))), html)
    blocked = len(_WAITING.findall(html))
    if remote:
        html = _WAITING.sub(lambda found: f'{found[1]} src="{found[2]}"', html)
    return Dressed(_with_hosts(html), 0 if remote else blocked)


def _content_id(written: str) -> str:
    return unquote(unescape(written)).strip("<> ")


def _source(address: str | None) -> str:
    return f' src="{escape(address)}"' if address else ""


def _with_hosts(html: str) -> str:
    """The host behind each link whose words do not name it: words can say anything."""
    pieces: list[str] = []
    at = 0
    for found in _LINK.finditer(html):
        end = html.find(_END, found.end())
        if end < 0:
            break
        host = _host(unescape(found[1]))
        said = _TAGS.sub("", html[found.end() : end]).lower()
        if host and host not in re.split(r"[\s/:@?#<>()]+", unescape(said)):
            pieces += [html[at : end + len(_END)], f" <small>[{escape(host)}]</small>"]
            at = end + len(_END)
    return "".join([*pieces, html[at:]])


def _host(address: str) -> str:
    """As it is looked up, so that letters which only look alike do not pass; empty for mail and telephone."""
    try:
        host = urlsplit(address).hostname or ""
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except (UnicodeError, ValueError):
        return "?"
