"""Synthetic history for benchmarks, loaded in bulk."""

from helpdesk.services.seeding.planting import Sown, sow

__all__ = ["Sown", "sow"]
