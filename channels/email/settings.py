"""What an e-mail account needs to know; the fields make the admin form."""

from dataclasses import dataclass

from channels.port import setting


@dataclass(frozen=True)
class EmailSettings:
    """``smtp_url``: ``smtp://user:password@host:port?starttls=required``, ``smtps://…`` or ``file:///folder``."""

    smtp_url: str = setting("", "Outgoing mail server", "smtp://user:password@host:587?starttls=required", secret=True)
    timeout_seconds: int = setting(30, "Patience with the server", "Seconds until a silent server is tried again later")
