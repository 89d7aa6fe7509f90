"""Which language a page speaks: citizens' addresses say it, elsewhere the cookie, the person, the browser."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, g, request, url_for

from helpdesk import i18n

COOKIE = "language"
PREFIX = "/<any(el,en):language>"
"""Put before the address of every page for citizens."""


def localise(blueprint: Blueprint) -> Blueprint:
    """Gives the blueprint's pages their language in the address; views neither get nor pass it."""

    @blueprint.url_value_preprocessor
    def read(endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "language" in values:
            g.language = values.pop("language")

    @blueprint.url_defaults
    def write(endpoint: str, values: dict[str, Any]) -> None:
        values.setdefault("language", current())

    return blueprint


def current() -> str:
    """The language of this request."""
    if "language" not in g:
        g.language = i18n.chosen(*_wishes())
    return str(g.language)


def _wishes() -> list[str | None]:
    told = [_of_path(), request.args.get("language"), request.cookies.get(COOKIE)]
    return [*told, g.get("preferred_language"), request.accept_languages.best_match(list(i18n.LANGUAGES))]


def _of_path() -> str | None:
    """What an address below /el or /en says, also where no page is there."""
    first = request.path.split("/", 2)[1]
    return first if first in i18n.LANGUAGES else None


def prefer(language: str) -> None:
    """The signed-in person's own choice; an explicit switch in the browser wins."""
    g.preferred_language = language
    if "language" in g and not (request.view_args and "language" in request.view_args):
        g.language = i18n.chosen(*_wishes())


def elsewhere() -> list[tuple[str, str, str]]:
    """This page in every language, as (code, name, address): the switch and hreflang."""
    return [(code, name, _same_page(code)) for code, name in i18n.LANGUAGES.items()]


def _same_page(code: str) -> str:
    arguments = {name: value for name, value in request.args.items(multi=False) if name not in {"language", "code"}}
    endpoint = request.endpoint or "portal.home"
    if request.routing_exception is not None or not request.endpoint:
        return url_for("portal.home", language=code)
    if request.blueprint and _is_prefixed():
        return url_for(endpoint, **{**(request.view_args or {}), **arguments, "language": code})
    return f"{request.path}?{urlencode({**arguments, 'language': code})}"


def _is_prefixed() -> bool:
    return request.url_rule is not None and request.url_rule.rule.startswith(PREFIX)


def register(app: Flask) -> None:
    """Keeps an explicit choice in a cookie."""

    @app.after_request
    def keep(response: Response) -> Response:
        wish = request.args.get("language")
        if wish in i18n.LANGUAGES:
            secure = bool(app.config["SESSION_COOKIE_SECURE"])
            response.set_cookie(COOKIE, wish, max_age=31_536_000, secure=secure, httponly=True, samesite="Lax")
        return response
