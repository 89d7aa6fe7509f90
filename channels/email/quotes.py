"""Cuts a message into the new part, the quoted history and the signature; text in, text out."""

import re
from dataclasses import dataclass
from functools import lru_cache

from channels.email import quote_words as words
from channels.email.signatures import cut_signature

MOST_LINES = 10_000
_LONGEST_LINE = 500
_ATTRIBUTION_LINES = 5
_TAIL = 80
"""The verb stands near the end of its line: more need not be searched."""


def _any(phrases: object) -> str:
    given = phrases.values() if isinstance(phrases, dict) else [phrases]
    flat = {phrase for group in given for phrase in group}  # type: ignore[union-attr]
    return "|".join(
        re.escape(phrase).replace(r"\ ", r"\s+") for phrase in sorted(flat, key=lambda one: (-len(one), one))
    )


_WROTE = re.compile(
    rf"(?:^|[\s,>\])»\"'”;])(?:{_any(words.WROTE)})(?:\s*\([^)]{{0,20}}\))?[^\n:：]{{0,60}}[:：]\s*$", re.IGNORECASE
)
_WROTE_BARE = re.compile(rf"(?:^|[\s,>\])»])(?:{_any(words.WROTE)})\s*[:：]?\s*$", re.IGNORECASE)
_ENDINGS = (":", "：", *(verb for verbs in words.WROTE.values() for verb in verbs))
_ON = re.compile(rf"^\W{{0,3}}(?:{_any(words.ON)})\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[<(\[]?[^\s<>@()]{1,64}@[^\s<>@()]{1,255}\.[^\s<>@()]{2,}")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[:.]\d\d(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}年")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_HINT = re.compile(r"[\d@]")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.]\d\d(?!\d)")
_BRACKETED = re.compile(r"<[^\s<>@]{1,64}@[^\s<>@]{1,255}>")
_QUOTED = re.compile(r"^\s{0,3}(?:>|\|\s(?=\S))")
_LABEL = re.compile(r"^\s*(?:>\s?)*[*_]{0,2}([^\W\d_][^:：*\n]{0,30}?)[*_]{0,2}\s?[:：][*_]{0,2}(?:\s|$)(.*)$")
_FROM = re.compile(rf"(?:{_any(words.FROM)})", re.IGNORECASE)
_OTHER = re.compile(rf"(?:{_any(words.OTHERS)})", re.IGNORECASE)
_DASHES = r"[-–—_=*#\s>]{2,100}+"
_ORIGINAL = re.compile(rf"^{_DASHES}(?:{_any(words.ORIGINAL)}).{{0,120}}$", re.IGNORECASE)
_FORWARDED = re.compile(rf"^[-–—_=*\s>]{{0,100}}+(?:{_any(words.FORWARDED)})\b.{{0,120}}$", re.IGNORECASE)
_RULE = re.compile(r"^\s*(?:_{5,}|-{5,}|–{5,}|={5,}|\*{5,})\s*$")
_FORWARD_SUBJECT = re.compile(rf"^\s*(?:{_any(words.FORWARD_PREFIXES)})(?:\[\d+\])?\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True)
class Split:
    """The new part, what was cut, and the signature; nothing of the text is in none of them."""

    reply: str
    quoted: str = ""
    signature: str = ""


def split(text: str, subject: str = "") -> Split:
    """The parts of a plain text. ``subject`` tells a message passed on, which stays whole."""
    lines = (_INVISIBLE.sub("", text) if _INVISIBLE.search(text) else text).split("\n")
    if len(lines) > MOST_LINES:
        return Split(text.strip())
    kept, cut = _separated(lines, passes_on(subject))
    if not any(line.strip() for line in kept):
        return Split(text.strip())
    body, signature = cut_signature(kept)
    return Split(_joined(body), _joined(cut), _joined(signature))


def passes_on(subject: str) -> bool:
    """Whether a subject says that something is passed on (``Fwd:``, ``ΠΡΘ:``)."""
    return bool(_FORWARD_SUBJECT.match(subject))


def is_forwarded(text: str) -> bool:
    """Whether a text begins as a message passed on does."""
    first = next((line for line in text.split("\n", 10) if line.strip()), "")
    return bool(_FORWARDED.match(first[:_LONGEST_LINE]))


def _joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _separated(lines: list[str], passed_on: bool) -> tuple[list[str], list[str]]:
    """Lines that are new and lines that are history."""
    kept: list[str] = []
    cut: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at][:_LONGEST_LINE]
        if not line.strip():
            kept.append(lines[at])
            at += 1
            continue
        if _FORWARDED.match(line) or (passed_on and _header_block(lines, at)):
            return kept + lines[at:], cut
        if not passed_on and (length := _header_block(lines, at)) and not any(map(str.strip, kept)):
            cut += lines[at : at + length]  # the answer stands below what it answers, or this is all there is
            at += length
            continue
        if not passed_on and (length or _ORIGINAL.match(line)):
            rule = _rules_above(kept)
            return kept[: len(kept) - rule], cut + kept[len(kept) - rule :] + lines[at:]
        if length := _attribution(lines, at):
            end = _end_of_quotation(lines, at + length)
            cut += lines[at:end]
            at = end
        elif _QUOTED.match(line) and not passed_on:
            cut.append(lines[at])
            at += 1
        else:
            kept.append(lines[at])
            at += 1
    return kept, cut


def _rules_above(kept: list[str]) -> int:
    """How many of the last lines are an empty line or a rule that belongs to the history below."""
    count = 0
    while count < len(kept) and (not kept[-1 - count].strip() or _RULE.match(kept[-1 - count])):
        count += 1
    return count


def _header_block(lines: list[str], at: int) -> int:
    """Where a sender's label stands with two more labels of a header below (``From: … Sent: … Subject: …``).

    The number of lines up to the last label; 0 for anything else.
    """
    first = _labelled(lines[at])
    if first is None or not _FROM.fullmatch(first[0]):
        return 0
    labels, seen, empty, length = 1, bool(_ADDRESS.search(first[1])), 0, 1
    for below, line in enumerate(lines[at + 1 : at + 14], 2):
        found = _labelled(line)
        if found and _OTHER.fullmatch(found[0]):
            labels, length = labels + 1, below
            seen = seen or bool(_ADDRESS.search(found[1]) or _DATE.search(found[1]))
        elif not line.strip(" >\t"):
            empty += 1
            if empty > 1 + labels:
                break
        elif labels >= 3:
            break
    proven = labels >= 3 or (labels == 2 and seen and bool(_ADDRESS.search(first[1])))
    return length if proven else 0


@lru_cache(4096)
def _labelled(line: str) -> tuple[str, str] | None:
    found = _LABEL.match(line[:_LONGEST_LINE])
    return (found[1].strip(), found[2]) if found else None


def _attribution(lines: list[str], at: int) -> int:
    """How many lines from here are the one above a quotation (mail programs wrap it); 0 when it is none."""
    if not _may_begin(lines[at]):
        return 0
    joined = ""
    for count in range(1, min(_ATTRIBUTION_LINES, len(lines) - at) + 1):
        line = lines[at + count - 1].strip()
        joined = f"{joined} {line}".strip()
        if not line or len(joined) > _LONGEST_LINE or (count > 1 and _QUOTED.match(line)):
            return 0
        quoted = _next_is_quoted(lines, at + count)
        if (quoted or joined[-_TAIL:].lower().endswith(_ENDINGS)) and _says_who_wrote(joined, quoted, count):
            return 0 if count > 1 and _begins_later(lines, at, count) else count
    return 0


def _may_begin(line: str) -> bool:
    """The cheap question first: most lines of a mail are too long, or hold neither number nor address nor «On»."""
    return len(line) <= _LONGEST_LINE and bool(_HINT.search(line) or _ON.match(line))


def _begins_later(lines: list[str], at: int, count: int) -> bool:
    """Whether the first of these lines is a sentence of its own, and the real one begins below it."""
    quoted = _next_is_quoted(lines, at + count)
    rests = (" ".join(line.strip() for line in lines[at + skip : at + count]) for skip in range(1, count))
    return any(_ON.match(rest) and _DATE.search(rest) and _says_who_wrote(rest, quoted, 1) for rest in rests)


def _says_who_wrote(joined: str, quoted_next: bool, count: int) -> bool:
    """Words alone prove nothing («In 2024 you wrote:» may be the citizen's own): an address, a ``>`` or a time must.

    Some programs write no verb at all: then moment and bracketed address stand together before a colon.
    """
    dated, address, on = _DATE.search(joined), _ADDRESS.search(joined), _ON.match(joined)
    if _WROTE.search(joined[-2 * _TAIL :]) or (_WROTE_BARE.search(joined[-_TAIL:]) and (quoted_next or address)):
        timed = bool(dated and on and _TIME.search(joined))
        return bool(address and (dated or on)) or timed or (quoted_next and bool(dated or address or on))
    if joined.endswith((":", "：")) and dated and (quoted_next or _TIME.search(joined)):
        return bool(_BRACKETED.search(joined)) or (quoted_next and bool(on))
    return quoted_next and count == 1 and bool(address and dated)


def _next_is_quoted(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 3] if line.strip()), "")
    return bool(_QUOTED.match(following))


def _end_of_quotation(lines: list[str], at: int) -> int:
    """Where what an attribution introduces ends: with its ``>`` lines, or with the text where there are none."""
    if not _next_is_quoted(lines, at):
        return len(lines)
    end, blank = at, at
    while blank < len(lines):
        if _QUOTED.match(lines[blank]):
            end = blank + 1
        elif lines[blank].strip() and not _is_wrapped(lines, blank):
            break
        blank += 1
    return max(end, at)


def _is_wrapped(lines: list[str], at: int) -> bool:
    """A line that lost its ``>`` in wrapping: short, between two quoted ones."""
    around = at > 0 and at + 1 < len(lines) and _QUOTED.match(lines[at - 1]) and _QUOTED.match(lines[at + 1])
    return bool(around) and len(lines[at]) < 30 and len(lines[at - 1]) > 60
