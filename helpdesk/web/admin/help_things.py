"""Canned replies, help articles and outage notices as administrators keep them."""

from functools import partial
from typing import Any

from helpdesk import clock, i18n
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, handbook
from helpdesk.web import language
from helpdesk.web.admin import words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.things import Line, Thing
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


_TITLES = Field("titles", _("Title"), Kind.TEXTS, required=True, most=160)


def _saver(kind: str) -> Any:
    def save(actor: Actor, id_: int | None, values: dict[str, Any]) -> int:
        return handbook.save(actor, kind, id_, clock.now(), **values)

    return save


def _title(row: Any) -> str:
    return words.name(row.titles)


def _department(id_: int | None, nobody: str) -> str:
    row = catalogue.current().departments.get(id_ or 0)
    return words.name(row.names) if row is not None else say(nobody)


def _place(row: Any, nobody: str) -> Field:
    chosen = row.department_id if row else None
    return Field("department_id", _("Department"), Kind.CHOICE, options=words.departments(chosen), none=nobody)


def _service(row: Any, nobody: str) -> Field:
    rows = (one for one in catalogue.services(all_=True) if one.phase == "live" or (row and one.id == row.service_id))
    return Field("service_id", _("Service"), Kind.CHOICE, options=words.named(rows), none=nobody)


def _reply_groups(row: Any) -> list[Group]:
    text = Field(
        "texts", _("Text"), Kind.AREAS, _("What goes into the answer; the agent can change it before sending."),
        required=True, most=8000, rows=8,
    )  # fmt: skip
    return [Group("", [_TITLES, text, _place(row, _("All departments"))])]


def _reply_lines() -> list[Line]:
    return [
        Line(
            row.id,
            _title(row),
            "",
            (_department(row.department_id, "All departments"), _languages(row.texts)),
            also=words.every(row.titles),
        )
        for row in handbook.all_of("reply")
    ]


def _languages(texts: dict[str, str]) -> str:
    return ", ".join(i18n.LANGUAGES[code] for code in i18n.LANGUAGES if texts.get(code))


def _article_groups(row: Any) -> list[Group]:
    body = Field(
        "bodies", _("Text"), Kind.AREAS,
        _("Markdown: an empty line begins a paragraph, ## a heading, - a list, [words](address) a link."),
        required=True, most=40_000, rows=16,
    )  # fmt: skip
    phrasings = Field(
        "phrasings", _("Other ways to ask for it"), Kind.AREAS,
        _("One a line, in the words people use. The bot and the search find the article by them; nobody reads them."),
        most=4_000, rows=5,
    )  # fmt: skip
    published = Field("published", _("Published"), Kind.FLAG, _("Who may read it finds it; until then it is a draft."))
    audience = Field(
        "audience", _("Who may read it"), Kind.CHOICE,
        _("What citizens may not read is on no page, in no search and in no answer of theirs."),
        options=[(code, say(name)) for code, name in words.READERSHIP.items()],
    )  # fmt: skip
    service = _service(row, _("No service in particular"))
    return [
        Group("", [_TITLES, body, phrasings]),
        Group(_("Where it belongs"), [_place(row, _("The whole body")), service, audience, published]),
    ]


def _article_lines() -> list[Line]:
    return [
        Line(
            row.id, _title(row), row.key,
            (
                _department(row.department_id, "The whole body"), _languages(row.bodies),
                i18n.moment(row.updated_at, language.current()),
            ),
            *_article_state(row),
            also=words.every(row.titles),
        )
        for row in handbook.all_of("article")
    ]  # fmt: skip


def _article_state(row: Any) -> tuple[str, str]:
    if not row.published:
        return say("Draft"), ""
    return (say("Published"), "met") if row.audience == "public" else (say(words.READERSHIP[row.audience]), "paused")


def _outage_groups(row: Any) -> list[Group]:
    text = Field(
        "texts",
        _("Text"),
        Kind.AREAS,
        _("What does not work, for whom, and what to do meanwhile."),
        required=True,
        most=1000,
    )
    begins = Field("begins_at", _("Begins"), Kind.MOMENT, required=True)
    ends = Field("ends_at", _("Ends"), Kind.MOMENT, _("Left empty, it stays until you end it."))
    return [
        Group(_("What citizens read on every page"), [_TITLES, text]),
        Group(_("When, and about what"), [begins, ends, _service(row, _("No service in particular"))]),
    ]


def _outage_lines() -> list[Line]:
    at = clock.now()
    moment = partial(i18n.moment, language=language.current())
    return [
        Line(
            row.id, _title(row), "",
            (moment(row.begins_at), moment(row.ends_at) if row.ends_at else say("open end")),
            *_outage_state(row, at),
        )
        for row in handbook.all_of("outage")
    ]  # fmt: skip


def _outage_state(row: Any, at: Any) -> tuple[str, str]:
    if row.ends_at is not None and row.ends_at <= at:
        return say("over"), ""
    return (say("to come"), "paused") if row.begins_at > at else (say("shown now"), "soon")


THINGS = (
    Thing(
        "canned-replies", _("Canned replies"), _("Canned reply"), _("New canned reply"),
        _("Texts that agents put into their answers, in the citizen's language."),
        _("There is no canned reply yet. Write down what you answer most often."),
        (_("Department"), _("Languages")),
        _reply_groups, _reply_lines, partial(handbook.find, "reply"), _saver("reply"),
        _("The canned reply was saved."), _title,
    ),
    Thing(
        "articles", _("Help articles"), _("Help article"), _("New help article"),
        _("What citizens can read instead of asking."),
        _("There is no article yet. Begin with the question you are asked most."),
        (_("Department"), _("Languages"), _("Last change")),
        _article_groups, _article_lines, partial(handbook.find, "article"), _saver("article"),
        _("The article was saved."), _title, lambda: {"published": True, "audience": "public"}, extra="preview",
    ),
    Thing(
        "outages", _("Outage notices"), _("Outage notice"), _("New outage notice"),
        _("Known disturbances, shown on top of every page for citizens while they last."),
        _("Nothing is out of order. When something is, say so here: it saves many questions."),
        (_("Begins"), _("Ends")),
        _outage_groups, _outage_lines, partial(handbook.find, "outage"), _saver("outage"),
        _("The notice was saved."), _title, lambda: {"begins_at": _now()}, extra="outage",
    ),
)  # fmt: skip


def _now() -> str:
    return clock.now().astimezone(i18n.ZONE).strftime("%Y-%m-%dT%H:%M")
