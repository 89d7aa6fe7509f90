"""What a monitoring system reports about services, by a call it signs; nothing is sent this way."""

from collections.abc import Iterable

from channels.message import InboundMessage
from channels.monitoring import proof
from channels.monitoring.parse import parse, signals
from channels.monitoring.settings import MonitoringSettings
from channels.port import Capabilities, Hook, Raw, Reported, Unreadable

LARGEST = 1024 * 1024
"""Bytes of a call; Alertmanager's largest groups have some hundred thousand."""


class Monitoring:
    """Prometheus Alertmanager's webhook and a plain form."""

    kind = "monitoring"
    label = "Monitoring"
    can = Capabilities(subject=True, html=False, attachments=False, answers=False)
    settings = MonitoringSettings

    def parse(self, raw: Raw | bytes) -> InboundMessage:
        """Understands a call as one message; raises Unreadable for what is none."""
        return parse(raw.body if isinstance(raw, Raw) else raw)

    def reported(self, raw: Raw | bytes) -> Iterable[Reported]:
        """Understands a call as signals; raises Unreadable for what is none."""
        return signals(raw.body if isinstance(raw, Raw) else raw)

    def verify(self, call: Hook, settings: MonitoringSettings) -> None:
        """Raises BadSignature where the caller is not proven."""
        proof.verify(call, settings)

    def receive(self, call: Hook, settings: MonitoringSettings) -> Iterable[Raw]:
        """The call as it came, which is understood later; junk is refused at once, so that its sender sees it."""
        if len(call.body) > LARGEST:
            raise Unreadable("the call is too large")
        signals(call.body)
        return [Raw(call.body, proof.name_of(call, settings))]


CHANNEL = Monitoring()
