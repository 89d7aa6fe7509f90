"""What was said in a conversation, to be kept: as plain text, and as a document that screen readers can read."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from flask import Response

from helpdesk import i18n
from helpdesk.services import body, printing
from helpdesk.services.chats import Read, Standing
from helpdesk.vocabulary import ChatAuthor
from helpdesk.web.chat import words
from helpdesk.web.templating import say


def told(found: Standing, lines: Sequence[Read], language: str) -> dict[str, Any]:
    """Both say the same: whose chat it was, and each line with who said it and when."""
    facts = [(say("Request"), str(found.number or "")), (say("Began"), _moment(lines[0], language) if lines else "")]
    return {
        "language": language,
        "spoken": found.language,
        "title": say("What was said in the chat"),
        "body": body.name(language),
        "facts": [(name, value) for name, value in facts if value],
        "lines": [_line(one, language) for one in lines],
    }


def _moment(line: Read, language: str) -> str:
    return i18n.moment(line.at, language)


def _line(read: Read, language: str) -> dict[str, Any]:
    shown = words.line(read, language)
    who = {ChatAuthor.CITIZEN: say("You"), ChatAuthor.BOT: say("Automatic assistant"), ChatAuthor.HOUSE: ""}
    below = [f"{one['title']}: {one['link']}" for one in shown.get("sources", ())]
    below += [f"{say('File')}: {one['name']}" for one in shown.get("files", ())]
    return {
        "who": who.get(read.author, read.name), "when": _moment(read, language), "text": shown.get("text", ""),
        "below": below,
    }  # fmt: skip


def as_text(found: Standing, lines: Sequence[Read], language: str) -> Response:
    """Plain text in UTF-8."""
    made = told(found, lines, language)
    head = [made["body"], made["title"], *(f"{name}: {value}" for name, value in made["facts"]), ""]
    said = [_plain(line) for line in made["lines"]]
    return _kept(Response("\n".join([*head, *said]) + "\n", mimetype="text/plain"), "txt")


def _plain(line: dict[str, Any]) -> str:
    first = f"{line['when']}  {line['who'] + ': ' if line['who'] else ''}{line['text']}"
    return "\n".join([first, *(f"    {one}" for one in line["below"])])


_PRINTED = re.compile(
    "[^\\n\u0020-\u007e\u00a0-\u017f\u0300-\u0308\u0370-\u0373\u0375-\u0377\u037a-\u037f\u0384-\u03ff\u0400-\u045f\u0490\u0491\u1f00-\u1ffe"
    "\u2010-\u2027\u2030-\u203a\u20ac\u2116\u2190-\u2193\u2713]"
)
UNPRINTED = "□"
"""Stands for a sign that the document's letters do not have: pictures, and scripts other than ours."""


def as_pdf(found: Standing, lines: Sequence[Read], language: str) -> Response:
    """A tagged document (PDF/UA-1), in which every sign must be one that can be shown."""
    made = _printable(told(found, lines, language))
    lacks = any(UNPRINTED in line["text"] for line in made["lines"])
    made["foot"] = say("Signs that cannot be printed stand as □; the plain text has them.") if lacks else ""
    return _kept(Response(printing.document("chat", made), mimetype="application/pdf"), "pdf")


def _printable(told: Any) -> Any:
    """The same with only such signs, however deep they stand."""
    if isinstance(told, str):
        return _PRINTED.sub(UNPRINTED, unicodedata.normalize("NFC", told.replace("\t", " ")))
    if isinstance(told, dict):
        return {name: _printable(value) for name, value in told.items()}
    return [_printable(value) for value in told]


def _kept(answer: Response, kind: str) -> Response:
    answer.headers["Content-Disposition"] = f"attachment; filename=chat.{kind}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
