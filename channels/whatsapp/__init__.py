"""WhatsApp by the body's carrier: free words for a day after the citizen wrote, approved ones at any time."""

from typing import ClassVar

from channels.texting import Texting


class WhatsApp(Texting):
    """WhatsApp."""

    kind = "whatsapp"
    label = "WhatsApp"
    prefix: ClassVar[str] = "whatsapp:"


CHANNEL = WhatsApp()
