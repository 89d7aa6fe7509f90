"""What an e-mail account needs to know; the fields make the admin form."""

from dataclasses import dataclass
from datetime import datetime

from channels.port import Dial, dial, provided, setting

OUT, IN, TOKEN, HOOK = "Outgoing mail", "Mailbox (IMAP)", "Sign-in by token (OAuth 2)", "Mail by webhook"
"""The groups of the form."""


@dataclass(frozen=True)
class EmailSettings:
    """``smtp_url``: ``smtp://user:password@host:port?starttls=required``, ``smtps://…`` or ``file:///folder``.

    ``imap_url`` is ``imaps://host[:port]`` or ``imap://host[:port]`` (STARTTLS where the server is not this machine).
    """

    smtp_url: str = setting(
        "", "Outgoing mail server", "smtp://user:password@host:587?starttls=required", secret=True, group=OUT
    )
    timeout_seconds: int = setting(
        30, "Patience with the server", "Seconds until a silent server is tried again later", group=OUT
    )
    per_minute: int = setting(
        0, "Letters a minute to one domain", "0 is no limit; some providers take only so many", group=OUT
    )
    imap_url: str = setting(
        "", "Mail server to read from", "imaps://imap.example.org; empty when mail comes another way", group=IN
    )
    imap_user: str = setting("", "User name", "Often the address itself", group=IN)
    imap_password: str = setting("", "Password", "Not needed with a token", secret=True, group=IN)
    imap_folders: str = setting("INBOX", "Folders", "By commas, as the server names them", group=IN)
    imap_days: int = setting(
        7, "Days to look back at the start", "Older mail that lies there already is left alone", group=IN
    )
    token_url: str = setting(
        "", "Token endpoint",
        "Microsoft 365: https://login.microsoftonline.com/TENANT/oauth2/v2.0/token; Google: "
        "https://oauth2.googleapis.com/token",
        group=TOKEN,
    )  # fmt: skip
    token_scope: str = setting(
        "", "Scope", "Microsoft 365: https://outlook.office365.com/.default; Google: https://mail.google.com/",
        group=TOKEN,
    )  # fmt: skip
    client_id: str = setting("", "Client id", "Of the application registered with the provider", group=TOKEN)
    client_secret: str = setting("", "Client secret", "", secret=True, group=TOKEN)
    refresh_token: str = setting(
        "", "Refresh token", "Empty where the application signs in by itself", secret=True, group=TOKEN
    )
    hook_key: str = setting(
        "", "Verification key", "The provider's public key (SendGrid: Signature Verification); checks every call",
        group=HOOK,
    )  # fmt: skip
    hook_token: str = setting(
        "",
        "Secret word of the address",
        "20 letters or more; for providers that do not sign",
        secret=True,
        group=HOOK,
    )  # fmt: skip
    access_token: str = provided("")
    moment: datetime | None = provided(None)
    dial: Dial = provided(dial)
