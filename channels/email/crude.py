"""What can be said of a page that is too large or too deep to be understood as one."""

import re
from html import unescape

_CODE = re.compile(r"<(?:script|style)\b", re.IGNORECASE)
_CODE_ENDS = re.compile(r"</(?:script|style)\b[^<>]{0,100}>?", re.IGNORECASE)
_ANY_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]{0,20})")
_SELF_CLOSING = {
    "br",
    "hr",
    "img",
    "col",
    "wbr",
    "p",
    "li",
    "td",
    "tr",
    "th",
    "dd",
    "dt",
    "meta",
    "link",
    "input",
    "option",
    "o:p",
    "tbody",
}


def words(source: str) -> str:
    """The words between the tags, scripts and styles left out."""
    return unescape(re.sub(r"<[^<>]{0,2000}>", " ", _without_code(source))).strip()


def _without_code(source: str) -> str:
    pieces: list[str] = []
    at = 0
    while begins := _CODE.search(source, at):
        ends = _CODE_ENDS.search(source, begins.end())
        pieces.append(source[at : begins.start()])
        at = ends.end() if ends else begins.end()
        if not ends:
            break
    return " ".join([*pieces, source[at:]])


def depth(source: str, enough: int) -> int:
    """How deep elements may stand within each other, counted by their names; an upper bound."""
    if source.count("<") <= enough:
        return 0
    standing: dict[str, int] = {}
    now = deepest = 0
    for closing, name in _ANY_TAG.findall(source):
        name = name.lower()
        if name in _SELF_CLOSING:
            continue
        if not closing:
            standing[name] = standing.get(name, 0) + 1
            now += 1
            deepest = max(deepest, now)
        elif standing.get(name):
            standing[name] -= 1
            now -= 1
    return deepest
