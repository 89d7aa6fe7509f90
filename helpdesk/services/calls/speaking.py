"""What a call says as it stands: the same for a request that is repeated as for the first one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from channels.turns import Bridge, Gather, HangUp, Play, Record, Redirect, Say, Turn
from helpdesk import i18n
from helpdesk.db import db
from helpdesk.models.calls import PhoneMenu
from helpdesk.services import catalogue, majors
from helpdesk.services.calls import hours, line, menus
from helpdesk.services.calls.menus import Option
from helpdesk.services.calls.prompts import digit_by_digit, waiting_sound
from helpdesk.services.calls.scene import Scene
from helpdesk.vocabulary import CallState, Consent

TELL_EVERY = timedelta(seconds=60)
LONGEST_MESSAGE = 180
"""Seconds of a voicemail."""


def speak(scene: Scene, *before: Say) -> Turn:
    """The turn for where the call stands, after some words of what has just happened."""
    turn = _SAYS.get(CallState(scene.call.state), _good_bye)(scene)
    first = turn.acts[0] if turn.acts else None
    if isinstance(first, Gather):  # whoever knows already what they want need not listen to the end
        return Turn((replace(first, spoken=(*before, *first.spoken)), *turn.acts[1:]), turn.silent)
    return Turn((*before, *turn.acts), turn.silent)


def say(scene: Scene, prompt: str, **values: str) -> Say:
    """A prompt in the caller's language."""
    return Say(prompt, scene.call.language, values)


def _ask_language(scene: Scene) -> Turn:
    number = scene.number()
    offered = list(number.languages) if number else [i18n.DEFAULT]
    greeting = tuple(Say("greeting", language) for language in offered)
    asked = tuple(Say("language", language, {"digit": str(n)}) for n, language in enumerate(offered, 1))
    then = scene.to("language")
    return Turn((Gather(then, greeting + asked), Redirect(then)))


def options_of(scene: Scene) -> tuple[Option, ...]:
    """The choices where the caller stands; none where the number has no menu."""
    number = scene.number()
    menu = db.session.get(PhoneMenu, number.menu_id) if number and number.menu_id else None
    return tuple(menus.at(menus.read(menu.tree), scene.call.place)) if menu else ()


def _ask_menu(scene: Scene) -> Turn:
    choices = tuple(
        say(scene, "option", title=i18n.pick(option.titles, scene.call.language), digit=option.digit)
        for option in options_of(scene)
    )
    news = () if scene.call.place or scene.call.tries else outages(scene)
    then = scene.to("menu")
    return Turn((Gather(then, news + choices), Redirect(then)))


def outages(scene: Scene) -> tuple[Say, ...]:
    """What everybody is told while a major incident lasts."""
    told = majors.announcements(scene.call.language, scene.at)
    return tuple(Say(language=scene.call.language, text=item.spoken) for item in told)


def _hold(scene: Scene) -> Turn:
    """Position and choices once a minute, music in between; every round asks again whether somebody is free."""
    call = scene.call
    told: tuple[Say | Play, ...] = ()
    if call.told_at is None or scene.at - call.told_at >= TELL_EVERY:
        told = _news(scene)
        call.told_at = scene.at
    choices = Gather(scene.to("choice"), (*told, Play(waiting_sound())), seconds=1)
    return Turn((choices, Redirect(scene.to("hold"))))


def _news(scene: Scene) -> tuple[Say, ...]:
    call, number = scene.call, scene.number()
    told = [say(scene, "wait")] if call.told_at is None else []
    told.append(say(scene, "place", place=str(line.place(call, scene.at))))
    if waits := line.waits(call.department_id, scene.at):
        told.append(say(scene, "wait-range", least=str(waits.least), most=str(waits.most)))
    told.append(say(scene, "keep-place"))
    if number and number.voicemail:
        told.append(say(scene, "leave-message"))
    return tuple(told)


def _ask_number(scene: Scene) -> Turn:
    """Read back what we would ring, or let it be keyed in."""
    call, then = scene.call, scene.to("number")
    if call.entered:
        words = say(scene, "number-read", number=digit_by_digit(call.entered))
        return Turn((Gather(then, (words,)), Redirect(then)))
    asks = Gather(then, (say(scene, "number-ask"),), digits=0, seconds=10, ends_with="#")
    return Turn((asks, Redirect(then)))


def _closed(scene: Scene) -> Turn:
    number, call = scene.number(), scene.call
    if hours.is_open(number, call.department_id, scene.at):
        words = say(scene, "late")
    else:
        when = hours.opening(number, call.department_id, scene.at, call.language)
        words = say(scene, "closed", opening=when)
    choices = [say(scene, "keep-place")]
    if number and number.voicemail:
        choices.append(say(scene, "leave-message"))
    return Turn((Gather(scene.to("choice"), (words, *choices), seconds=8), say(scene, "bye"), HangUp()))


def _record(scene: Scene) -> Turn:
    number = scene.number()
    days = str(number.keep_days if number else 90)
    then = scene.to("recorded")
    acts = (say(scene, "voicemail", days=days), Record(then, "recording/status", LONGEST_MESSAGE), Redirect(then))
    return Turn(acts)


def bridge(scene: Scene) -> Turn:
    """Joins the call's room.

    Nobody's leaving ends the room: whoever is fetched into it twice, once by us and once by their own round of
    waiting, would end the talk. Who is left is let go by us.
    """
    return Turn((Bridge(scene.call.room, tells="conference/events"),))


def _join(scene: Scene) -> Turn:
    """The citizen joins; where this number records talks they are told before, and may refuse by a key."""
    call, number = scene.call, scene.number()
    if number is None or not number.records or call.errand or call.consent in {Consent.GIVEN, Consent.REFUSED}:
        return bridge(scene)
    call.consent = Consent.ASKED.value
    then = scene.to("consent")
    words = (say(scene, "recorded", days=str(number.keep_days)), say(scene, "record-not"))
    return Turn((Gather(then, words, seconds=2), Redirect(then)))


def connecting(scene: Scene) -> Turn:
    """Who calls, then the room."""
    return Turn((say(scene, "connecting"), *_join(scene).acts))


def _good_bye(scene: Scene) -> Turn:
    return Turn((say(scene, "bye"), HangUp()))


def department_name(scene: Scene, language: str) -> str:
    """Which department a call is for, as it is told to whom it is offered."""
    department = catalogue.current().departments.get(scene.call.department_id or 0)
    return i18n.pick(department.names, language) if department else ""


_SAYS: Mapping[CallState, Callable[[Scene], Turn]] = {
    CallState.LANGUAGE: _ask_language,
    CallState.MENU: _ask_menu,
    CallState.QUEUED: _hold,
    CallState.OFFERED: _hold,
    CallState.NUMBER: _ask_number,
    CallState.CLOSED: _closed,
    CallState.RECORDING: _record,
    CallState.RINGING_CITIZEN: connecting,
    CallState.TALKING: _join,
}
