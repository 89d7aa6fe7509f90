"""Joins what the words and what the HTML say about where quoted history begins."""

from channels.email import quotes
from channels.email.body import Body
from channels.email.quotes import Split


def without_history(body: Body, subject: str) -> Split:
    """The new part, the history and the signature of a body."""
    if body.quoted and (marked := _by_places(body.text, body.quoted, subject)):
        return marked
    found = quotes.split(body.text, subject)
    if not found.quoted and body.page_texts:
        return _by_page(body, subject) or found
    return found


def _by_places(text: str, places: list[tuple[int, int]], subject: str) -> Split | None:
    """Without the marked places; None where they are a mail passed on, or everything there is."""
    if quotes.passes_on(subject) or any(quotes.is_forwarded(text[start:end]) for start, end in places):
        return None
    kept, cut, at = [], [], 0
    for start, end in places:
        kept.append(text[at:start])
        cut.append(text[start:end])
        at = max(at, end)
    kept.append(text[at:])
    rest = quotes.split("\n".join(piece.strip("\n") for piece in kept if piece.strip()), subject)
    if not rest.reply.strip():
        return None
    return Split(rest.reply, "\n".join(filter(None, [rest.quoted, *(piece.strip() for piece in cut)])), rest.signature)


def _by_page(body: Body, subject: str) -> Split | None:
    """The words say nothing, but the HTML beside them does: its first line of history is looked for in the text."""
    for page, places in body.page_texts:
        start, end = places[0]
        if quotes.passes_on(subject) or quotes.is_forwarded(page[start:end]):
            return None
        wanted = ["".join(line.split()) for line in page[start:end].split("\n") if line.strip()][:3]
        lines = body.text.split("\n")
        for at, line in enumerate(lines[:5_000]):
            flat = "".join(line.split()).strip("*_>")
            if len(flat) > 8 and wanted and (flat in wanted[0] or wanted[0] in flat) and at:
                found = quotes.split("\n".join(lines[:at]), subject)
                quoted = "\n".join([*([found.quoted] if found.quoted else []), *lines[at:]])
                return Split(found.reply, quoted.strip("\n"), found.signature) if found.reply.strip() else None
    return None
