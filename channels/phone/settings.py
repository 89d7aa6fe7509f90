"""What a telephone account needs: where the carrier is, who we are there, and with which voices we speak."""

from dataclasses import dataclass
from datetime import datetime

from channels.port import provided, setting

_ACCOUNT, _VOICES = "Account", "Voices"


@dataclass(frozen=True)
class PhoneSettings:
    """``previous`` still proves hooks until ``previous_until`` (ISO 8601), so that a secret changes without a gap.

    Voices are the carrier's names for them and differ from one to the next.
    """

    account_sid: str = setting("", "Account at the carrier", "Begins with AC", group=_ACCOUNT)
    base_url: str = setting(
        "", "Address of the carrier", "Empty for Twilio; any other that speaks the same", group=_ACCOUNT
    )
    auth_token: str = setting("", "Secret of the account", secret=True, group=_ACCOUNT)
    previous: str = setting("", "Secret before it", secret=True, group=_ACCOUNT)
    previous_until: str = setting("", "Until when the secret before it counts", group=_ACCOUNT)
    voice_el: str = setting("Google.el-GR-Standard-B", "Greek voice", group=_VOICES)
    voice_en: str = setting("Google.en-GB-Standard-A", "English voice", group=_VOICES)
    carrier_url: str = provided("")
    public_base_url: str = provided("")
    moment: datetime | None = provided(None)
