"""Help articles as staff read them: those for citizens, those for colleagues, those of their own department."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from helpdesk import i18n
from helpdesk.services import readership, selfhelp
from helpdesk.vocabulary import Readership
from helpdesk.web import language, markdown
from helpdesk.web.desk.room import room
from helpdesk.web.desk.words import READERSHIP
from helpdesk.web.guards import agent, current_actor


@room.get("/articles")
@agent
def help_pages() -> ResponseReturnValue:
    """All that the reader may read, by department, or what ``q`` is about."""
    words = request.args.get("q", "").strip()[:200]
    reader = readership.of(current_actor())
    found = selfhelp.search_articles(words, reader=reader) if words else ()
    groups: dict[int, list[object]] = {}
    for row in selfhelp.articles(reader) if not words else ():
        groups.setdefault(row.department_id or 0, []).append(row)
    return render_template(
        "desk/help_pages.html", q=words, found=found, groups=list(groups.values()), **_readers(),
    )  # fmt: skip


@room.get("/articles/<key>")
@agent
def help_page(key: str) -> ResponseReturnValue:
    """One of them, and where citizens read it."""
    row = selfhelp.article(key, readership.of(current_actor()))
    body = markdown.render(i18n.pick(row.bodies, language.current()))
    return render_template("desk/help_page.html", row=row, body=body, **_readers())


def _readers() -> dict[str, object]:
    return {"readers": READERSHIP, "everybody": Readership.PUBLIC.value}
