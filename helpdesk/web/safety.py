"""Safety of every answer: CSRF, headers, limits, proxies, the request's id."""

import hashlib
import ipaddress
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from helpdesk.config import Settings
from helpdesk.web.guards import guard_of

csrf = CSRFProtect()


def address() -> str:
    """Where the request comes from, as a hash: limits need to tell apart, not to know."""
    key = current_app.config["SETTINGS"].secret_key.encode()[:64]
    return hashlib.blake2b(_network(request.remote_addr or "").encode(), key=key, digest_size=12).hexdigest()


def _network(told: str) -> str:
    """An IPv6 line has 2^64 addresses to try from: they count as one."""
    try:
        found = ipaddress.ip_address(told)
    except ValueError:
        return ""
    return str(found if found.version == 4 else ipaddress.ip_network((found, 64), strict=False))


limiter = Limiter(key_func=address, headers_enabled=True, in_memory_fallback_enabled=True, strategy="moving-window")

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}


def register(app: Flask) -> None:
    """Puts every protection on the application."""
    settings: Settings = app.config["SETTINGS"]
    _configure(app, settings)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    csrf.init_app(app)
    limiter.init_app(app)
    app.before_request(_begin)
    app.before_request(_check_csrf)
    app.after_request(_with_headers)


def _configure(app: Flask, settings: Settings) -> None:
    redis = settings.redis_url
    app.config.update(
        SESSION_COOKIE_NAME="__Host-helpdesk" if settings.secure else "helpdesk",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # behind a proxy the Host is not ours to compare; the token and SameSite hold
        RATELIMIT_STORAGE_URI=f"redis+{redis}" if redis.startswith("unix://") else redis or "memory://",
        RATELIMIT_KEY_PREFIX="limit",
        SEND_FILE_MAX_AGE_DEFAULT=3_600,
    )


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    trusted = current_app.config["SETTINGS"].trusted_proxies and given.isalnum() and len(given) <= 64
    g.request_id = given if trusted else secrets.token_hex(8)


def _check_csrf() -> None:
    """Everywhere but at doors that read no cookie."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and guard_of(view) != "machine":
        csrf.protect()


def nonce() -> str:
    """This answer's nonce for our own small scripts."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def policy() -> str:
    """The Content-Security-Policy of a page: our own files, no inline but by nonce, nobody's frame."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce()}'",
            "style-src 'self'",
            f"img-src 'self' data:{_host_of_files()}",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def _host_of_files() -> str:
    """Pictures that citizens sent may stand on a host of their own."""
    url: str = current_app.config["SETTINGS"].attachments_url
    return " {0.scheme}://{0.netloc}".format(urlsplit(url)) if url else ""


def _with_headers(response: Response) -> Response:
    """A view that sets one of these itself (attachments: a sandbox) keeps its own."""
    for name, value in FIXED_HEADERS.items():
        if name != "X-Frame-Options" or "framed" not in g:  # such a page names in its policy who may frame it
            response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", policy())
    response.headers.setdefault("X-Request-Id", g.get("request_id", ""))
    if current_app.config["SETTINGS"].secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    _say_how_long_to_keep(response)
    return response


def _say_how_long_to_keep(response: Response) -> None:
    """Files named by their content for ever; what may hold a person's data never."""
    if request.endpoint == "static":
        if request.args.get("v") and response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif session or request.method == "POST" or response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
    else:
        response.headers.setdefault("Cache-Control", "private, no-cache")
