"""Help pages: found without regard to accents, written in Markdown, shown as safe HTML."""

from functools import lru_cache

import nh3
from flask import render_template, request
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markupsafe import Markup

from helpdesk import i18n
from helpdesk.services import selfhelp
from helpdesk.web import language
from helpdesk.web.guards import public
from helpdesk.web.portal.doors import portal

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
EXCERPT = 200


@portal.get("/help")
@public
def help() -> ResponseReturnValue:
    """All articles by department, or those with the words of ``q``."""
    words = request.args.get("q", "").strip()[:200]
    if words:
        found = [(row, excerpt(_told(row))) for row in selfhelp.search_articles(words)]
        return render_template("portal/help.html", q=words, found=found, groups=[])
    groups: dict[int, list[object]] = {}
    for row in selfhelp.articles():
        groups.setdefault(row.department_id or 0, []).append(row)
    return render_template("portal/help.html", q="", found=[], groups=list(groups.values()))


@portal.get("/help/<key>")
@public
def help_article(key: str) -> ResponseReturnValue:
    """One article, with the way to ask about it."""
    row = selfhelp.article(key)
    return render_template("portal/article.html", row=row, body=safe_html(_told(row)))


def _told(row: object) -> str:
    return i18n.pick(getattr(row, "bodies", {}), language.current())


@lru_cache(256)
def safe_html(markdown: str) -> Markup:
    """The text as HTML below a page's own heading: no raw HTML, no scripts, no pictures from elsewhere."""
    tokens = _MARKDOWN.parse(markdown)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    made = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    clean = nh3.clean(
        made, tags=_TAGS, attributes={"a": {"href", "title"}}, url_schemes={"http", "https", "mailto", "tel"}
    )
    return Markup(clean)  # noqa: S704 - cleaned in the line above


def excerpt(markdown: str) -> str:
    """The first words of an article, plain."""
    plain = " ".join(safe_html(markdown).striptags().split())
    return plain if len(plain) <= EXCERPT else f"{plain[:EXCERPT].rsplit(' ', 1)[0]} …"
