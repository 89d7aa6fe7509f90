"""The telephone: the account at the carrier, our numbers, what callers hear, and a call to ourselves to try it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid, Stale
from helpdesk.services import body, catalogue, hooks, rulebook
from helpdesk.services import dial_brake as brake
from helpdesk.services.calls import keeping, prompts, transcribing
from helpdesk.services.texts import keeping as texts
from helpdesk.vocabulary import TEXTS, RulebookKind
from helpdesk.web.admin import words
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


_ID = "<int(max=999999999999999):id>"


@room.get("/telephone")
@admin
def telephone() -> ResponseReturnValue:
    """Everything of it."""
    return _page()


def _page(error: HelpdeskError | None = None, tried: keeping.Tried | None = None) -> ResponseReturnValue:
    account = keeping.account()
    typed = {**(account.settings if account else {}), "active": not account or account.active}
    page = render_template(
        "admin/telephone.html", account=account, numbers=keeping.numbers(), menus=keeping.all_menus(), tried=tried,
        addresses=keeping.addresses(account.id) if account and account.active else {}, secure=keeping.is_secure(),
        refused=[(reason, count) for (kind, reason), count in hooks.refused().items() if kind == keeping.KIND],
        tripped=brake.tripped(), departments=catalogue.current().departments, is_demo_body=body.is_fictional(),
        **problem(error, typed),
    )  # fmt: skip
    return page, error.status if error else 200


def problem(error: HelpdeskError | None, typed: dict[str, Any]) -> dict[str, Any]:
    """What a form shows after a refusal: what was typed, what is wrong, and beside which field."""
    if error is None:
        return {"typed": typed, "problem": "", "wrong": {}}
    given = request.form.to_dict() | {"languages": request.form.getlist("languages")}
    ticks = ("active", "voicemail", "records", "transcribes", *TEXTS)
    boxes = {name: name in request.form for name in ticks}
    wrong = error.fields if isinstance(error, Invalid) else {}
    return {"typed": {**typed, **given, **boxes}, "problem": say(error.detail), "wrong": wrong}


@room.post("/telephone")
@admin
def save_telephone() -> ResponseReturnValue:
    """The account at the carrier."""
    try:
        keeping.save_account(current_actor(), request.form, at=clock.now())
    except Invalid as error:
        return _page(error)
    flash(say(_("The account was saved.")), "done")
    return redirect(url_for("admin.telephone"), 303)


@room.post("/telephone/try")
@admin
def try_telephone() -> ResponseReturnValue:
    """A signed call to our own public address."""
    try:
        return _page(tried=keeping.try_out(current_actor()))
    except Invalid as error:
        return _page(error)


@room.post("/telephone/again")
@admin
def reset_telephone() -> ResponseReturnValue:
    """It is settled with the carrier."""
    try:
        brake.reset(current_actor())
    except Stale as error:
        return _page(error)
    flash(say(_("Calls go out again.")), "done")
    return redirect(url_for("admin.telephone"), 303)


@room.get("/telephone/numbers/new")
@admin
def new_number() -> ResponseReturnValue:
    """An empty form."""
    usual = {"languages": list(i18n.LANGUAGES), "longest_wait": 15, "keep_days": 90, "active": True}
    return _number(None, usual)


@room.get(f"/telephone/numbers/{_ID}")
@admin
def number(id: int) -> ResponseReturnValue:
    """One of our numbers."""
    row = keeping.number(id)
    shown = dict(row._mapping) | {f"name_{code}": row.names.get(code, "") for code in i18n.LANGUAGES}
    by = dict.fromkeys(texts.of_number(row.number), True)
    return _number(id, shown | {"longest_wait": row.longest_wait // 60} | by)


def _number(id_: int | None, typed: dict[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    calendars = sorted(rulebook.all_in_force(RulebookKind.CALENDAR))
    page = render_template(
        "admin/telephone_number.html", id=id_, languages=i18n.LANGUAGES, calendars=calendars,
        writes_down=transcribing.machine() is not None,
        departments=[(row.id, words.name(row.names)) for row in catalogue.current().departments.values() if row.active],
        menus=[(row.id, words.name(row.names)) for row in keeping.all_menus()], **problem(error, typed),
    )  # fmt: skip
    return page, error.status if error else 200


@room.post("/telephone/numbers/new")
@admin
def make_number() -> ResponseReturnValue:
    """Another number."""
    return _save_number(None)


@room.post(f"/telephone/numbers/{_ID}")
@admin
def change_number(id: int) -> ResponseReturnValue:
    """How it is answered."""
    return _save_number(id)


def _save_number(id_: int | None) -> ResponseReturnValue:
    given = request.form.to_dict() | {"languages": request.form.getlist("languages")}
    try:
        keeping.save_number(current_actor(), id_, given, at=clock.now())
    except Invalid as error:
        return _number(id_, {}, error)
    flash(say(_("The number was saved.")), "done")
    return redirect(url_for("admin.telephone"), 303)


@room.get("/telephone/prompts")
@admin
def prompts_page() -> ResponseReturnValue:
    """What callers hear, in one language."""
    return _prompts()


def _prompts(error: HelpdeskError | None = None, key: str = "") -> ResponseReturnValue:
    spoken = i18n.chosen(request.values.get("in"))
    page = render_template(
        "admin/telephone_prompts.html", prompts=prompts.all_of(spoken), spoken=spoken, languages=i18n.LANGUAGES,
        key=key, **problem(error, {}),
    )  # fmt: skip
    return page, error.status if error else 200


@room.post("/telephone/prompts/<key>")
@admin
def save_prompt(key: str) -> ResponseReturnValue:
    """The body's own words or sound for one of them."""
    form, file = request.form, request.files.get("sound")
    sound = file.read() if file and file.filename else None
    kind = (file.mimetype or "") if file else ""
    try:
        prompts.save(current_actor(), key, form.get("in", ""), form.get("text", ""), sound, content_type=kind)
    except Invalid as error:
        return _prompts(error, key)
    flash(say(_("What callers hear was saved.")), "done")
    return redirect(f"{url_for('admin.prompts_page')}?in={i18n.chosen(form.get('in'))}", 303)
