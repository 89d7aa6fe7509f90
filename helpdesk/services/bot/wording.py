"""What the bot says, in the citizen's language. Its own words only lead to what articles say; they state no facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app

from helpdesk import i18n
from helpdesk.services import catalogue
from helpdesk.services.bot.courses import Step
from helpdesk.services.bot.hearing import Wish, choice_of
from helpdesk.services.dialogue import Choice, Said, Source
from helpdesk.vocabulary import BotOutcome, HandOverReason

MOST_CHOICES = 12
"""Answers of a form's question that become buttons; of more the citizen writes one."""


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


_BUTTONS = {
    Wish.YES: _("Yes, that helped"),
    Wish.NO: _("No, it did not"),
    Wish.WRONG: _("This is wrong or out of date"),
    Wish.FORM: _("Send a request about it"),
    Wish.SKIP: _("Leave this out"),
    Wish.HUMAN: _("Talk to a person"),
}
_PASSING_ON = {
    HandOverReason.ASKED: _("You will talk to a person."),
    HandOverReason.FAILED: _("I do not find the answer; a person will."),
    HandOverReason.EMERGENCY: _("If anybody is in danger, call 112 now. I am passing you on to a person."),
    HandOverReason.PERSONAL: _("This is about your own case, which I cannot look into. A person can."),
    HandOverReason.FORM: _("Thank you. I am passing all of it on to a person."),
    HandOverReason.TOO_LONG: _("We have been going on for long; a person will help you better."),
}
_GIVEN = {
    HandOverReason.ASKED: _("asked for a person"),
    HandOverReason.FAILED: _("the bot did not know"),
    HandOverReason.EMERGENCY: _("words of danger"),
    HandOverReason.PERSONAL: _("a matter of their own"),
    HandOverReason.FORM: _("wants to send a request"),
    HandOverReason.TOO_LONG: _("a long conversation with the bot"),
}


@dataclass(frozen=True)
class Voice:
    """The bot in one language."""

    language: str

    def say(self, message: str, **values: str) -> str:
        """The message in that language, filled in."""
        return i18n.gettext(self.language, message) % values

    def button(self, wish: Wish, message: str = "") -> Choice:
        """A choice under the words."""
        return Choice(wish.value, self.say(message or _BUTTONS[wish]))


def greeting(voice: Voice) -> Said:
    """The first words: that this is a machine, what it can do, and the way to a person."""
    lines = (
        voice.say(_("I am a bot, not a person. I answer from our help pages and show you where it stands.")),
        voice.say(_("Ask in your own words. You can talk to a person at any time.")),
    )
    return Said(lines, (voice.button(Wish.HUMAN),))


def told(voice: Voice, step: Step, articles: Mapping[int, Any], passage: str, worded: str = "") -> Said:
    """The words of a step."""
    match step.outcome:
        case BotOutcome.ANSWERED:
            return _answer(voice, step, articles[step.article_id or 0], passage, worded)
        case BotOutcome.TRANSLATION_OFFERED:
            return _translation(voice, step, articles[step.article_id or 0])
        case BotOutcome.REFUSED:
            return _refusal(voice, step, articles)
        case BotOutcome.HANDED_OVER if step.reason is not None:
            return Said((voice.say(_PASSING_ON[step.reason]),))
        case BotOutcome.SOLVED:
            return Said((voice.say(_("I am glad. Write again whenever you need us.")),), solved=True)
        case BotOutcome.STATUS:
            return _status(voice)
        case _:
            return _other(voice, step)


def _answer(voice: Voice, step: Step, article: Any, passage: str, worded: str) -> Said:
    written = step.language or voice.language
    title = i18n.pick(article.titles, written)
    lead = voice.say(_("Our help page “%(title)s” says:"), title=title)
    if worded:
        lead = voice.say(_("A language model put this into words from “%(title)s”; the page counts:"), title=title)
    choices = [voice.button(Wish.YES), voice.button(Wish.NO), voice.button(Wish.WRONG), *_more(voice, step)]
    lines = (lead, worded or passage, voice.say(_("Did this help?")))
    return Said(lines, tuple(choices), (source(article, written),))


def _more(voice: Voice, step: Step) -> list[Choice]:
    """Always the way to people; before it a request, where it is known about what."""
    form = [voice.button(Wish.FORM)] if step.standing.service_id else []
    return [*form, voice.button(Wish.HUMAN)]


def _translation(voice: Voice, step: Step, article: Any) -> Said:
    named = {"title": i18n.pick(article.titles, step.language), "language": voice.say(_LANGUAGES[step.language])}
    line = voice.say(_("The answer stands in our help pages in %(language)s only: “%(title)s”."), **named)
    shown = Choice(choice_of(article.id, step.language), voice.say(_("Show it to me")))
    return Said((line,), (shown, voice.button(Wish.NO, _("No, thank you")), *_more(voice, step)))


_LANGUAGES = {"el": _("Greek"), "en": _("English")}


def _refusal(voice: Voice, step: Step, articles: Mapping[int, Any]) -> Said:
    offered = [articles[one] for one in step.standing.offered if one in articles]
    if not offered:
        line = voice.say(_("I find nothing about that in our help pages. Ask in other words, or talk to a person."))
        return Said((line,), tuple(_more(voice, step)))
    choices = [Choice(choice_of(one.id), i18n.pick(one.titles, voice.language)) for one in offered]
    line = voice.say(_("I am not sure what you mean. Is it one of these?"))
    return Said((line,), (*choices, voice.button(Wish.NO, _("None of these")), *_more(voice, step)))


def _status(voice: Voice) -> Said:
    line = voice.say(_("I cannot see how your request stands. You can: with its number and its code, on this page."))
    link = Source(voice.say(_("Track a request")), _address(f"/{voice.language}/track"), language=voice.language)
    return Said((line,), (voice.button(Wish.HUMAN),), (link,))


def _other(voice: Voice, step: Step) -> Said:
    if step.outcome is BotOutcome.REPORTED_WRONG:
        line = voice.say(_("Thank you, our editors will look at it. Ask in other words, or talk to a person."))
    elif step.outcome is BotOutcome.DID_NOT_HELP:
        line = voice.say(_("I am sorry. Ask in other words, or talk to a person."))
    else:
        line = voice.say(_("Ask me in a few words what you would like to know."))
    return Said((line,), tuple(_more(voice, step)))


def asking(voice: Voice, field: Mapping[str, Any], again: bool) -> Said:
    """One question of a service's form."""
    label = i18n.pick(field.get("labels") or {}, voice.language) or field["name"]
    lines = [label, i18n.pick(field.get("hints") or {}, voice.language)]
    if again:
        lines.insert(0, voice.say(_("That does not fit. Please try again.")))
    answers = [
        Choice(f"value:{one['value']}", i18n.pick(one.get("labels") or {}, voice.language) or one["value"])
        for one in field.get("choices") or ()
    ]
    skip = [] if field.get("required") else [voice.button(Wish.SKIP)]
    choices = (*answers[:MOST_CHOICES], *skip, voice.button(Wish.HUMAN))
    return Said(tuple(line for line in lines if line), choices)


def source(article: Any, language: str) -> Source:
    """Where an answer stands."""
    department = catalogue.current().departments.get(article.department_id or 0)
    return Source(
        title=i18n.pick(article.titles, language),
        link=_address(f"/{language}/help/{article.key}"),
        department=i18n.pick(department.names, language) if department is not None else "",
        reviewed_on=article.updated_at.astimezone(i18n.ZONE).date().isoformat(),
        article_id=article.id,
        language=language,
    )


def _address(path: str) -> str:
    return str(current_app.config["SETTINGS"].public_base_url).rstrip("/") + path


def summary(
    reason: HandOverReason, asked: Sequence[str], shown: Sequence[str], given: Mapping[str, str], language: str
) -> str:
    """What people should know who go on, in the language of the house."""
    voice = Voice(i18n.DEFAULT)
    parts = [
        (_("Why the bot passed this on"), voice.say(_GIVEN[reason])),
        (_("Asked"), " · ".join(asked)),
        (_("Help pages shown"), " · ".join(shown)),
        (_("Language"), voice.say(_LANGUAGES.get(language, language))),
        *given.items(),
    ]
    return "\n".join(f"{voice.say(label)}: {value}" for label, value in parts if value)
