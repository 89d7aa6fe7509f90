"""Somebody who waits asks to be called back instead: a request with a promise, and their place in the line with it."""

from datetime import datetime

from helpdesk.models.calls import Call
from helpdesk.services import callbacks, slots
from helpdesk.services.calls import records
from helpdesk.vocabulary import PromiseOrigin


def rings(number: str | None) -> str:
    """The number in E.164 where this body would ring it; else empty."""
    return slots.reachable(number, slots.brakes().countries) if number else ""


def call_back(call: Call, at: datetime) -> int:
    """The request with its promise; its number. Who is promised a call already gets no second one."""
    phone = call.entered or call.other or ""
    if promised := callbacks.promised_to(phone):
        call.ticket_id = promised
        return promised
    shown, call.other = call.other, phone
    number = records.open_one(call, records.CALL_BACK, records.CALL_BACK_TEXT, at)
    call.other = shown or phone
    since = call.queued_at or at
    callbacks.keep_place(number, call.department_id, phone, since, PromiseOrigin.QUEUE, at=at)
    return number
