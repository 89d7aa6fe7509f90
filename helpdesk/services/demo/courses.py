"""The courses that requests of the demo take: asked, taken, answered, waited for, handed on, ended, taken up again."""

from datetime import timedelta

from helpdesk.errors import Invalid
from helpdesk.services import accounts, inbox, replies, tickets
from helpdesk.services.demo import procedures
from helpdesk.services.demo.life import Life
from helpdesk.services.demo.stage import Stage, Story
from helpdesk.services.demo.words import say
from helpdesk.services.inbox import Incoming
from helpdesk.vocabulary import ChannelKind, Status


def ordinary(life: Life) -> Story:
    """From the first word to the end; each part may last, go wrong or be left undone."""
    yield from _asked(life)
    yield from _sorted(life)
    yield life.worked(10, 240)
    life.choose_agent()
    tickets.take(life.agent, life.number, at=life.now)
    yield life.worked(2, 45)
    yield from _worked_on(life)
    yield from _ended(life)
    yield from _taken_up_again(life)


def _asked(life: Life) -> Story:
    kind = life.chance.choices(("mail", "form", "phone", "counter"), (50, 28, 14, 8))[0]
    if kind == "mail":
        life.by_mail()
    elif kind == "form":
        life.by_form()
    else:
        yield life.stage.calendars["call-center"].after(life.now, timedelta(minutes=1))
        life.in_person(ChannelKind.PHONE if kind == "phone" else ChannelKind.COUNTER)


def _sorted(life: Life) -> Story:
    """What no rule could place waits in triage until the front desk hands it on."""
    if not life.look():
        yield life.worked(15, 300)
        life.choose_agent()
        life.hand_on("citizen-service", say("ours", "el"))


def _worked_on(life: Life) -> Story:
    """A question back, a supplier, a date, another department, or straight on."""
    course = life.chance.choices((_asks_back, _waits, _hands_on, _answers), (36, 16, 10, 38))[0]
    yield from course(life)


def _answers(life: Life) -> Story:
    replies.reply(life.agent, life.number, say("begun", life.citizen.language), at=life.now)
    yield life.worked(30, 600)


def _asks_back(life: Life) -> Story:
    until = life.now + timedelta(days=5)
    fields = {"reason": "needs_information", "until": until}
    replies.reply(life.agent, life.number, life.case.ask, then="wait", then_fields=fields, at=life.now)
    if life.chance.random() < 0.85:
        yield life.later(1, 60)
        life.says(life.case.reply)
    else:
        yield until + timedelta(hours=1)
    yield life.worked(20, 420)


def _waits(life: Life) -> Story:
    reason = life.chance.choice(("supplier_works", "appointment", "other_department"))
    replies.reply(life.agent, life.number, say("begun", life.citizen.language), at=life.now)
    yield life.worked(5, 30)
    until = life.now + timedelta(hours=life.chance.uniform(20, 90))
    tickets.wait(life.agent, life.number, reason, until, say(reason, "el"), at=life.now)
    yield until + timedelta(minutes=1)
    yield life.worked(30, 240)


def _hands_on(life: Life) -> Story:
    others = [key for key in life.stage.house.departments if key != life.place]
    life.hand_on(life.chance.choice(others), say("not-ours", "el"))
    yield life.worked(10, 200)
    life.choose_agent()
    tickets.take(life.agent, life.number, at=life.now)
    yield life.worked(3, 40)
    replies.note(life.agent, life.number, say("note", "el"), at=life.now)
    yield life.worked(20, 300)


def _ended(life: Life) -> Story:
    status = life.row().status
    if status == Status.NEW or life.chance.random() < 0.03:
        tickets.cancel(life.agent, life.number, say("withdrawn", "el"), at=life.now)
        return
    code = life.case.code if status != Status.WAITING_REQUESTER else "no_reply"
    if code != "no_reply":
        yield from procedures.follow(life)
    fields = {"code": code}
    replies.reply(life.agent, life.number, life.case.done, then="resolve", then_fields=fields, at=life.now)
    yield life.later(2, 40)


def _taken_up_again(life: Life) -> Story:
    """Some say thanks, some that it is not solved, most say nothing and silence closes."""
    if life.row().status != Status.RESOLVED:
        return
    told = life.chance.random()
    if told < 0.35:
        tickets.confirm(life.asker(), life.number, at=life.now)
    elif told < 0.47:
        words = say("not-solved", life.citizen.language)
        if told < 0.42:
            tickets.reject(life.asker(), life.number, words, at=life.now)
        else:
            life.answers_by_mail(words)
        yield life.worked(30, 500)
        fields = {"code": life.case.code}
        words = say("again", life.citizen.language)
        replies.reply(life.agent, life.number, words, then="resolve", then_fields=fields, at=life.now)


def unreadable(stage: Stage) -> Story:
    """A form that was cut off on its way: kept, and shown to whoever looks after the post."""
    raw = b'{"subject": "\xce\xa3\xce\xb2\xce\xb7\xcf\x83\xcf\x84\xcf\x8c \xcf\x86\xcf\x89\xcf\x82", "descr'
    [inbound_id] = inbox.keep(
        [Incoming(ChannelKind.WEBFORM, accounts.of_kind(ChannelKind.WEBFORM), "cut-off", raw, stage.now)]
    )
    assert inbound_id is not None
    try:
        inbox.process_one(inbound_id, stage.now)
    except Invalid:
        return
    yield stage.now
