"""Help pages: found without regard to accents, written in Markdown, shown as safe HTML."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from helpdesk import i18n
from helpdesk.services import problems, selfhelp
from helpdesk.web import language, markdown
from helpdesk.web.guards import public
from helpdesk.web.portal.doors import portal

EXCERPT = 200


@portal.get("/help")
@public
def help() -> ResponseReturnValue:
    """All articles by department, or those with the words of ``q``."""
    words = request.args.get("q", "").strip()[:200]
    if words:
        found = [(row, excerpt(_told(row))) for row in selfhelp.search_articles(words)]
        return render_template("portal/help.html", q=words, found=found, known=problems.told_of(words), groups=[])
    groups: dict[int, list[object]] = {}
    for row in selfhelp.articles():
        groups.setdefault(row.department_id or 0, []).append(row)
    return render_template("portal/help.html", q="", found=[], known=[], groups=list(groups.values()))


@portal.get("/help/<key>")
@public
def help_article(key: str) -> ResponseReturnValue:
    """One article, with the way to ask about it."""
    row = selfhelp.article(key)
    return render_template("portal/article.html", row=row, body=markdown.render(_told(row)))


def _told(row: object) -> str:
    return i18n.pick(getattr(row, "bodies", {}), language.current())


def excerpt(text: str) -> str:
    """The first words of an article, plain."""
    plain = " ".join(markdown.render(text).striptags().split())
    return plain if len(plain) <= EXCERPT else f"{plain[:EXCERPT].rsplit(' ', 1)[0]} …"
