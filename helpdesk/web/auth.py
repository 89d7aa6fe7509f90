"""Sign in and out, the list of one's sessions, passwords, the first administrator."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid, NotFound
from helpdesk.services import access, presence
from helpdesk.services.access import Profile, TooSoon
from helpdesk.web import language
from helpdesk.web.guards import agent, current_actor, public
from helpdesk.web.safety import address, limiter
from helpdesk.web.templating import say

auth = Blueprint("auth", __name__, url_prefix="/auth")


def _(message: str) -> str:
    """Marks a message for translation; who shows it translates it."""
    return message


SENT = _("If this address belongs to somebody who works here, a link is on its way. It works for one hour.")
SAVED = _("Your choices were saved.")


SYSTEMS = {name: name for name in ("Windows", "Android", "iPhone", "iPad")} | {"Mac OS": "macOS", "Linux": "Linux"}
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}


def browser_name(agent: str) -> str:
    """A browser in words a person knows: ``Firefox, Windows``; what we do not know as it calls itself."""
    found = (next((name for mark, name in known.items() if mark in agent), "") for known in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, found)) or agent[:40]


def _show(name: str, error: HelpdeskError | None = None, **values: object) -> ResponseReturnValue:
    """A form's page; after a refusal with the sentence and, beside each field, what to do."""
    page = render_template(f"auth/{name}.html", problem=_told(error), fields=error.fields if error else {}, **values)
    later = {"Retry-After": str(_seconds(error))} if isinstance(error, TooSoon) else {}
    return page, error.status if error else 200, later


def _seconds(error: TooSoon) -> int:
    return int(error.wait.total_seconds()) + 1


def _told(error: HelpdeskError | None) -> str:
    if isinstance(error, TooSoon):
        told = _("There were several failed tries. Please wait %(seconds)s seconds and try again.")
        return say(told, seconds=_seconds(error))
    return say(error.detail) if error else ""


def _inside(wish: str) -> str:
    """Where to go after the sign-in: only a path of ours (no address, no ``//host``, no backslash)."""
    parts = urlsplit(wish)
    safe = wish.startswith("/") and not wish.startswith("//") and "\\" not in wish and wish.isprintable()
    return wish if safe and not parts.netloc and not parts.scheme else "/desk"


def _enter(token: str) -> None:
    """A fresh browser session: nothing of the one before stays, so a planted cookie gains nothing."""
    session.clear()
    session["_user_id"], session["_fresh"] = token, True
    session.permanent = True


@auth.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The sign-in page."""
    if current_user.is_authenticated:
        return redirect(_inside(request.args.get("next", "")))
    return _show("sign_in", next=request.args.get("next", ""), email="")


@auth.post("/sign-in")
@public
@limiter.limit("30/minute")
def enter() -> ResponseReturnValue:
    """Takes e-mail address and password."""
    email, wish = request.form.get("email", "")[:300], request.form.get("next", "")
    browser = request.user_agent.string
    try:
        token = access.sign_in(email, request.form.get("password", ""), address=address(), browser=browser)
    except (Invalid, TooSoon) as error:
        return _show("sign_in", error, next=wish, email=email)
    _enter(token)
    return redirect(_inside(wish), 303)


@auth.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """Ends this browser's session; asks nobody who is not signed in."""
    if current_user.is_authenticated:
        access.revoke_session(current_user.actor, current_user.signed_in.session_id, clock.now())
        presence.leave(current_user.actor.id, clock.now())
    session.clear()
    return redirect(url_for("auth.sign_in"), 303)


@auth.get("/account")
@agent
def account() -> ResponseReturnValue:
    """One's own language, signature, password, and where one is signed in."""
    return _account()


def _account(error: HelpdeskError | None = None, given: Profile | None = None) -> ResponseReturnValue:
    actor, shown = current_actor(), {"this": current_user.signed_in.session_id, "email": current_user.signed_in.email}
    mine = access.sessions_of(current_user.actor.id, clock.now())
    return _show(
        "account", error, sessions=mine, browser=browser_name, profile=given or access.profile_of(actor), **shown
    )


@auth.post("/account")
@agent
def change_account() -> ResponseReturnValue:
    """Keeps language and signature; the choice made here replaces what the browser's switch said."""
    given = Profile(request.form.get("language", ""), request.form.get("signature", ""))
    try:
        access.change_profile(current_actor(), given)
    except Invalid as error:
        return _account(error, given)
    flash(i18n.gettext(given.language, SAVED))
    response = redirect(url_for("auth.account"), 303)
    response.delete_cookie(language.COOKIE)
    return response


@auth.post("/sessions/<int:id>/revoke")
@agent
def revoke(id: int) -> ResponseReturnValue:
    """Ends one of one's sessions."""
    access.revoke_session(current_actor(), id, clock.now())
    return redirect(url_for("auth.account"), 303)


@auth.post("/sign-out-everywhere")
@agent
def sign_out_everywhere() -> ResponseReturnValue:
    """Ends all of one's sessions, this one too."""
    access.revoke_all(current_user.actor.id, clock.now())
    presence.leave(current_user.actor.id, clock.now())
    session.clear()
    return redirect(url_for("auth.sign_in"), 303)


@auth.post("/password")
@agent
@limiter.limit("10/minute")
def change_password() -> ResponseReturnValue:
    """A new password after telling the present one; this browser stays signed in."""
    at, actor = clock.now(), current_user.actor
    try:
        access.change_password(actor, request.form.get("present", ""), request.form.get("password", ""), at)
    except Invalid as error:
        return _account(error)
    _enter(access.open_session(actor.id, request.user_agent.string, at))
    flash(say("Your password was changed. All other browsers were signed out."))
    return redirect(url_for("auth.account"), 303)


@auth.get("/forgotten")
@public
def forgotten() -> ResponseReturnValue:
    """Asks where to send the link."""
    return _show("forgotten", sent="")


@auth.post("/forgotten")
@public
@limiter.limit("5/minute;20/hour")
def send_link() -> ResponseReturnValue:
    """Always the same answer, whoever asks for whom."""
    access.request_reset(request.form.get("email", "")[:300], clock.now())
    return _show("forgotten", sent=SENT)


@auth.get("/new-password/<token>")
@public
def new_password(token: str) -> ResponseReturnValue:
    """The page behind the link; looking at it does not use it up (mail scanners look)."""
    return _show("new_password", good=access.reset_is_good(token, clock.now()))


@auth.post("/new-password/<token>")
@public
@limiter.limit("10/minute")
def set_password(token: str) -> ResponseReturnValue:
    """Sets the password and signs in."""
    at = clock.now()
    try:
        person_id = access.reset_password(token, request.form.get("password", ""), at)
    except Invalid as error:
        return _show("new_password", error, good=access.reset_is_good(token, at))
    _enter(access.open_session(person_id, request.user_agent.string, at))
    return redirect("/desk", 303)


@auth.get("/first")
@public
def first() -> ResponseReturnValue:
    """The first administrator of an empty installation."""
    if not access.needs_first_administrator():
        raise NotFound("This step is over, or the link is not the newest one.")
    return _show("first", token=request.args.get("token", ""), given={})


@auth.post("/first")
@public
@limiter.limit("10/minute")
def make_first() -> ResponseReturnValue:
    """Makes the administrator and signs in."""
    given, at = request.form, clock.now()
    told = {name: given.get(name, "")[:300] for name in ("token", "name", "email", "password")}
    try:
        person_id = access.make_first_administrator(**told, at=at, language=language.current())
    except Invalid as error:
        return _show("first", error, token=given.get("token", ""), given=given)
    _enter(access.open_session(person_id, request.user_agent.string, at))
    return redirect("/admin", 303)
