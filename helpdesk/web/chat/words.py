"""A conversation in the words of who reads it: what the house says, how it stands, and its lines as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app

from helpdesk import i18n
from helpdesk.services import catalogue
from helpdesk.services.chats import Read, Standing
from helpdesk.vocabulary import ChatAuthor, ChatChoice, ChatState, ChatTold
from helpdesk.web.chat import opening


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


TOLD: Mapping[str, str] = {
    ChatTold.NUMBER: _("Your request has the number %(number)s. Whatever happens, it is not lost."),
    ChatTold.QUEUED: _("We are looking for somebody who can answer you. Please stay here."),
    ChatTold.NOBODY: _("Nobody can chat just now. What you wrote is kept as a request; you need not wait."),
    ChatTold.JOINED: _("%(name)s is here and reads what you wrote."),
    ChatTold.AGENT_LOST: _("We lost the connection to our colleague. You are first in line; somebody else goes on."),
    ChatTold.PASSED_ON: _("We pass you on to: %(department)s. They read all that you wrote."),
    ChatTold.TAKEN_OVER: _("%(name)s goes on with you."),
    ChatTold.PAUSED: _("You were away for a while, so we paused. Write when you are back."),
    ChatTold.RESUMED: _("Welcome back. We are looking for somebody who goes on with you."),
    ChatTold.CLOSED: _("The conversation has ended. If something is missing, just write: it goes on from here."),
    ChatTold.SOLVED: _("We are glad that this helped. If something is missing, just write."),
    ChatTold.LETTER: _("Thank you. We also answer to your e-mail address."),
    ChatTold.TEXTS: _("Thank you. When you have left the chat we answer by a message to your telephone."),
    ChatTold.LONG_WAIT: _("It takes longer than we hoped. What do you prefer? Your place in line stays yours."),
    ChatTold.WAITS_ON: _("You keep waiting, on the same place. We ask you again later."),
    ChatTold.LEAVES: _("You need not wait. What you wrote is kept as a request, and we answer it."),
    ChatTold.CALL_BACK: _("You need not wait. What you wrote is kept as a request; choose when we call you."),
    ChatTold.SILENT: _("It has been quiet for a while. Without a sign from you the chat ends in %(minutes)s minutes."),
    ChatTold.STAYS: _("The chat goes on. Take your time."),
}
ASKED: Mapping[str, tuple[tuple[ChatChoice, str], ...]] = {
    ChatTold.LONG_WAIT: (
        (ChatChoice.WAIT, _("Keep waiting")),
        (ChatChoice.LEAVE, _("Leave it as a request")),
        (ChatChoice.CALL, _("Let us call you back")),
    ),
    ChatTold.SILENT: ((ChatChoice.STAY, _("I am still here")),),
}
"""What the house asks, and the buttons that answer it."""
STANDS: Mapping[ChatState, str] = {
    ChatState.BOT: _("You are talking to an automatic assistant."),
    ChatState.QUEUED: _("You are waiting for a person."),
    ChatState.ACTIVE: _("You are talking to %(agent)s."),
    ChatState.PAUSED: _("The conversation is paused."),
    ChatState.LEFT: _("Nobody can chat just now. Your request is kept, and we will answer it."),
    ChatState.CLOSED: _("The conversation has ended."),
    ChatState.SOLVED: _("The conversation has ended."),
}
NEXT = _("You are next.")
AHEAD = (_("%(num)s person is before you."), "%(num)s persons are before you.")
WAITS = _("Others waited %(shortest)s to %(longest)s minutes lately.")
WAITS_ONE = (_("Others waited about %(num)s minute lately."), "Others waited about %(num)s minutes lately.")


def told(code: str, data: Mapping[str, Any], language: str) -> str:
    """What the house says, in a language."""
    place = catalogue.current().departments.get(data.get("department") or 0)
    values = {
        "number": data.get("number", ""),
        "name": data.get("name") or i18n.gettext(language, _("A colleague")),
        "department": i18n.pick(place.names, language) if place else "",
        "minutes": data.get("minutes", ""),
    }
    return i18n.gettext(language, TOLD.get(code, "%(name)s")) % values


def stands(found: Standing, language: str) -> str:
    """How the conversation stands, in one or two sentences; with an honest wait where one is known."""
    agent = found.agent or i18n.gettext(language, _("A colleague"))
    first = i18n.gettext(language, STANDS[found.state]) % {"agent": agent}
    return " ".join([first, *_waiting(found, language)])


def _waiting(found: Standing, language: str) -> list[str]:
    if found.wait is None:
        return []
    before = found.wait.position - 1
    ahead = i18n.ngettext(language, *AHEAD, before) % {"num": before} if before else i18n.gettext(language, NEXT)
    shortest, longest = found.wait.shortest, found.wait.longest
    if shortest is None or longest is None:
        return [ahead]
    if shortest == longest:
        return [ahead, i18n.ngettext(language, *WAITS_ONE, longest) % {"num": longest}]
    return [ahead, i18n.gettext(language, WAITS) % {"shortest": shortest, "longest": longest}]


def line(read: Read, language: str) -> dict[str, Any]:
    """One line as JSON: text as text, which the reader's browser shows as such."""
    house = read.author is ChatAuthor.HOUSE
    shown = {
        "seq": read.seq,
        "author": read.author.value,
        "name": read.name,
        "text": told(read.code, read.data, language) if house else read.text,
        "at": read.at.isoformat(),
        "time": i18n.clock_time(read.at, language),
        "code": read.code,
        "client_msg_id": read.client_id,
        "choices": _choices(read, language) if house else read.data.get("choices", []),
        "sources": _links(read, language) if house else read.data.get("sources", []),
        "files": [{"id": file.id, "name": file.name, "size": file.size} for file in read.files],
    }
    return {name: value for name, value in shown.items() if value not in ("", None, [])}


def _choices(read: Read, language: str) -> list[dict[str, str]]:
    has_calls = opening.CALLBACK in current_app.view_functions
    asked = [one for one in ASKED.get(read.code, ()) if has_calls or one[0] is not ChatChoice.CALL]
    return [{"key": key.value, "text": i18n.gettext(language, word)} for key, word in asked]


def _links(read: Read, language: str) -> list[dict[str, str]]:
    if read.code != ChatTold.CALL_BACK:
        return []
    link = opening.instead(language).get("callback", "")
    return [{"title": i18n.gettext(language, _("Choose when we call you")), "link": link}]


def standing(found: Standing, language: str) -> dict[str, Any]:
    """How it stands as JSON."""
    wait = found.wait
    return {
        "state": found.state.value,
        "seq": found.seq,
        "number": found.number,
        "agent": found.agent or None,
        "told": stands(found, language),
        "position": wait.position if wait else None,
        "wait": {"from": wait.shortest, "to": wait.longest} if wait and wait.shortest else None,
        "read": {"citizen": found.citizen_read, "agent": found.agent_read},
        "knows_address": found.knows_address,
    }


def whole(found: Standing, lines: Sequence[Read], language: str) -> dict[str, Any]:
    """Both, as one who comes back needs them."""
    return {"standing": standing(found, language), "lines": [line(one, language) for one in lines]}
