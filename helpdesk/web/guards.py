"""Who may enter: every view wears exactly one of @public @citizen @agent @supervisor @admin @machine."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, cast

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.exceptions import HTTPException

from helpdesk import clock
from helpdesk.errors import Forbidden, HelpdeskError
from helpdesk.permissions import Actor, may
from helpdesk.services import access, following
from helpdesk.services.access.sessions import SEEN_EVERY
from helpdesk.vocabulary import ActorKind
from helpdesk.web import language

Given = ParamSpec("Given")
View = Callable[Given, ResponseReturnValue]
NOBODY = Actor(ActorKind.CITIZEN)
TRACKED = "tracked"
"""Where the browser's session keeps the requests it may read: number → version of the tracking code."""


class SignInNeeded(HelpdeskError):
    """The page is for people who work here, and nobody is signed in."""

    status = 401
    title = "Please sign in"


class Visitor(UserMixin):  # type: ignore[misc]
    """What Flask-Login knows of a signed-in person; its id is the session's token."""

    def __init__(self, token: str, signed_in: access.SignedIn) -> None:
        self.token, self.signed_in, self.actor = token, signed_in, signed_in.actor

    def get_id(self) -> str:
        """The token, which stands in the signed cookie only."""
        return self.token


def register(app: Flask) -> None:
    """Lets Flask-Login find people by their session rows."""
    logins = LoginManager(app, add_context_processor=False)  # an error page must be made without the database
    logins.session_protection = None  # rows are re-checked by every request; an address may change on the road
    logins.user_loader(_visitor)
    app.before_request(_prefer_own_language)
    setattr(app.view_functions["static"], "_guard", "public")  # noqa: B010 - a plain assignment has no type


def _visitor(token: str) -> Visitor | None:
    at = clock.now()
    found = access.find_session(token, at)
    if found is None:
        return None
    if at - found.seen_at > SEEN_EVERY:
        access.saw(found.session_id, at)
    return Visitor(token, found)


def _prefer_own_language() -> None:
    """A machine's door reads no cookie, whoever sends one."""
    if guard_of(current_app.view_functions.get(request.endpoint or "")) == "machine":
        return
    if "_user_id" in session and current_user.is_authenticated:
        language.prefer(current_user.actor.language)


def current_actor() -> Actor:
    """Who acts in this request: the token's person, who is signed in, the request's citizen, or nobody."""
    if "actor" in g:
        return cast(Actor, g.actor)
    if current_user and current_user.is_authenticated:
        return cast(Actor, current_user.actor)
    return NOBODY


def _wears(name: str, check: Callable[[], ResponseReturnValue | None]) -> Callable[[View[Given]], View[Given]]:
    def wear(view: View[Given]) -> View[Given]:
        if hasattr(view, "_guard"):
            raise TypeError(f"{view.__qualname__} wears a guard already: one is enough")

        @wraps(view)
        def guarded(*args: Given.args, **values: Given.kwargs) -> ResponseReturnValue:
            refused = check()
            return view(*args, **values) if refused is None else refused

        guarded._guard = name  # type: ignore[attr-defined]
        return guarded

    return wear


def _anybody() -> None:
    return None


def _staff_who_may(verb: str) -> Callable[[], ResponseReturnValue | None]:
    def check() -> ResponseReturnValue | None:
        if not current_user.is_authenticated:
            return _to_sign_in()
        if not may(current_user.actor, verb):
            raise Forbidden("Your role does not open this page.")
        return None

    return check


def _to_sign_in() -> ResponseReturnValue:
    """A page leads to the sign-in and back; anything else is told so, and nothing it carried is half done."""
    here = request.full_path.rstrip("?")
    if request.headers.get("HX-Request"):
        return "", 401, {"HX-Redirect": url_for("auth.sign_in")}
    if request.method in {"GET", "HEAD"} and "text/event-stream" not in request.headers.get("Accept", ""):
        return redirect(url_for("auth.sign_in", next=here))
    raise SignInNeeded("You were signed out, and nothing was sent. Sign in in another tab, then send again.")


def _whose_request() -> ResponseReturnValue | None:
    """The citizen of the request in the address, known by a tracking code that is still good."""
    number = int((request.view_args or {})["number"])
    person_id = following.followed_by(number, session.get(TRACKED, {}).get(str(number), 0))
    if person_id is None:
        return redirect(url_for("portal.track", number=number))
    g.actor = Actor(ActorKind.CITIZEN, person_id, language=language.current())
    return None


public = _wears("public", _anybody)
citizen = _wears("citizen", _whose_request)
agent = _wears("agent", _staff_who_may("use-desk"))
supervisor = _wears("supervisor", _staff_who_may("supervise"))
admin = _wears("admin", _staff_who_may("administer"))
machine = _wears("machine", _anybody)
"""For doors that read no cookie and check a token or a signature themselves; the only ones without CSRF."""


def guard_of(view: Callable[..., Any] | None) -> str:
    """The guard a view wears; empty for none."""
    return str(getattr(view, "_guard", ""))


def is_refusal(error: Exception) -> bool:
    """Whether an error is an ordinary answer and no fault of ours."""
    return isinstance(error, HelpdeskError) or (isinstance(error, HTTPException) and (error.code or 500) < 500)
