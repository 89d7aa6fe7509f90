"""What a caller presses and what follows: language, menu, waiting, a number to be rung on, a message."""

from collections.abc import Callable, Mapping

from channels.carrier import e164
from channels.turns import Decline, HangUp, Say, Turn
from helpdesk import i18n
from helpdesk.db import db
from helpdesk.models.calls import CallLeg, PhoneNumber
from helpdesk.services import catalogue
from helpdesk.services.calls import asking, ending, hours, ringing
from helpdesk.services.calls.legs import LONGEST_SILENCE, RANKS
from helpdesk.services.calls.menus import Does, Option
from helpdesk.services.calls.scene import WAITING, Scene, opened
from helpdesk.services.calls.speaking import options_of, say, speak
from helpdesk.vocabulary import CallResult, CallState, Consent, Direction, LegRole

MOST_TRIES = 3
"""After so many wrong answers a caller waits for a person; never a circle, never a hang-up."""
GRACE_SECONDS = 900
"""So long after closing time those who waited by then are still answered."""


def begin(scene_of: Callable[[CallLeg], Scene], number: PhoneNumber | None) -> Turn:
    """Somebody rings one of our numbers."""
    scene = scene_of(CallLeg(role=LegRole.CITIZEN.value))
    if number is None or not number.active:
        return Turn((Say("number-unknown", i18n.DEFAULT), HangUp()))
    step, at = scene.step, scene.at
    languages = list(number.languages) or [i18n.DEFAULT]
    call = opened(
        {
            "account_id": scene.account.id, "number_id": number.id, "sid": step.sid, "other": step.caller or None,
            "direction": Direction.INBOUND.value, "department_id": number.department_id, "language": languages[0],
            "state": CallState.LANGUAGE.value, "started_at": at, "check_at": at + LONGEST_SILENCE,
        }
    )  # fmt: skip
    leg = CallLeg(
        call_id=call.id, key=step.sid, sid=step.sid, role=LegRole.CITIZEN.value, number=step.caller,
        state="in-progress", rank=RANKS["in-progress"], started_at=at, answered_at=at,
    )  # fmt: skip
    db.session.add(leg)
    scene.call, scene.leg = call, leg
    call.nonce = 1
    return speak(scene) if len(languages) > 1 else _to_menu(scene, Say("greeting", languages[0]))


def decline() -> Turn:
    """A call for an account that takes none."""
    return Turn((Decline(),))


def _language(scene: Scene) -> Turn:
    number, call = scene.number(), scene.call
    offered = list(number.languages) if number else [i18n.DEFAULT]
    chosen = int(scene.digits) - 1 if scene.digits.isdigit() else -1
    if 0 <= chosen < len(offered):
        call.language = offered[chosen]
        return _to_menu(scene)
    call.tries += 1
    if call.tries < MOST_TRIES:
        return speak(scene)
    return _to_menu(scene)


def _to_menu(scene: Scene, *before: Say) -> Turn:
    call = scene.call
    call.state, call.place, call.tries = CallState.MENU.value, "", 0
    return speak(scene, *before) if options_of(scene) else _enter(scene, call.department_id, *before)


def _menu(scene: Scene) -> Turn:
    call = scene.call
    chosen = next((option for option in options_of(scene) if option.digit == scene.digits), None)
    if chosen is None:
        call.tries += 1
        if call.tries >= MOST_TRIES:
            return _enter(scene, call.department_id)
        return speak(scene, *([say(scene, "invalid")] if scene.digits else []))
    call.tries, call.place = 0, call.place + chosen.digit
    return _LEADS[chosen.does](scene, chosen)


def _to_department(scene: Scene, option: Option) -> Turn:
    return _enter(scene, option.department_id)


def _deeper(scene: Scene, option: Option) -> Turn:
    return speak(scene)


def _told(scene: Scene, option: Option) -> Turn:
    """The words, then the choices again from the top: nobody is stuck, and nobody is hung up on."""
    scene.call.place, scene.call.tries = "", 1
    scene.call.result = CallResult.INFORMED.value
    return speak(scene, Say(language=scene.call.language, text=i18n.pick(option.texts, scene.call.language)))


def _leave_message(scene: Scene, option: Option | None = None) -> Turn:
    number = scene.number()
    if number is None or not number.voicemail:
        return _enter(scene, scene.call.department_id)
    scene.call.result = None
    ringing.call_off(scene.call, scene.at)
    scene.call.state = CallState.RECORDING.value
    return speak(scene)


def _keep_place(scene: Scene, option: Option | None = None) -> Turn:
    """A call-back instead of waiting: on the number they ring from, or on one they key in."""
    call = scene.call
    call.queued_at = call.queued_at or scene.at
    ringing.call_off(call, scene.at)
    call.state, call.tries = CallState.NUMBER.value, 0
    call.entered = asking.rings(call.other)
    return speak(scene)


_LEADS: Mapping[Does, Callable[[Scene, Option], Turn]] = {
    Does.DEPARTMENT: _to_department,
    Does.MENU: _deeper,
    Does.MESSAGE: _told,
    Does.VOICEMAIL: _leave_message,
    Does.CALL_BACK: _keep_place,
}


def _enter(scene: Scene, department_id: int | None, *before: Say) -> Turn:
    """Into the line of a department, or told that it is closed."""
    call = scene.call
    known = catalogue.current().departments
    call.department_id, call.result = department_id if department_id in known else None, None
    if not hours.is_open(scene.number(), call.department_id, scene.at):
        call.state = CallState.CLOSED.value
        return speak(scene, *before)
    call.state, call.queued_at, call.tries = CallState.QUEUED.value, scene.at, 0
    ringing.offer_to_somebody(call, scene.at)
    return speak(scene, *before)


def _hold(scene: Scene) -> Turn:
    """Another round: perhaps it has taken too long. Whoever is free is found by the clock, each second."""
    call = scene.call
    if call.state in WAITING and _too_long(scene):
        ringing.call_off(call, scene.at)
        call.state = CallState.CLOSED.value
    return speak(scene)


def _too_long(scene: Scene) -> bool:
    """Longer than this number lets anybody wait, or past closing time and its grace."""
    call, number = scene.call, scene.number()
    waited = (scene.at - (call.queued_at or scene.at)).total_seconds()
    if number and waited >= number.longest_wait:
        return True
    return waited >= GRACE_SECONDS and not hours.is_open(number, call.department_id, scene.at)


def _choice(scene: Scene) -> Turn:
    if scene.call.state not in WAITING | {CallState.CLOSED}:
        return speak(scene)
    if scene.digits == "1":
        return _keep_place(scene)
    if scene.digits == "2":
        return _leave_message(scene)
    scene.call.told_at = None
    return speak(scene)


def _number(scene: Scene) -> Turn:
    """1 confirms what was read out, 2 gives another; else it is the number itself."""
    call = scene.call
    if call.entered and scene.digits == "1":
        return _noted(scene)
    if call.entered and scene.digits == "2":
        call.entered = ""
        return speak(scene)
    given = e164(scene.digits) if len(scene.digits) > 1 else ""
    if rung := asking.rings(given):
        call.entered = rung
        return speak(scene)
    call.tries += 1
    if call.tries < MOST_TRIES:
        return speak(scene, *([say(scene, "number-bad")] if scene.digits else []))
    return _leave_message(scene) if _takes_messages(scene) else _lost(scene)


def _takes_messages(scene: Scene) -> bool:
    number = scene.number()
    return bool(number and number.voicemail)


def _lost(scene: Scene) -> Turn:
    """No number and no message: back into the line, which somebody answers."""
    scene.call.state, scene.call.tries = CallState.QUEUED.value, 0
    scene.call.queued_at = scene.call.queued_at or scene.at
    return speak(scene)


def _noted(scene: Scene) -> Turn:
    number = asking.call_back(scene.call, scene.at)
    scene.call.state, scene.call.result = CallState.DONE.value, CallResult.CALL_BACK.value
    return Turn((say(scene, "call-back-noted", number=digit_by_digit(number)), say(scene, "bye"), HangUp()))


def digit_by_digit(number: int) -> str:
    """A request's number as it is read out."""
    return " ".join(str(number))


def _recorded(scene: Scene) -> Turn:
    """They have finished speaking; the file comes later, or never."""
    scene.call.result = CallResult.VOICEMAIL.value
    ending.expect_voicemail(scene)
    scene.call.state = CallState.PARTING.value
    return Turn((say(scene, "voicemail-thanks"), say(scene, "bye"), HangUp()))


def _consent(scene: Scene) -> Turn:
    """9 is a no; anything else, and nothing, lets the talk be recorded, as they were told."""
    scene.call.consent = (Consent.REFUSED if scene.digits == "9" else Consent.GIVEN).value
    return speak(scene)


def _bye(scene: Scene) -> Turn:
    scene.call.state = CallState.PARTING.value
    return speak(scene)


HEARS: Mapping[str, Callable[[Scene], Turn]] = {
    "voice/language": _language,
    "voice/menu": _menu,
    "voice/hold": _hold,
    "voice/choice": _choice,
    "voice/number": _number,
    "voice/recorded": _recorded,
    "voice/room": speak,
    "voice/consent": _consent,
    "voice/bye": _bye,
}
"""By the act of a caller's step; what is repeated is answered by `speak` and changes nothing."""

EXPECTED: Mapping[str, frozenset[CallState]] = {
    "voice/language": frozenset({CallState.LANGUAGE}),
    "voice/menu": frozenset({CallState.MENU}),
    "voice/hold": WAITING,
    "voice/choice": WAITING | {CallState.CLOSED},
    "voice/number": frozenset({CallState.NUMBER}),
    "voice/recorded": frozenset({CallState.RECORDING}),
    "voice/consent": frozenset({CallState.TALKING}),
}
"""In which states a step means anything; in any other the call says where it stands."""
