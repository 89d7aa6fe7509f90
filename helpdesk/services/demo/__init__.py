"""The demo body: a fictional municipality with the past of some weeks."""

from helpdesk.services.demo.making import DAYS, is_demo, make

__all__ = ["DAYS", "is_demo", "make"]
