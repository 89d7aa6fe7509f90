"""The demo body: a fictional municipality with the past of some weeks."""

from helpdesk.services.demo.making import is_demo, make

__all__ = ["is_demo", "make"]
