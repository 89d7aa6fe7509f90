"""The chat where it is embedded: a small loader, and the page in its frame, which no site may frame but those named."""

from pathlib import Path

from flask import Blueprint, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.services import chats
from helpdesk.services.chats import colours, widgets
from helpdesk.web.chat import opening
from helpdesk.web.guards import public
from helpdesk.web.safety import policy

embedded = Blueprint("embedded", __name__, url_prefix="/widget")


@embedded.get("/v1.js")
@public
def loader() -> ResponseReturnValue:
    """The script that other sites load: a button; nothing more is asked of us until somebody presses it."""
    source = Path(current_app.static_folder or "") / "js" / "widget.js"
    answer = Response(source.read_bytes(), mimetype="text/javascript")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@embedded.get("/<key>/theme.css")
@public
def theme(key: str) -> ResponseReturnValue:
    """The place's own colour, as a style sheet: the frame's policy allows no other way."""
    colour = widgets.find(key).colour or colours.USUAL
    rule = f".chat-framed .frame-head {{ background: {colour}; color: {colours.words_on(colour)}; }}\n"
    answer = Response(rule, mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@embedded.get("/<key>")
@public
def frame(key: str) -> ResponseReturnValue:
    """The page in the frame. It sets no cookie: the embedding page keeps the conversation's key."""
    place = widgets.find(key)
    g.language = i18n.chosen(request.args.get("lang"))  # ``language`` would be kept in a cookie
    g.framed = True
    page = render_template(
        "portal/chat_frame.html",
        place=place,
        there=opening.availability(clock.now(), g.language),
        longest=chats.limits().longest_line,
    )
    answer = Response(page)
    origins = " ".join(place.origins) or "'none'"
    answer.headers["Content-Security-Policy"] = policy().replace("frame-ancestors 'none'", f"frame-ancestors {origins}")
    answer.headers["Cache-Control"] = "no-store"
    return answer
