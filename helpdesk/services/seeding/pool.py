"""Texts with their search words ready, so that no message costs a parse: the database reads each sentence once."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, text

from helpdesk.services.seeding import sentences


class Piece(NamedTuple):
    """A sentence and its lexemes as PostgreSQL writes a tsvector without positions."""

    text: str
    words: str


@dataclass(frozen=True)
class Pool:
    """Pieces by language and part; the names of streets by themselves."""

    parts: dict[str, dict[str, tuple[Piece, ...]]]
    streets: tuple[Piece, ...]

    def letter(self, language: str, chance: random.Random) -> Piece:
        """What a citizen writes: six to nine sentences and a street."""
        parts = self.parts[language]
        body = chance.choices(parts["body"], k=4 + int(chance.random() * 3))
        detail = chance.choices(parts["detail"], k=2 + (chance.random() < 0.7))
        street = self.streets[int(chance.random() * len(self.streets))]
        number = str(int(chance.random() * 180) + 1)
        place = Piece(f"({street.text} {number})", f"{street.words} '{number}'")
        return _joined([_one(parts["opening"], chance), *body, place, *detail, _one(parts["closing"], chance)])

    def answer(self, language: str, chance: random.Random) -> Piece:
        """What an agent writes back."""
        parts = self.parts[language]
        pieces = [_one(parts["opening"], chance), *chance.choices(parts["answer"], k=3)]
        return _joined([*pieces, *chance.choices(parts["detail"], k=2), _one(parts["closing"], chance)])

    def subject(self, language: str, chance: random.Random) -> Piece:
        """One line."""
        return _one(self.parts[language]["subject"], chance)


def _one(pieces: Sequence[Piece], chance: random.Random) -> Piece:
    return pieces[int(chance.random() * len(pieces))]


def _joined(pieces: Sequence[Piece]) -> Piece:
    return Piece("\\n".join(piece.text for piece in pieces), " ".join(piece.words for piece in pieces))


def load(connection: Connection) -> Pool:
    """The pool, its words as the database's own configuration makes them."""
    parts = {
        language: {part: _read(connection, lines) for part, lines in known.items()}
        for language, known in sentences.LANGUAGES.items()
    }
    return Pool(parts, _read(connection, sentences.STREETS))


def _read(connection: Connection, lines: Sequence[str]) -> tuple[Piece, ...]:
    words = "strip(to_tsvector('helpdesk', line))::text as words"
    query = text(f"select line, {words} from unnest(cast(:lines as text[])) as line")  # noqa: S608 - our own words
    found = {row.line: row.words for row in connection.execute(query, {"lines": list(lines)})}
    return tuple(Piece(line, found[line]) for line in lines)
