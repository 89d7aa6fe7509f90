"""Sending a request: find the service, fill in its form, be told the number."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from helpdesk import clock, i18n
from helpdesk.services import catalogue, drafts, forms, problems, selfhelp
from helpdesk.services.access.secrets import new_token
from helpdesk.services.forms import Form
from helpdesk.web import language
from helpdesk.web.contact import phone
from helpdesk.web.guards import public
from helpdesk.web.portal import fields, keyring
from helpdesk.web.portal.doors import portal
from helpdesk.web.portal.fields import Filled
from helpdesk.web.safety import limiter

_STAYS = {"Cache-Control": "private, no-cache"}
"""An empty form holds nothing private, and only then do browsers bring back what was typed when somebody goes back."""

OTHER = "other"
"""The address of the form for whoever finds no service, or does not know."""


@portal.get("/ask")
@public
def ask() -> ResponseReturnValue:
    """All services by department; with ``q`` those that fit the words, and what can be read about them."""
    words = request.args.get("q", "").strip()[:200]
    found = selfhelp.find_services(words)[:8] if words else []
    articles = selfhelp.search_articles(words, 5) if words else []
    known = problems.told_of(words) if words else []
    return render_template(
        "portal/ask.html", q=words, found=found, articles=articles, known=known, groups=_by_department()
    )


def _by_department() -> list[tuple[Any, list[Any]]]:
    departments = catalogue.departments()
    services = [service for service in catalogue.services() if service.key != OTHER]
    grouped = [(one, [item for item in services if item.department_id == one.id]) for one in departments]
    return [(department, offered) for department, offered in grouped if offered]


@portal.get("/ask/<key>")
@public
def ask_form(key: str) -> ResponseReturnValue:
    """A service's form, empty or as its draft was left."""
    if successor := _successor(key):
        return redirect(url_for("portal.ask_form", key=successor))
    draft = request.args.get("draft", "")
    kept = drafts.find(draft, clock.now()) if draft else None
    values: dict[str, str] = {"language": language.current(), **(kept.values if kept else {})}
    page, status = show(
        service_of(key), key, Filled(values), draft=draft if kept else "", lost=bool(draft and not kept)
    )
    return page, status, {} if draft else _STAYS


def _successor(key: str) -> str | None:
    """The service that takes requests instead of one that takes none any more."""
    row, known = catalogue.service(key), catalogue.current().services
    place = catalogue.instead(known, row.id, lambda one: one.phase == "live") if row else None
    return str(known[place].key) if row and place is not None and place != row.id else None


def service_of(key: str) -> Any | None:
    """The service of that key that takes requests, None for none in particular; else not found."""
    found = next((item for item in catalogue.services() if item.key == key), None)
    if found is None and key != OTHER:
        raise NotFound
    return found


def show(service: Any | None, key: str, filled: Filled, *, draft: str = "", lost: bool = False) -> tuple[str, int]:
    """The form with what was typed and, where something is wrong, the complaints."""
    page = render_template(
        "portal/form.html",
        key=key,
        service=service,
        department=catalogue.current().departments.get(service.department_id) if service else None,
        articles=selfhelp.articles_of(service.id) if service else [],
        known=problems.public(service.id) if service else [],
        own=service.fields if service else [],
        values=filled.values,
        problem=filled.errors,
        had_files=bool(request.files.getlist("files")) and request.files.getlist("files")[0].filename,
        form_key=_form_key(),
        draft=draft,
        lost=lost,
        limits=fields,
    )
    return page, 422 if filled.errors else 200


def _form_key() -> str:
    """The page's own random word; it stays while the form is corrected."""
    given = request.form.get("form_key", "")
    return given if 16 <= len(given) <= 100 and given.isascii() else new_token()


@portal.post("/ask/<key>")
@public
@limiter.limit("30/minute;300/hour")
def ask_send(key: str) -> ResponseReturnValue:
    """Takes the request, or shows what is wrong with it; told twice, it is one request."""
    service = service_of(key)
    filled = fields.request_of(service)
    draft = request.form.get("draft", "")[:100]
    if filled.errors:
        return show(service, key, filled, draft=draft)
    opened = forms.submit(_form(service, filled))
    drafts.discard(draft)
    keyring.remember(opened.number, opened.tracking_version)
    return redirect(url_for("portal.track_received", number=opened.number), 303)


def _form(service: Any | None, filled: Filled) -> Form:
    values = filled.values
    own = {item["name"]: values[item["name"]] for item in service.fields if values[item["name"]]} if service else {}
    return Form(
        key=_key(_form_key(), values, [file.name for file in filled.files]),
        subject=values["subject"],
        description=values["description"],
        name=values["name"],
        email=values["email"].lower(),
        phone=phone(values["phone"]),
        language=i18n.chosen(values["language"]),
        service=service.key if service else "",
        fields=own,
        files=filled.files,
        on_behalf_of=_behalf(values),
    )


def _behalf(values: Mapping[str, str]) -> dict[str, str]:
    """For whom it is asked, where that is somebody else."""
    told = {"name": values["behalf_name"], "email": values["behalf_email"].lower()}
    return told if told["name"] else {}


def _key(form_key: str, values: Mapping[str, str], files: Sequence[str]) -> str:
    """The page and what it said: who goes back, writes something else and sends again, asks for something else."""
    told = json.dumps([form_key, dict(values), list(files)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
