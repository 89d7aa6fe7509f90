"""Typed settings from the environment; a bad or missing one is named in one clear line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class BadSetting(ValueError):
    """A setting that cannot be used; the text names it and says what is expected."""


def _setting(name: str, text: str, default: Any = "", secret: bool = False) -> Any:
    return field(default=default, metadata={"name": name, "help": text, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """What the operator decides outside the database. Printed by ``helpdesk settings``."""

    database_url: str = _setting("DATABASE_URL", "PostgreSQL 16 or newer, postgresql://…", secret=True)
    redis_url: str = _setting("REDIS_URL", "Valkey or Redis, redis://… or unix://…", secret=True)
    public_base_url: str = _setting(
        "PUBLIC_BASE_URL", "the address citizens see, https://help.example.org", "http://127.0.0.1:8000"
    )
    secret_key: str = _setting("SECRET_KEY", "signs cookies, links and codes; 32 characters or more", secret=True)
    old_secret_keys: tuple[str, ...] = _setting(
        "OLD_SECRET_KEYS", "earlier SECRET_KEYs still accepted, by commas", (), secret=True
    )
    channel_keys: tuple[str, ...] = _setting(
        "CHANNEL_KEYS", "Fernet keys for channel secrets, newest first, by commas", (), secret=True
    )
    smtp_url: str = _setting("SMTP_URL", "outgoing mail: smtp://…, smtps://… or file:///folder", secret=True)
    private_hosts: tuple[str, ...] = _setting(
        "PRIVATE_HOSTS", "hosts and networks in private ranges that administrators may connect us to, by commas", ()
    )
    receive_host: str = _setting("RECEIVE_HOST", "where the mail receiver listens", "127.0.0.1")
    receive_port: int = _setting("RECEIVE_PORT", "port of the mail receiver", 2525)
    receive_protocol: str = _setting("RECEIVE_PROTOCOL", "what the mail receiver speaks: smtp or lmtp", "smtp")
    receive_certificate: str = _setting("RECEIVE_CERTIFICATE", "PEM file with key and chain, turns STARTTLS on")
    trusted_mail_host: str = _setting("TRUSTED_MAIL_HOST", "authserv-id whose Authentication-Results count")
    spam_score: float = _setting("SPAM_SCORE", "a spam filter's score from which mail waits in the spam queue", 8.0)
    acknowledgement_limit: int = _setting(
        "ACKNOWLEDGEMENT_LIMIT",
        "acknowledgements to unproven strangers in ten minutes, beyond which they wait for review; 0: never",
        1000,
    )
    trusted_proxies: int = _setting("TRUSTED_PROXIES", "how many proxies in front may set X-Forwarded-*", 0)
    data_dir: Path = _setting("DATA_DIR", "folder of attachments, sink and embedded servers", Path("var"))
    attachments_url: str = _setting("ATTACHMENTS_URL", "another host of ours that serves attachments and nothing else")
    attachments_store: str = _setting(
        "ATTACHMENTS_STORE", "object store of attachments, s3://bucket/prefix; empty: files under DATA_DIR"
    )
    clamd: str = _setting("CLAMD", "virus scanner that speaks clamd's protocol: host:port, or the path of a socket")
    metrics_token: str = _setting("METRICS_TOKEN", "Bearer token of /metrics", secret=True)
    twilio_base_url: str = _setting(
        "TWILIO_BASE_URL", "carrier of telephone accounts that name none; empty: https://api.twilio.com"
    )
    body_name: str = _setting("BODY_NAME", "name of the public body on pages and in mails", "")
    answer_provider_url: str = _setting(
        "ANSWER_PROVIDER_URL",
        "language model that may word the bot's passages (chat completions), https://…/v1",
    )
    answer_provider_model: str = _setting("ANSWER_PROVIDER_MODEL", "name of the model to ask it for")
    answer_provider_token: str = _setting("ANSWER_PROVIDER_TOKEN", "Bearer token for it", secret=True)
    transcriber_url: str = _setting(
        "TRANSCRIBER_URL",
        "machine that writes recordings of calls down (audio transcriptions), https://…/v1",
    )
    transcriber_model: str = _setting("TRANSCRIBER_MODEL", "name of the model to ask it for")
    transcriber_token: str = _setting("TRANSCRIBER_TOKEN", "Bearer token for it", secret=True)
    transcriber_languages: tuple[str, ...] = _setting(
        "TRANSCRIBER_LANGUAGES", "languages that it really knows, by comma: el,en; none of any other is sent", ()
    )
    clock_shift: str = _setting("HELPDESK_NOW", "shifts the clock of a demo body, +3d (helpdesk.clock reads it)")

    @property
    def secure(self) -> bool:
        """Whether citizens reach us over TLS (decides cookies and HSTS)."""
        return urlsplit(self.public_base_url).scheme == "https"


def _read(kind: type, name: str, text: str) -> Any:
    try:
        if kind is tuple:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        return kind(text)
    except ValueError:
        raise BadSetting(f"{name}={text!r} is not a {kind.__name__}") from None


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; raises BadSetting that names the first bad one."""
    source = os.environ if environment is None else environment
    given: dict[str, Any] = {}
    for item in fields(Settings):
        name = item.metadata["name"]
        if source.get(name):
            given[item.name] = _read(type(item.default), name, source[name])
    settings = Settings(**given)
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    base = urlsplit(settings.public_base_url)
    if base.scheme not in {"http", "https"} or not base.netloc:
        raise BadSetting("PUBLIC_BASE_URL must be a whole address such as https://help.example.org")
    _check_attachments(settings.attachments_url, base.netloc)
    if settings.receive_protocol not in {"smtp", "lmtp"}:
        raise BadSetting("RECEIVE_PROTOCOL must be smtp or lmtp")
    if settings.secret_key and len(settings.secret_key) < 32:
        raise BadSetting("SECRET_KEY must have 32 characters or more")
    if settings.database_url and urlsplit(settings.database_url).scheme.split("+")[0] != "postgresql":
        raise BadSetting("DATABASE_URL must begin with postgresql://")


def _check_attachments(address: str, own: str) -> None:
    parts = urlsplit(address)
    whole = parts.scheme in {"http", "https"} and parts.netloc and not parts.path.strip("/") and not parts.query
    if address and (not whole or parts.netloc == own):
        raise BadSetting(
            "ATTACHMENTS_URL must be a host other than PUBLIC_BASE_URL's, such as https://files.example.org"
        )
