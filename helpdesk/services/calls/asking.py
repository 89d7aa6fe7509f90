"""Somebody who waits asks to be called back instead: a request with a promise, the place in the line kept in mind."""

from datetime import datetime, timedelta

from helpdesk.models.calls import Call
from helpdesk.permissions import SYSTEM
from helpdesk.services import callbacks
from helpdesk.services.calls import hours, records
from helpdesk.vocabulary import PromiseOrigin

WITHIN = timedelta(hours=2)
"""Opening hours within which we call back."""


def call_back(call: Call, at: datetime) -> int:
    """The request with its promise; its number."""
    call.other, shown = call.entered or call.other, call.other
    number = records.open_one(call, records.CALL_BACK, records.CALL_BACK_TEXT, at)
    call.other = shown or call.other
    calendar = hours.calendar_of(None, call.department_id)
    begins = calendar.next_opening(at)
    ends = calendar.after(begins, WITHIN)
    phone = call.entered or call.other or ""
    callbacks.promise(SYSTEM, number, max(begins, at), ends, phone=phone, origin=PromiseOrigin.QUEUE, at=at)
    return number
