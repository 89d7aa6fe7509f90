"""What templates can say: words, dates, addresses, icons, who looks at the page and what they may."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import phonenumbers
from flask import Flask, current_app, request, session
from jinja2 import BaseLoader, ChoiceLoader, PackageLoader, PrefixLoader
from jinja2.utils import urlize
from markupsafe import Markup, escape

from helpdesk import background, clock, i18n
from helpdesk.permissions import may
from helpdesk.services import body, selfhelp
from helpdesk.web import language, markdown
from helpdesk.web.assets import static_url
from helpdesk.web.guards import current_actor
from helpdesk.web.safety import nonce

GOVUK = "govuk_frontend_jinja"


def register(app: Flask) -> None:
    """Puts all of it into the application's templates."""
    loaders: list[BaseLoader] = [PrefixLoader({GOVUK: PackageLoader(GOVUK)})]
    if app.jinja_loader is not None:
        loaders.insert(0, app.jinja_loader)
    app.jinja_loader = ChoiceLoader(loaders)
    jinja = app.jinja_env
    jinja.trim_blocks = jinja.lstrip_blocks = True
    jinja.add_extension("jinja2.ext.i18n")
    jinja.install_gettext_callables(say, say_many, newstyle=True)  # type: ignore[attr-defined]
    jinja.filters.update(_filters())
    jinja.globals.update(static_url=static_url, csp_nonce=nonce, icon=icon, may=_may, elsewhere=language.elsewhere)
    app.context_processor(_everywhere)


def say(message: str, **values: Any) -> str:
    """The message in the page's language; ``values`` fill ``%(name)s``."""
    found = i18n.gettext(language.current(), message)
    return found % values if values else found


def say_many(one: str, many: str, count: int, **values: Any) -> str:
    """The form of the message that fits the number, in the page's language."""
    found = i18n.ngettext(language.current(), one, many, count)
    return found % {"num": count, **values} if values else found


def _filters() -> Mapping[str, Any]:
    return {
        "day": lambda at: i18n.day(at, language.current()),
        "moment": lambda at: i18n.moment(at, language.current()),
        "clock_time": lambda at: i18n.clock_time(at, language.current()),
        "duration": lambda length: i18n.duration(_length(length), language.current()),
        "pick": lambda texts: i18n.pick(texts or {}, language.current()),
        "picked_language": _picked_language,
        "said": say,
        "linked": _linked,
        "telephone": _telephone,
        "iso": datetime.isoformat,
        "markdown": markdown.render,
    }


def _length(length: timedelta | float) -> timedelta:
    return length if isinstance(length, timedelta) else timedelta(seconds=length)


def _picked_language(texts: Mapping[str, str]) -> str:
    """In which language `pick` answers, for the attribute ``lang``."""
    wished = language.current()
    return wished if texts.get(wished) else next((code for code, text in texts.items() if text), wished)


def _telephone(number: str) -> str:
    """A number in E.164 as people of that country read it; any other text as it is."""
    try:
        read = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def icon(name: str, label: str = "", size: int = 20) -> Markup:
    """An outline icon; with a label it has a name for screen readers, without one it is decoration."""
    return _drawn(name, label, size, static_url("vendor/lucide/icons.svg"))


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str, size: int, sprite: str) -> Markup:
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(
        '<svg class="icon" width="{0}" height="{0}" {1} focusable="false"><use href="{2}#{3}"/></svg>'
    ).format(size, told, sprite, name)


_ADDRESS = re.compile(r"://|@|\.\w")


def _linked(text: str) -> Markup:
    """What somebody wrote, its addresses made links; most texts hold none, which is soon seen."""
    if not _ADDRESS.search(text):
        return escape(text)
    return Markup(urlize(text, rel="noreferrer noopener nofollow", target="_blank"))  # noqa: S704 - escapes by itself


def _may(verb: str, thing: Any = None) -> bool:
    return may(current_actor(), verb, thing)


def _everywhere() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    return {
        "language": language.current(),
        "languages": i18n.LANGUAGES,
        "actor": current_actor(),
        "body_name": body.name(language.current()) or say("Help desk"),
        "fictional": body.is_fictional(),
        "public_base_url": settings.public_base_url.rstrip("/"),
        "now": clock.now(),
        "theme": current_app.config.get("THEME", "neutral"),
        "signed_in": "_user_id" in session,
        "current_outages": _current_outages,
        "here": request.path,
        "delayed": background.is_delayed(),
    }


def _current_outages() -> Any:
    """Read only by layouts that show the banner."""
    return selfhelp.outages(clock.now())
