"""Finds the signature at the end of what somebody wrote: a delimiter, a line of the mail program, a closing."""

import re

from channels.email import quote_words as words

_FURTHEST = 60
_LONGEST_CLOSING = 12
_WIDEST = 120
_DELIMITER = re.compile(r"^\s{0,2}(?:--|—|–|__|- -)\s*$|^_{3,}\s*$|^-{3,}\s*$")
_MOBILE = re.compile(
    r"^\W{0,4}(?:" + "|".join(re.escape(one) for group in words.MOBILE.values() for one in group) + r")", re.IGNORECASE
)
_DEVICE = re.compile(r"(?:" + "|".join(re.escape(one) for one in words.DEVICES) + ")", re.IGNORECASE)
_CLOSING = re.compile(
    r"^\s*(?:"
    + "|".join(
        re.escape(one)
        for one in sorted({one for group in words.CLOSINGS.values() for one in group}, key=len, reverse=True)
    )
    + r")\b(?P<rest>[\s,.!;·]*[^\n]{0,40})$",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(
    r"^\s*(?:" + "|".join(re.escape(one) for one in words.POSTSCRIPTS) + r")\b[\s.:]", re.IGNORECASE
)
_DASHED_NAME = re.compile(r"^\s{0,2}[-/–—]\s?[^\W\d_][\w.'’ -]{1,30}$")
_LIST_FOOTER = re.compile(r"^_{20,}\s*$")


def cut_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines without their signature, and the signature; a message that is nothing else keeps it."""
    start = len(lines)
    while (above := _start(lines, start)) is not None and any(line.strip() for line in lines[:above]):
        start = above
    return lines[:start], lines[start:]


def _start(lines: list[str], end: int) -> int | None:
    """Where the lowest signature above that line begins: a list's footer may stand below somebody's own."""
    while end and not lines[end - 1].strip():
        end -= 1
    last = [line[: _WIDEST + 80] for line in lines[max(0, end - _FURTHEST) : end]]
    above = end - len(last)
    starts = (_delimited(last), _mobile(last), _closed(last))
    return min((above + start for start in starts if start is not None), default=None)


def _delimited(lines: list[str]) -> int | None:
    """The first delimiter line; one of many dashes counts only near the end, above short lines."""
    for at, line in enumerate(lines):
        if line in {"-- ", "--"} or _LIST_FOOTER.match(line):
            return at
        if len(lines) - at <= _LONGEST_CLOSING and _DELIMITER.match(line) and _is_block(lines[at + 1 :]):
            return at
    return None


def _mobile(lines: list[str]) -> int | None:
    for at in range(max(0, len(lines) - 6), len(lines)):
        line = lines[at].strip()
        if len(line) <= _WIDEST and _MOBILE.match(line) and _DEVICE.search(line) and _stands_alone(line):
            return at
    return None


def _stands_alone(line: str) -> bool:
    """A line of a mail program is no sentence: it has no comma within and at most a full stop at its end."""
    return line.count(",") == 0 and len(line.split()) <= 12


def _closed(lines: list[str]) -> int | None:
    """A closing phrase, or a dash and a name, with only short lines below."""
    for at in range(max(0, len(lines) - _LONGEST_CLOSING), len(lines)):
        found = _CLOSING.match(lines[at])
        if found and len(found["rest"].split()) <= 4 and _is_block(lines[at + 1 :]):
            return at
    last = len(lines) - 1
    if last > 0 and _DASHED_NAME.match(lines[last]) and not _is_list(lines, last) and not lines[last - 1].strip():
        return last
    return None


def _is_block(lines: list[str]) -> bool:
    return all(len(line.strip()) <= _WIDEST and not _POSTSCRIPT.match(line) for line in lines)


def _is_list(lines: list[str], at: int) -> bool:
    """Whether dashes are bullets here."""
    return sum(bool(re.match(r"^\s*[-–—•*]\s?\S", line)) for line in lines[max(0, at - 4) : at]) > 0
