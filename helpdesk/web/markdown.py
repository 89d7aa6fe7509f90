"""Help articles' Markdown as safe HTML: headings, lists, links, tables; never a script, a picture or a style."""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_READER = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).enable("table")
_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "blockquote", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def render(text: str) -> Markup:
    """The text as HTML. A first heading becomes an h2: the page has its h1 already."""
    tokens = _READER.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    made = _READER.renderer.render(tokens, _READER.options, {})
    safe = nh3.clean(
        made,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(safe)  # noqa: S704 - nh3 made it safe
