"""How the bot did: as a page, as CSV and as JSON; and whether it answers at all, which administrators decide."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.permissions import may
from helpdesk.services import catalogue
from helpdesk.services.bot import figures, provider, settings
from helpdesk.services.bot.figures import BotReport, Counts
from helpdesk.services.bot.settings import BotSettings
from helpdesk.web import language
from helpdesk.web.guards import admin, current_actor, supervisor
from helpdesk.web.supervise import told
from helpdesk.web.supervise.figures import Asked, asked, frame
from helpdesk.web.supervise.room import room
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


MEANING = {
    "sessions": (_("Conversations"), _("Something was said to the bot.")),
    "answered": (_("With an answer"), _("The bot quoted a help page at least once.")),
    "confirmed": (_("Confirmed"), _("The citizen said that it helped.")),
    "assumed": (_("Assumed"), _("It answered, and nothing more was said; nobody knows whether it helped.")),
    "handed_over": (_("Passed on"), _("A person went on.")),
    "false_deflections": (
        _("Asked again"),
        _("Confirmed or assumed, and yet the same visitor or address asked people within 72 hours."),
    ),
    "refused": (_("Without an answer"), _("Questions to which the bot said that it does not know.")),
    "wrong": (_("Reported wrong"), _("Answers that a citizen called wrong or out of date.")),
}
REASONS = {
    "asked": _("Somebody wanted a person"),
    "failed": _("The bot did not know, twice"),
    "emergency": _("Words of danger"),
    "personal": _("A matter of their own"),
    "form": _("A request was to be sent"),
    "too_long": _("The conversation became too long"),
}


@dataclass(frozen=True)
class Tile:
    """One figure: its name, what it counts, its value, which share of the conversations that is."""

    name: str
    meaning: str
    value: str
    share: str


@room.get("/bot")
@supervisor
def bot_report() -> ResponseReturnValue:
    """The page."""
    wanted, report = _read()
    here = language.current()
    decided = settings.current()
    return render_template(
        "supervise/bot.html",
        tiles=list(_tiles(report.whole, here)),
        net=_percent(report.whole.net_share, here),
        confirmed=_percent(report.whole.confirmed_share, here),
        report=report,
        reasons=[(say(REASONS.get(key, key)), told.number(count, here)) for key, count in report.reasons],
        articles=[(one, i18n.pick(one.title, here)) for one in report.articles],
        on=decided.on,
        offered=[(row.key, i18n.pick(row.names, here), row.key in decided.worded) for row in catalogue.departments()]
        if provider.provider() is not None
        else [],
        may_decide=may(current_actor(), "administer"),
        done=request.args.get("done") == "decided",
        files={kind: url_for(f"supervise.bot_{kind}", **wanted.args()) for kind in ("csv", "json")},
        **frame(wanted, clock.now()),
    )


def _read() -> tuple[Asked, BotReport]:
    now = clock.now()
    wanted = asked(now)
    return wanted, figures.report(current_actor(), wanted.period, wanted.department_id, now=now)


def _tiles(whole: Counts, here: str) -> Iterator[Tile]:
    for name, (label, meaning) in MEANING.items():
        count = getattr(whole, name)
        of = whole.questions if name == "refused" else whole.answers if name == "wrong" else whole.sessions
        share = "" if name == "sessions" or not of else f"{told.number(round(100 * count / of), here)}%"
        yield Tile(say(label), say(meaning), told.number(count, here), share)


def _percent(value: float | None, here: str) -> str:
    return told.NOTHING if value is None else f"{told.number(value, here)}%"


@room.get("/bot.csv")
@supervisor
def bot_csv() -> ResponseReturnValue:
    """The same for a spreadsheet: what, of what, how many."""
    wanted, report = _read()
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["what", "of", "count"])
    table.writerows(_lines(report))
    headers = {"Content-Disposition": f'attachment; filename="bot-{wanted.period.last}.csv"'}
    return Response(written.getvalue(), mimetype="text/csv", headers=headers)


def _lines(report: BotReport) -> Iterator[Sequence[str | int]]:
    for name, count in asdict(report.whole).items():
        yield name, "", count
    for reason, count in report.reasons:
        yield "handed_over", reason, count
    for one in report.unanswered:
        yield "unanswered", _harmless(" / ".join(one.asked) or " ".join(sorted(one.words))), one.count
    for article in report.articles:
        yield "answers", article.article_id, article.answers


def _harmless(told_by_citizens: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{told_by_citizens}" if told_by_citizens[:1] in "=+-@\t\r" else told_by_citizens


@room.get("/bot.json")
@supervisor
def bot_json() -> ResponseReturnValue:
    """The same for programmes."""
    wanted, report = _read()
    period = {"from": wanted.period.first.isoformat(), "to": wanted.period.last.isoformat()}
    return jsonify(period=period, department=wanted.department or None, **_plain(report))


def _plain(report: BotReport) -> Mapping[str, object]:
    return {
        "whole": asdict(report.whole),
        "reasons": dict(report.reasons),
        "unanswered": [
            {"words": sorted(one.words), "asked": one.asked, "count": one.count} for one in report.unanswered
        ],
        "articles": [asdict(one) for one in report.articles],
    }


@room.post("/bot/settings")
@admin
def decide_bot() -> ResponseReturnValue:
    """Says whether the bot answers, and which departments let a language model word their passages."""
    worded = tuple(request.form.getlist("worded")) if provider.provider() is not None else settings.current().worded
    settings.decide(current_actor(), BotSettings("on" in request.form, worded), clock.now())
    return redirect(url_for("supervise.bot_report", done="decided"), 303)
