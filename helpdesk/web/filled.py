"""What somebody typed into a form and the files that came with it: cleaned, and refused where they are too large."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import FileStorage

from helpdesk.services.notices import NewFile
from helpdesk.web.templating import say

MOST_FILES = 10
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_TOGETHER = 25 * 1024 * 1024


@dataclass
class Filled:
    """A form as it was sent: what was typed, its files, and by field what is wrong, in the reader's language."""

    values: dict[str, str]
    files: list[NewFile] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    def require(self, name: str, told: str) -> None:
        """Complains where the field is empty."""
        if not self.values.get(name):
            self.errors[name] = told


def typed(names: Iterable[str]) -> dict[str, str]:
    """What the form says in these fields, cleaned; multi-line only where the field is."""
    return {name: _clean(request.form.get(name, "")) for name in names}


def _clean(told: str) -> str:
    """Without control characters, lone surrogates and blanks around; line ends as they are everywhere else."""
    lines = unicodedata.normalize("NFC", told.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        letter for letter in lines if letter in "\n\t" or unicodedata.category(letter) not in _UNSEEN
    ).strip()


_UNSEEN = {"Cc", "Cs", "Co"}


def files(errors: dict[str, str]) -> list[NewFile]:
    """The files that came, where all of them can be taken; else none and what is wrong with them."""
    came = [file for file in request.files.getlist("files") if file.filename]
    try:
        if told := _refused(came):
            errors["files"] = told
            return []
        return [NewFile(_clean(file.filename or ""), file.mimetype, file.read()) for file in came]
    finally:
        for file in came:
            file.close()


def _refused(came: Sequence[FileStorage]) -> str:
    if len(came) > MOST_FILES:
        return say("Choose at most %(count)s files.", count=MOST_FILES)
    sizes = [_size(file) for file in came]
    for file, size in zip(came, sizes, strict=True):
        if size > LARGEST_FILE:
            return say("“%(name)s” is too large: a file may have at most 10 MB.", name=_clean(file.filename or ""))
        if size == 0:
            return say("“%(name)s” is empty. Choose another file.", name=_clean(file.filename or ""))
    return say("Together the files are too large: at most 25 MB.") if sum(sizes) > LARGEST_TOGETHER else ""


def _size(file: FileStorage) -> int:
    end = file.stream.seek(0, 2)
    file.stream.seek(0)
    return int(end)
