"""Header lines of outgoing mail whose text is not English, folded between words.

The library folds a long text wherever it likes and loses the space at which it does: the reader sees two words as one.
"""

import base64
from collections.abc import Iterator
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any

MOST = 39
"""Bytes of text in an encoded word, so that it and the name of its header stay within a line of 78 (RFC 2047, 5322)."""


class Words(EmailPolicy):
    """The policy of mail by SMTP, with encoded words of our own in subjects and names."""

    def fold(self, name: str, value: Any) -> str:
        """The header line as text."""
        return self._written(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header line as bytes."""
        return self._written(name, value).encode("ascii") or super().fold_binary(name, value)

    def _written(self, name: str, value: Any) -> str:
        """Empty where the library does it well."""
        if str(value).isascii():
            return ""
        if name.lower() == "subject":
            return f"{name}: {encoded(str(value), self.linesep)}{self.linesep}"
        if addresses := getattr(value, "addresses", ()):
            told = f",{self.linesep} ".join(_party(one, self.linesep) for one in addresses)
            return f"{name}: {told}{self.linesep}"
        return ""


def _party(one: Address, linesep: str) -> str:
    if one.display_name.isascii():
        return str(one)
    return f"{encoded(one.display_name, linesep)}{linesep} <{one.addr_spec}>"


def encoded(text: str, linesep: str) -> str:
    """The text as encoded words, one a line: a space belongs to the word before it, and none is lost between them."""
    words = (base64.b64encode(piece.encode()).decode("ascii") for piece in _pieces(text))
    return f"{linesep} ".join(f"=?utf-8?b?{word}?=" for word in words)


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that are short enough, cut behind spaces; only what has none for so long is cut anywhere."""
    piece = ""
    for word in _words(text):
        if piece and len((piece + word).encode()) > MOST:
            yield piece
            piece = ""
        for letter in word:
            if len((piece + letter).encode()) > MOST:
                yield piece
                piece = ""
            piece += letter
    yield piece


def _words(text: str) -> list[str]:
    """Each with the space behind it."""
    words = text.split(" ")
    return [*(f"{word} " for word in words[:-1]), words[-1]]


SMTP = Words(linesep="\r\n", raise_on_defect=False)
"""For mail whose addresses are written in English letters."""
