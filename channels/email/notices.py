"""The free text of delivery notices: whom it names, with what status and reason, and whether the server still tries."""

import re

from channels.email import automatic_words as words
from channels.email import headers as fields
from channels.email import parties
from channels.email.letters import folded
from channels.email.mime import Headers
from channels.message import FailedRecipient, Party

MOST = 200
_LINES = 400
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.\-+(/])([45])\d\d(?:[ \-#]|: )")
_IN_WORDS = r"[A-Za-z0-9._%+'/=&~#-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z0-9-]{2,24}"
_ADDRESS = re.compile(_IN_WORDS)
_FIRST = re.compile(
    r"^\s*[\"'«(]?(?:<([^\s<>]+@[^\s<>]+)>|(?:rfc822;)?\s*([^\s<>:,;()\[\]\"']+@[^\s<>:,;()\[\]\"']+\.[A-Za-z]{2,24}))"
    r"(?:[\s\"'»):,;(<\[].{0,300})?$"
)
_LABELLED = re.compile(rf"^\s*(?:{'|'.join(words.RECIPIENT_LABELS)})[^:\n]{{0,20}}:\s*[\"'<]{{0,2}}({_IN_WORDS})", re.I)
_GENERATED = re.compile(rf"\((?:generated|ultimately generated|expanded) from <?({_IN_WORDS})>?\)", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^(?:-{2,}+.{0,60}(?:original|copy|returned|αρχικό|ursprüng|message|header).{0,80}$|Received: |Return-Path: )",
    re.IGNORECASE | re.MULTILINE,
)


def recipients(headers: Headers, sender: Party, subject: str, text: str) -> list[FailedRecipient]:
    """Whom a free text names: by its own header, by label, at the beginning of a line, or the first at all."""
    said = _before_original(text)
    known = {sender.address, *(party.address for party in parties.read(headers.get("to")))}
    sections = _sections(said)
    others = {address: section for address, section in sections.items() if address not in known}
    sections = others or sections
    for address in _named(headers) or ([] if sections else _anywhere(said, known)):
        sections.setdefault(address, said[max(said.lower().find(address), 0) :][:1_500])
    late = _is_late(folded(subject), folded(said[:2_000]))
    whole = said if len(sections) == 1 else ""
    return [_failed(one, section, whole, late=late) for one, section in list(sections.items())[:MOST]]


def status(said: str, diagnostic: str) -> str:
    """The status of a report; where it tells only the class, what the other server answered tells more."""
    own, other = _STATUS.search(said), _STATUS.search(diagnostic)
    if own and not (own[0].endswith(".0.0") and other and other[1] == own[1]):
        return own[0]
    if other:
        return other[0]
    reply = _REPLY.search(diagnostic + " ")
    return f"{reply[1]}.0.0" if reply else ""


def names_a_failure(text: str) -> bool:
    """Whether a mail server's words name an address and say what is wrong with it, by code or in words."""
    said = text[:3_000]
    if not _ADDRESS.search(said):
        return False
    return bool(_STATUS.search(said) or _REPLY.search(said)) or any(one in folded(said) for one in words.FAILURES)


def names_an_address(text: str) -> bool:
    """Whether there is any."""
    return bool(_ADDRESS.search(text[:3_000]))


def _named(headers: Headers) -> list[str]:
    return [one.lower() for one in _ADDRESS.findall(fields.text(headers.get("x-failed-recipients")))]


def _anywhere(said: str, known: set[str]) -> list[str]:
    """The first address that is neither the writer's nor ours, and no Message-ID."""
    lines = (line for line in said.split("\n")[:_LINES] if "message-id" not in line.lower())
    found = (one.strip("'").lower() for line in lines for one in _ADDRESS.findall(line[:2_000]))
    given = list(dict.fromkeys(found))
    return [one for one in given if one not in known][:1] or given[:1]


def _is_late(subject: str, said: str) -> bool:
    """Whether the server still tries; a reason that passes says so only where nothing was returned."""
    if any(phrase in said for phrase in words.GIVEN_UP):
        return False
    if any(phrase in subject or phrase in said for phrase in words.DELAYED):
        return True
    passing = any(phrase in said for phrase in words.PASSING)
    return passing and not any(word in subject for word in words.RETURNED)


def _sections(said: str) -> dict[str, str]:
    """Addresses that a line names or begins with, each with what is written up to the next."""
    lines = [line[:400] for line in said.split("\n")[:_LINES]]
    matches = [(at, _LABELLED.match(line)) for at, line in enumerate(lines)]
    found = [(at, match[1]) for at, match in matches if match]
    if not found:
        begins = [(at, _FIRST.match(line)) for at, line in enumerate(lines)]
        found = [(at, match[1] or match[2]) for at, match in begins if match]
    ends = [at for at, _ in found[1:]] + [len(lines)]
    sections: dict[str, str] = {}
    for (at, address), end in zip(found, ends, strict=False):
        sections.setdefault(address.strip("<>.,'").lower(), "\n".join(lines[at : min(end, at + 15)]))
    return sections


def _failed(address: str, section: str, whole: str, *, late: bool) -> FailedRecipient:
    """With status and reason as they stand behind the address, or anywhere when it is the only one."""
    found = _STATUS.search(section) or _STATUS.search(whole)
    reply = _REPLY.search(section) or _REPLY.search(whole)
    code = found[0] if found else f"{reply[1]}.0.0" if reply else ""
    lines = [line.strip(" <>:") for line in section.split("\n") if line.strip()]
    reason = next((line for line in lines if _STATUS.search(line) or _REPLY.search(line)), " ".join(lines[1:3]))
    origin = _GENERATED.search(section)
    return FailedRecipient(
        address,
        code,
        not late and not code.startswith("4"),
        reason[:500],
        "delayed" if late else "failed",
        origin[1].lower() if origin else "",
    )


def _before_original(text: str) -> str:
    """The notice without the copy of the returned mail below it."""
    found = _ORIGINAL.search(text)
    return text[: found.start()][:20_000] if found and found.start() > 0 else text[:20_000]
