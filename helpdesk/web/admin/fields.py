"""The fields of administration's forms: how each is shown, read and refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from werkzeug.datastructures import MultiDict

from helpdesk import i18n
from helpdesk.errors import Invalid
from helpdesk.web.admin import questions
from helpdesk.web.admin.wrong import Wrong


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


class Kind(StrEnum):
    """How a field looks; templates/admin/_field.html draws each."""

    TEXT = "text"
    EMAIL = "email"
    TEL = "tel"
    NUMBER = "number"
    SECRET = "password"  # noqa: S105 - the name of an input's type
    AREA = "area"
    TEXTS = "texts"
    AREAS = "areas"
    CHOICE = "choice"
    PICTURE = "picture"
    CHOICES = "choices"
    FLAG = "flag"
    MOMENT = "datetime-local"
    QUESTIONS = "questions"


Option = tuple[Any, str]
"""A value and its word, which is in the page's language already."""


@dataclass(frozen=True)
class Field:
    """One field. ``options`` belong to choices; ``none`` is the word for choosing nothing; ``most`` characters."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    required: bool = False
    options: Sequence[Option] = ()
    none: str | None = None
    most: int = 200
    rows: int = 3
    fixed: bool = False


@dataclass(frozen=True)
class Group:
    """Fields that belong together, under a heading."""

    title: str
    fields: Sequence[Field] = field(default_factory=tuple)


Typed = Mapping[str, Any]
"""What stands in the form, by field: texts, for languages a mapping, for choices a list."""


def all_fields(groups: Sequence[Group]) -> list[Field]:
    """The fields of all groups that can be changed."""
    return [item for group in groups for item in group.fields if not item.fixed]


def typed(groups: Sequence[Group], form: MultiDict[str, str]) -> dict[str, Any]:
    """What was sent, as it is to be shown again."""
    return {item.name: _sent(item, form) for item in all_fields(groups)}


def shown(groups: Sequence[Group], row: Any) -> dict[str, Any]:
    """What a row holds, as the form shows it; fields it has not stay empty."""
    every = [item for group in groups for item in group.fields]
    return {item.name: _shown(item.kind, getattr(row, item.name, None)) for item in every}


def _shown(kind: Kind, value: Any) -> Any:
    return _SHOWN[kind](value) if kind in _SHOWN else _plain(value)


def _sent(item: Field, form: MultiDict[str, str]) -> Any:
    return _SENT[item.kind](item, form) if item.kind in _SENT else _text(item, form)


def read(groups: Sequence[Group], sent: Typed) -> dict[str, Any]:
    """The values of what was typed; raises Invalid that names each field that is wrong."""
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for item in all_fields(groups):
        try:
            values[item.name] = _value(item, sent[item.name])
        except Wrong as why:
            wrong[item.name] = str(why)
    if wrong:
        raise Invalid(_("Please correct what is marked."), fields=wrong)
    return values


def _value(item: Field, sent: Any) -> Any:
    value = _READ.get(item.kind, _read_text)(item, sent)
    if item.required and value in (None, "", [], {}):
        raise Wrong(_("This is needed."))
    return value


def _text(item: Field, form: MultiDict[str, str]) -> str:
    text = form.get(item.name, "")
    return text if item.kind is Kind.SECRET else text.replace("\r\n", "\n").strip()


def _texts(item: Field, form: MultiDict[str, str]) -> dict[str, str]:
    return {code: form.get(f"{item.name}-{code}", "").replace("\r\n", "\n").strip() for code in i18n.LANGUAGES}


_SENT: Mapping[Kind, Callable[[Field, MultiDict[str, str]], Any]] = {
    Kind.TEXTS: _texts,
    Kind.AREAS: _texts,
    Kind.CHOICES: lambda item, form: form.getlist(item.name),
    Kind.FLAG: lambda item, form: item.name in form,
    Kind.QUESTIONS: lambda item, form: questions.sent(item.name, form),
}


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _moment(value: datetime | None) -> str:
    return value.astimezone(i18n.ZONE).strftime("%Y-%m-%dT%H:%M") if value else ""


_SHOWN: Mapping[Kind, Callable[[Any], Any]] = {
    Kind.TEXTS: lambda value: dict(value or {}),
    Kind.AREAS: lambda value: dict(value or {}),
    Kind.CHOICES: lambda value: [str(one) for one in value or ()],
    Kind.FLAG: bool,
    Kind.MOMENT: _moment,
    Kind.SECRET: lambda value: "",
    Kind.QUESTIONS: questions.shown,
}


def _read_text(item: Field, sent: str) -> str:
    if len(sent) > item.most:
        raise Wrong(_("This is too long."))
    if "\x00" in sent:
        raise Wrong(_("This has characters that cannot be kept."))
    return sent


def _read_texts(item: Field, sent: Mapping[str, str]) -> dict[str, str]:
    return {code: text for code, text in sent.items() if _read_text(item, text)}


def _read_number(item: Field, sent: str) -> int | None:
    if not sent:
        return None
    if not (sent.isascii() and sent.isdigit()) or len(sent) > 9:
        raise Wrong(_("Give a whole number."))
    return int(sent)


def _read_choice(item: Field, sent: str) -> Any:
    if not sent and item.none is not None:
        return None
    return _chosen(item, sent)


def _chosen(item: Field, sent: str) -> Any:
    for value, _word in item.options:
        if str(value) == sent:
            return value
    raise Wrong(_("Choose one of the list."))


def _read_moment(item: Field, sent: str) -> datetime | None:
    if not sent:
        return None
    try:
        return datetime.fromisoformat(sent).replace(tzinfo=i18n.ZONE)
    except ValueError:
        raise Wrong(_("Give a day and a time.")) from None


_READ: Mapping[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXTS: _read_texts,
    Kind.AREAS: _read_texts,
    Kind.NUMBER: _read_number,
    Kind.CHOICE: _read_choice,
    Kind.PICTURE: _read_choice,
    Kind.CHOICES: lambda item, sent: [_chosen(item, one) for one in dict.fromkeys(sent)],
    Kind.FLAG: lambda item, sent: bool(sent),
    Kind.MOMENT: _read_moment,
    Kind.QUESTIONS: lambda item, sent: questions.read(sent),
}
