"""Help articles' Markdown as safe HTML below a page's own heading: no raw HTML, no script, picture or style."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_READER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


@lru_cache(256)
def render(text: str) -> Markup:
    """The text as HTML; its highest heading becomes an h2, for the page has its h1 already."""
    tokens = _READER.parse(text)
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    lower = 2 - min((int(token.tag[1]) for token in headings), default=2)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + lower, 6)}"
    made = _READER.renderer.render(tokens, _READER.options, {})
    safe = nh3.clean(
        made,
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(safe)  # noqa: S704 - cleaned in the lines above
