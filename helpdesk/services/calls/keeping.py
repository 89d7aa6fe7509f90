"""What administrators keep of the telephone: the account at the carrier, our numbers, the menus; all on record."""

import http.client
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import current_app
from sqlalchemy import Row, insert, select, update

from channels import registry
from channels.carrier import e164
from channels.port import Channel
from channels.turns import Signs
from helpdesk import clock, i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.calls import PhoneMenu, PhoneNumber
from helpdesk.models.post import ChannelAccount
from helpdesk.permissions import Actor, may
from helpdesk.services import accounts, catalogue, house, outgoing, rulebook, texts
from helpdesk.services.calls import menus, working
from helpdesk.vocabulary import TEXTS, ChannelKind, RulebookKind

_ACCOUNTS, _NUMBERS, _MENUS = table(ChannelAccount), table(PhoneNumber), table(PhoneMenu)
KIND = ChannelKind.PHONE.value
GRACE = timedelta(hours=24)
SHORTEST = 16
_SID = re.compile(r"AC[0-9a-zA-Z]{32}")


def _require(actor: Actor) -> None:
    if not may(actor, "administer"):
        raise Forbidden("Only administrators set the telephone up.")


def account() -> Row[Any] | None:
    """The body's account at a carrier, in use or not; the first where there are several."""
    query = select(_ACCOUNTS).where(_ACCOUNTS.c.kind == KIND).order_by(_ACCOUNTS.c.active.desc(), _ACCOUNTS.c.id)
    return db.session.execute(query.limit(1)).one_or_none()


@unit()
def save_account(actor: Actor, given: Mapping[str, str], *, at: datetime | None = None) -> int:
    """The account; an empty secret leaves the one there is, another one lets the old one count for a day more."""
    _require(actor)
    now, known = at or clock.now(), account()
    settings, secret = _account(given, known is None), given.get("auth_token", "").strip()
    secrets = accounts.secrets_of(accounts.account_of(known)) if known else {}
    if secret:
        secrets = {"auth_token": secret, "previous": secrets.get("auth_token", "")}
        settings["previous_until"] = (now + GRACE).isoformat()
    row: dict[str, Any] = {"settings": {**(known.settings if known else {}), **settings}}
    row |= {
        "secrets": accounts.seal(secrets),
        "address": settings["account_sid"],
        "active": given.get("active") == "yes",
    }
    if known is None:
        made = {"kind": KIND, "name": "phone", **row}
        kept = int(db.session.execute(insert(_ACCOUNTS).values(made).returning(_ACCOUNTS.c.id)).scalar_one())
    else:
        kept = int(known.id)
        db.session.execute(update(_ACCOUNTS).where(_ACCOUNTS.c.id == kept).values(row))
    accounts.changed()
    house.record(actor, "changed" if known else "made", "telephone", kept, now)
    return kept


def _account(given: Mapping[str, str], new: bool) -> dict[str, Any]:
    wrong = {}
    sid, base = given.get("account_sid", "").strip(), given.get("base_url", "").strip().rstrip("/")
    if not _SID.fullmatch(sid):
        wrong["account_sid"] = "AC and 32 letters or digits"
    if base and (why := outgoing.why_not(base)):
        wrong["base_url"] = why
    secret = given.get("auth_token", "").strip()
    if (new or secret) and len(secret) < SHORTEST:
        wrong |= {"auth_token": f"{SHORTEST} characters or more"}
    if wrong:
        raise Invalid("Please correct what is marked.", fields=wrong)
    voices = {name: given[name].strip()[:80] for name in ("voice_el", "voice_en") if given.get(name, "").strip()}
    return {"account_sid": sid, "base_url": base, **voices}


def numbers() -> Sequence[Row[Any]]:
    """Our numbers, the oldest first."""
    return db.session.execute(select(_NUMBERS).order_by(_NUMBERS.c.id)).all()


def number(id_: int) -> Row[Any]:
    """One of them; raises NotFound."""
    row = db.session.execute(select(_NUMBERS).where(_NUMBERS.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("There is no such number.")
    return row


@unit()
def save_number(actor: Actor, id_: int | None, given: Mapping[str, Any], *, at: datetime | None = None) -> int:
    """A number of ours: whom it leads to, in which languages and hours, and what may be recorded."""
    _require(actor)
    known, now, row = account(), at or clock.now(), _number(given, id_)
    if known is None:
        raise Invalid("Set up the account at the carrier first.", code="no-account")
    if id_ is None:
        made = insert(_NUMBERS).values(row | {"account_id": known.id}).returning(_NUMBERS.c.id)
        kept = int(db.session.execute(made).scalar_one())
        texts.follow(row, _by(given), known.id)
        house.record(actor, "made", "telephone", kept, now)
        return kept
    before = number(id_)
    changes = house.changes(before, row)
    texts.follow(row, _by(given), known.id, before.number)
    db.session.execute(update(_NUMBERS).where(_NUMBERS.c.id == id_).values(row))
    house.record(actor, "changed", "telephone", id_, now, changes)
    return id_


def _by(given: Mapping[str, Any]) -> frozenset[str]:
    """By which channels the number takes messages."""
    return frozenset(kind for kind in TEXTS if given.get(kind) == "yes")


def _number(given: Mapping[str, Any], id_: int | None) -> dict[str, Any]:
    wrong, own = {}, e164(str(given.get("number", "")))
    taken = select(_NUMBERS.c.id).where(_NUMBERS.c.number == own, _NUMBERS.c.id.is_distinct_from(id_))
    if not own or db.session.execute(taken).scalar():
        wrong["number"] = "a telephone number that is not kept yet"
    names = {code: " ".join(str(given.get(f"name_{code}", "")).split())[:120] for code in i18n.LANGUAGES}
    if not all(names.values()):
        wrong["names"] = "a name in every language"
    languages = [code for code in given.get("languages", ()) if code in i18n.LANGUAGES]
    if not languages:
        wrong["languages"] = "at least one"
    row: dict[str, Any] = {"number": own, "names": names, "languages": languages}
    row |= _leads_to(given, wrong) | _lasts(given, wrong)
    ticks = ("voicemail", "records", "transcribes", "active")
    row |= {name: given.get(name) == "yes" for name in ticks} | {"texts": bool(_by(given))}
    if wrong:
        raise Invalid("Please correct what is marked.", fields=wrong)
    return row


def _leads_to(given: Mapping[str, Any], wrong: dict[str, str]) -> dict[str, Any]:
    department, menu, calendar = (str(given.get(name, "")) for name in ("department_id", "menu_id", "calendar_key"))
    if not department.isdecimal() or int(department) not in catalogue.current().departments:
        wrong["department_id"] = "a department"
    if menu and not (menu.isdecimal() and any(row.id == int(menu) for row in all_menus())):
        wrong["menu_id"] = "a menu"
    if calendar and calendar not in rulebook.all_in_force(RulebookKind.CALENDAR):
        wrong["calendar_key"] = "a calendar in force"
    known = int(department) if department.isdecimal() else None
    return {
        "department_id": known,
        "menu_id": int(menu) if menu.isdecimal() else None,
        "calendar_key": calendar or None,
    }


def _lasts(given: Mapping[str, Any], wrong: dict[str, str]) -> dict[str, int]:
    found = {}
    for name, least, most, scale in (("longest_wait", 1, 120, 60), ("keep_days", 1, 3650, 1)):
        told = str(given.get(name, ""))
        if not told.isdecimal() or not least <= int(told) <= most:
            wrong[name] = f"{least} to {most}"
            continue
        found[name] = int(told) * scale
    return found


def all_menus() -> Sequence[Row[Any]]:
    """Every menu, the oldest first."""
    return db.session.execute(select(_MENUS).order_by(_MENUS.c.id)).all()


def menu(id_: int) -> Row[Any]:
    """One of them; raises NotFound."""
    row = db.session.execute(select(_MENUS).where(_MENUS.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("There is no such menu.")
    return row


@unit()
def save_menu(
    actor: Actor, id_: int | None, names: Mapping[str, str], tree: Mapping[str, Any], *, at: datetime | None = None
) -> int:
    """A menu, whole: checked as callers will walk it."""
    _require(actor)
    now = at or clock.now()
    if not all(names.get(code, "").strip() for code in i18n.LANGUAGES):
        raise Invalid("Please correct what is marked.", fields={"names": "a name in every language"})
    menus.check(tree, catalogue.current().departments)
    row = {"names": dict(names), "tree": dict(tree), "changed_at": now}
    if id_ is None:
        key = catalogue.key_from(dict(names)) or "menu"
        made = insert(_MENUS).values(row | {"key": f"{key}-{now:%y%m%d%H%M%S%f}"}).returning(_MENUS.c.id)
        kept = int(db.session.execute(made).scalar_one())
    else:
        kept = int(menu(id_).id)
        db.session.execute(update(_MENUS).where(_MENUS.c.id == kept).values(row))
    house.record(actor, "changed" if id_ else "made", "telephone", kept, now)
    return kept


@dataclass(frozen=True)
class Tried:
    """What came of a call to ourselves by the public address: how far it got, and what to look at."""

    reached: bool
    status: int
    told: str


def try_out(actor: Actor) -> Tried:
    """Signs and posts a report to the address that the carrier uses, as the carrier would. Changes nothing."""
    _require(actor)
    known = account()
    if known is None:
        raise Invalid("Set up the account at the carrier first.", code="no-account")
    channel: Channel = registry.get(KIND)
    assert isinstance(channel, Signs)
    url = f"{working.base_of(known.id)}call/amd"
    body = urlencode({"CallSid": "CA" + "0" * 32, "AnsweredBy": "test"}).encode()
    token = accounts.secrets_of(accounts.account_of(known)).get("auth_token", "")
    try:
        status = _posted(url, body, channel.signed(url, body, token))
    except OSError as why:
        return Tried(False, 0, str(why))
    return Tried(True, status, "")


def _posted(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("POST", parts.path, body, dict(headers))
        return connection.getresponse().status
    except http.client.HTTPException as why:
        raise OSError(type(why).__name__) from None
    finally:
        connection.close()


def addresses(account_id: int) -> dict[str, str]:
    """What is to be entered at the carrier for each number."""
    base = working.base_of(account_id)
    return {"voice": f"{base}voice/inbound", "fallback": f"{base}voice/fallback", "status": f"{base}call/status"}


def is_secure() -> bool:
    """Whether carriers on the network reach us by TLS."""
    return bool(current_app.config["SETTINGS"].secure)
