"""What administrators keep of short messages: which numbers take them, and words that WhatsApp has approved."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Row, insert, select, text, update

from helpdesk import i18n
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.post import ChannelAccount
from helpdesk.models.texts import TextTemplate
from helpdesk.permissions import Actor, may
from helpdesk.services import accounts, house
from helpdesk.services.equipment import THROUGH
from helpdesk.services.texting import wording
from helpdesk.vocabulary import TEXTS

_ACCOUNTS, _TEMPLATES = table(ChannelAccount), table(TextTemplate)
_CONTENT = re.compile(r"HX[0-9a-fA-F]{32}")
MOST_GAPS = 9


def of_number(number: str) -> frozenset[str]:
    """By which channels a number of ours takes and sends messages."""
    rows = select(_ACCOUNTS.c.kind).where(_ACCOUNTS.c.kind.in_(TEXTS), _ACCOUNTS.c.address == number)
    return frozenset(db.session.execute(rows.where(_ACCOUNTS.c.active)).scalars())


def follow(row: Mapping[str, Any], wanted: Collection[str], through: int, before: str = "") -> None:
    """A number of the telephone takes messages by these channels from now on, and by no other; part of the caller's
    transaction. ``before`` is how the number read until now. What was said by it stays."""
    for kind in sorted(TEXTS):
        mine = _ACCOUNTS.c.kind == kind, _ACCOUNTS.c.address.in_([row["number"], before])
        known = db.session.execute(select(_ACCOUNTS.c.id).where(*mine).order_by(_ACCOUNTS.c.id).limit(1)).scalar()
        told = {"address": row["number"], "department_id": row["department_id"], "settings": {THROUGH: through}}
        told["active"] = kind in wanted and row["active"]
        if known is not None:
            db.session.execute(update(_ACCOUNTS).where(_ACCOUNTS.c.id == known).values(**told))
        elif kind in wanted:
            db.session.execute(insert(_ACCOUNTS).values(kind=kind.value, name="", **told))
    accounts.changed()


def numbers() -> Sequence[tuple[str, str, str]]:
    """The numbers that take messages: channel, number, and where the carrier hands them over."""
    base = current_app.config["SETTINGS"].public_base_url.rstrip("/")
    found = [account for account in accounts.book().accounts if account.kind in TEXTS]
    return [(one.kind, one.address, f"{base}/hooks/{one.kind}/{one.id}/message/inbound") for one in found]


_FIGURES = text(
    """
    select (select coalesce(sum(parts), 0) from text_message where asked_at > :since) as parts,
           (select count(*) from text_message where asked_at > :since) as messages,
           (select count(*) from text_message where asked_at > :since and error <> '') as failed,
           (select count(*) from text_contact where declined_at is not null) as declined
    """
)


def figures(at: datetime) -> Row[Any]:
    """What went out within a day, what of it failed, and how many want none."""
    return db.session.execute(_FIGURES, {"since": at - timedelta(days=1)}).one()


def templates() -> Sequence[Row[Any]]:
    """All approved words, also those out of use."""
    return db.session.execute(select(_TEMPLATES).order_by(_TEMPLATES.c.id)).all()


def template(id_: int) -> Row[Any]:
    """One of them; raises NotFound."""
    row = db.session.execute(select(_TEMPLATES).where(_TEMPLATES.c.id == id_)).one_or_none()
    if row is None:
        raise NotFound("There are no such words.")
    return row


@unit()
def save_template(actor: Actor, id_: int | None, given: Mapping[str, Any], at: datetime) -> int:
    """Approved words under the carrier's name for them. Raises Forbidden, NotFound, and Invalid that names fields."""
    if not may(actor, "administer"):
        raise Forbidden("Only administrators set the telephone up.")
    row = _checked(given, id_) | {"changed_at": at}
    if id_ is None:
        made = insert(_TEMPLATES).values(row).returning(_TEMPLATES.c.id)
        kept = int(db.session.execute(made).scalar_one())
    else:
        kept = int(template(id_).id)
        db.session.execute(update(_TEMPLATES).where(_TEMPLATES.c.id == kept).values(row))
    house.record(actor, "changed" if id_ else "made", "telephone", None, at, {"template": kept})
    return kept


def _checked(given: Mapping[str, Any], id_: int | None) -> dict[str, Any]:
    wrong = {}
    names = {code: " ".join(str(given.get(f"name_{code}", "")).split())[:120] for code in i18n.LANGUAGES}
    if not all(names.values()):
        wrong["names"] = "a name in every language"
    sid, words = str(given.get("content_sid", "")).strip(), str(given.get("words", "")).strip()
    taken = select(_TEMPLATES.c.id).where(_TEMPLATES.c.content_sid == sid, _TEMPLATES.c.id.is_distinct_from(id_))
    if not _CONTENT.fullmatch(sid) or db.session.execute(taken).scalar():
        wrong["content_sid"] = "HX and 32 digits or letters a to f, each once"
    if not words or len(words) > 1024 or wording.gaps(words) > MOST_GAPS:
        wrong["words"] = f"the words as they were approved, with at most {MOST_GAPS} gaps"
    language = str(given.get("language", ""))
    if language not in i18n.LANGUAGES:
        wrong["language"] = "a language of ours"
    if wrong:
        raise Invalid("Please correct what is marked.", fields=wrong)
    return {
        "names": names, "content_sid": sid, "words": words, "language": language,
        "active": given.get("active") == "yes",
    }  # fmt: skip
