"""Short messages of the telephone network (SMS): in and out by the body's carrier."""

from channels.texting import Texting


class Sms(Texting):
    """Short messages."""

    kind = "sms"
    label = "SMS"


CHANNEL = Sms()
