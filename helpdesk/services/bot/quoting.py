"""The passage of an article that answers, word for word, as plain text. Pure."""

import re
from collections.abc import Collection

from helpdesk.services.retrieval import terms

LONGEST = 700
"""Characters of a passage: what a phone shows without scrolling twice; the rest is one link away."""

CUT = "…"
_HEADING = re.compile(r"^#{1,6}\s*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
_RULE = re.compile(r"^[\s|:-]+$")


def passage(body: str, question: str) -> str:
    """The part of the text that holds the question's words, and what follows it while there is room."""
    blocks = _blocks(body)
    if not blocks:
        return ""
    wanted = {form for one in terms.of_question(question) for form in one.forms}
    begin = max(range(len(blocks)), key=lambda at: (_hits(blocks[at], wanted), -at))
    if sum(map(len, blocks)) <= LONGEST:
        begin = 0
    return _from(blocks, begin)


def _from(blocks: list[str], begin: int) -> str:
    taken: list[str] = []
    length = 0
    for block in blocks[begin:]:
        if taken and length + len(block) > LONGEST:
            break
        taken.append(block)
        length += len(block)
    whole = begin + len(taken) == len(blocks)
    told = "\n\n".join(taken)
    if len(told) > LONGEST:
        told, whole = told[:LONGEST].rsplit(" ", 1)[0], False
    return f"{CUT}\n" * (begin > 0) + told + f" {CUT}" * (not whole)


def _hits(block: str, wanted: Collection[str]) -> int:
    return len({token for _, token in terms.tokens(block)}.intersection(wanted))


def _blocks(body: str) -> list[str]:
    """Paragraphs and lists, each heading with what follows it."""
    found: list[str] = []
    heading = ""
    for part in re.split(r"\n\s*\n", body.strip()):
        lines = [_plain(line) for line in part.splitlines() if not _RULE.match(line)]
        told = "\n".join(line for line in lines if line.strip())
        if part.startswith("#") and "\n" not in part.strip():
            heading = told
        elif told:
            found.append(f"{heading}\n{told}" if heading else told)
            heading = ""
    return found


def _plain(line: str) -> str:
    line = _LINK.sub(r"\1", _HEADING.sub("", line))
    if line.startswith("|"):
        line = ": ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    return _MARKS.sub("", line.removeprefix("> ")).rstrip()
