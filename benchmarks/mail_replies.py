"""The new part of an answer: ours beside mail-parser-reply and email-reply-parser, on our samples and on a folder's."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from email_reply_parser import EmailReplyParser
from mailparser_reply import EmailReplyParser as MailParserReply

from benchmarks import mail_parse
from channels.email import quotes

Row = dict[str, Any]
RUNS = 5
LANGUAGES = ["en", "de", "fr", "it", "es", "pt", "pl", "nl", "da", "sv", "ja", "ro", "cs"]
"""What mail-parser-reply knows of the languages here; it has no Greek, Bulgarian or Albanian."""

WORDS = {
    "el": "Ναι, ακόμη δεν έχει φτιαχτεί.", "en": "Yes, it is still broken.", "fr": "Oui, c'est toujours cassé.",
    "de": "Ja, es ist noch kaputt.", "it": "Sì, è ancora rotto.", "es": "Sí, sigue roto.",
    "pt": "Sim, ainda está partido.",
    "bg": "Да, още е счупено.", "ro": "Da, tot stricat este.", "sq": "Po, ende është prishur.",
}  # fmt: skip
OLD = "Your request has been received.\nWe will answer by Friday."
ATTRIBUTIONS = {
    "el": ("Στις Τρί 24 Νοε 2026 στις 9:40 π.μ., ο χρήστης Δήμος <info@city.example> έγραψε:",
           "Στις 24/11/2026 9:40 π.μ., ο/η Δήμος έγραψε:"),
    "en": ("On Tue, 24 Nov 2026 at 09:40, City <info@city.example> wrote:",
           "On Nov 24, 2026, at 9:40 AM, City <info@city.example> wrote:"),
    "fr": ("Le mar. 24 nov. 2026 à 09:40, Ville <info@city.example> a écrit :",),
    "de": ("Am Di., 24. Nov. 2026 um 09:40 Uhr schrieb Stadt <info@city.example>:",),
    "it": ("Il giorno mar 24 nov 2026 alle ore 09:40 Comune <info@city.example> ha scritto:",),
    "es": ("El mar, 24 nov 2026 a las 9:40, Ciudad (<info@city.example>) escribió:",),
    "pt": ("Em ter., 24 de nov. de 2026 às 09:40, Cidade <info@city.example> escreveu:",),
    "bg": ("На вт, 24.11.2026 г. в 9:40 Община <info@city.example> написа:",),
    "ro": ("În mar., 24 nov. 2026 la 09:40, Oraș <info@city.example> a scris:",),
    "sq": ("Më mar, 24 nën 2026 në 9:40, Bashkia <info@city.example> shkroi:",),
}  # fmt: skip
HEADERS = {
    "el": ("Από", "Στάλθηκε", "Προς", "Θέμα"), "en": ("From", "Sent", "To", "Subject"),
    "fr": ("De", "Envoyé", "À", "Objet"), "de": ("Von", "Gesendet", "An", "Betreff"),
    "it": ("Da", "Inviato", "A", "Oggetto"), "es": ("De", "Enviado", "Para", "Asunto"),
    "pt": ("De", "Enviado", "Para", "Assunto"), "bg": ("От", "Изпратено", "До", "Относно"),
    "ro": ("De la", "Trimis", "Către", "Subiect"), "sq": ("Nga", "Dërguar", "Për", "Tema"),
}  # fmt: skip
SIGNATURES = {"el": "Με εκτίμηση,\nΆννα Ιωάννου", "en": "Kind regards,\nAnna", "de": "Mit freundlichen Grüßen\nAnna"}


@dataclass(frozen=True)
class Sample:
    """An answer as a program writes it, and what of it is new."""

    kind: str
    text: str
    reply: str


def samples() -> list[Sample]:
    """Quotations as Gmail, Apple, Thunderbird and Outlook write them, signatures, and plain mails with no history."""
    found: list[Sample] = []
    for language, words in WORDS.items():
        group = "Greek" if language == "el" else "English" if language == "en" else "other languages"
        quoted = "\n".join(f"> {line}" for line in OLD.splitlines())
        found += [Sample(group, f"{words}\n\n{line}\n\n{quoted}\n", words) for line in ATTRIBUTIONS[language]]
        a, b, c, d = HEADERS[language]
        block = f"{a}: City <info@city.example>\n{b}: 24/11/2026 09:40\n{c}: Anna\n{d}: Request 100001\n\n{OLD}"
        found += [Sample(group, f"{words}\n\n{edge}{block}\n", words) for edge in ("", f"{'_' * 32}\n")]
        if language in SIGNATURES:
            found.append(
                Sample(group, f"{words}\n\n{SIGNATURES[language]}\n\n{ATTRIBUTIONS[language][0]}\n{quoted}", words)
            )
        found.append(Sample(group, f"{words}\n\n1. {words}\n2. {words}\n", f"{words}\n\n1. {words}\n2. {words}"))
    return found


def _ours(text: str) -> str:
    return quotes.split(text).reply


def _mail_parser_reply(text: str) -> str:
    found = MailParserReply(languages=LANGUAGES).parse_reply(text=text)
    return str(found or "")


def _email_reply_parser(text: str) -> str:
    return str(EmailReplyParser.parse_reply(text))


PARSERS: dict[str, Callable[[str], str]] = {
    "ours": _ours, "mail-parser-reply": _mail_parser_reply, "email-reply-parser": _email_reply_parser,
}  # fmt: skip


def run(folder: Path | None = None) -> list[Row]:
    """How many of each kind come out right, then milliseconds for all; ours must be first in each."""
    versions = {name: version(name) for name in PARSERS if name != "ours"}
    found = samples()
    rows = [_counted(kind, [one for one in found if one.kind == kind]) for kind in dict.fromkeys(s.kind for s in found)]
    if folder is not None:
        rows += _foreign(folder)
    timed = {name: _milliseconds(parser, [one.text for one in found]) for name, parser in PARSERS.items()}
    return [*rows, {"samples": "ms for all of ours", "of": len(found)} | timed | {"versions": str(versions)}]


def _counted(kind: str, some: Sequence[Sample]) -> Row:
    right = {
        name: sum(_flat(_tried(parser, one.text)) == _flat(one.reply) for one in some)
        for name, parser in PARSERS.items()
    }
    return {"samples": kind, "of": len(some)} | right | _budget(right)


def _foreign(folder: Path) -> list[Row]:
    """Samples of others with their own expectations (a folder with expectations.jsonl), by whose they are."""
    sets: dict[str, list[Row]] = {}
    for row in mail_parse.rows_in(folder):
        if row["file"].endswith(".txt"):
            sets.setdefault(f"{row['set']}'s own", []).append(row)
    rows = []
    for name, some in sets.items():
        right = {
            parser: sum(not mail_parse.wrong_reply(_tried(act, _text(folder, row)), row) for row in some)
            for parser, act in PARSERS.items()
        }
        rows.append({"samples": name, "of": len(some)} | right | _budget(right))
    return rows


def _text(folder: Path, row: Row) -> str:
    return (folder / row["file"]).read_text("utf-8", "replace").replace("\r\n", "\n")


def _tried(parser: Callable[[str], str], text: str) -> str:
    """A parser that dies has found nothing."""
    try:
        return parser(text)
    except Exception:
        return ""


def _budget(right: dict[str, int]) -> Row:
    return {"budget": "kept" if right["ours"] >= max(right.values()) else "missed"}


def _flat(text: str) -> str:
    return " ".join(text.split())


def _milliseconds(parser: Callable[[str], str], texts: Sequence[str]) -> float:
    taken = []
    for _ in range(RUNS):
        began = time.process_time()
        for text in texts:
            _tried(parser, text)
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken)
