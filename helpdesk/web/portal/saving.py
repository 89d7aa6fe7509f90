"""Saving a form to go on later: by its button with a link, quietly while somebody types."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import Invalid
from helpdesk.services import drafts
from helpdesk.web import language
from helpdesk.web.contact import is_mail
from helpdesk.web.guards import public
from helpdesk.web.portal import fields
from helpdesk.web.portal.asking import service_of, show
from helpdesk.web.portal.doors import portal
from helpdesk.web.portal.fields import Filled
from helpdesk.web.safety import limiter
from helpdesk.web.templating import say


@portal.post("/ask/<key>/save")
@public
@limiter.limit("40/minute")
def ask_save(key: str) -> ResponseReturnValue:
    """Keeps what was typed, complete or not. A script is answered in JSON; a person gets the link, by e-mail too."""
    service, at = service_of(key), clock.now()
    own = [item["name"] for item in service.fields] if service else []
    values = {name: value for name, value in fields.typed([*fields.LONGEST, *own]).items() if value}
    try:
        token = drafts.save(request.form.get("draft", "")[:100], service.key if service else "", values, at)
    except Invalid as error:
        return show(service, key, Filled(values, errors={"description": say(error.detail)}))
    if request.accept_mimetypes.best == "application/json":
        return {"draft": token, "saved": say("Saved %(time)s", time=i18n.clock_time(at, language.current()))}
    sent = _mail(key, token, values.get("email", ""))
    return redirect(url_for("portal.ask_saved", key=key, draft=token, sent="1" if sent else None), 303)


def _mail(key: str, token: str, email: str) -> bool:
    if not email or not is_mail(email):
        return False
    path = url_for("portal.ask_form", key=key, draft=token)
    return drafts.send_link(token, path, email, language.current(), clock.now())


@portal.get("/ask/<key>/saved")
@public
def ask_saved(key: str) -> ResponseReturnValue:
    """The way back to the form, and until when it is there."""
    token = request.args.get("draft", "")
    kept = drafts.find(token, clock.now()) if token else None
    if kept is None:
        abort(404)
    email = kept.values.get("email", "") if request.args.get("sent") else ""
    return render_template("portal/saved.html", key=key, draft=token, kept=kept, email=email, service=service_of(key))
