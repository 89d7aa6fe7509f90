"""The web form: kept like any raw message, then processed while the citizen waits; told twice, it is one request."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from helpdesk import clock
from helpdesk.db import db, table, unit
from helpdesk.models.post import Inbound
from helpdesk.services import accounts, inbox, intake
from helpdesk.services.inbox import Incoming
from helpdesk.services.intake import Opened
from helpdesk.services.notices import NewFile
from helpdesk.vocabulary import ChannelKind

KIND = ChannelKind.WEBFORM
_ROWS = table(Inbound)


@dataclass(frozen=True)
class Form:
    """A checked form. ``key`` is the random word that its page was made with: the same key is the same request.

    ``service`` is a service's key, ``fields`` what that service asks beside the common ones.
    """

    key: str
    subject: str
    description: str
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = "el"
    service: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[NewFile] = ()
    on_behalf_of: Mapping[str, str] = field(default_factory=dict)
    """Name and e-mail of the person for whom it is asked, where that is somebody else."""


def submit(form: Form) -> Opened:
    """Opens the request and says number, department, promised moment and the way back.

    It is durable before it is understood: should that fail, a worker tries again and nobody writes it twice.
    """
    taken = inbox.process_one(_kept(form))
    assert taken.ticket_id is not None
    return _opened(taken.ticket_id)


@unit()
def _opened(ticket_id: int) -> Opened:
    return intake.opened(ticket_id)


@unit()
def _kept(form: Form) -> int:
    """The inbox's id of the form, whether it came now or before."""
    account_id = accounts.of_kind(KIND)
    name = hashlib.sha256(form.key.encode()).hexdigest()
    [inbound_id] = inbox.keep([Incoming(KIND, account_id, name, _raw(form), clock.now())])
    if inbound_id is None:
        known = select(_ROWS.c.id).where(_ROWS.c.account_id == account_id, _ROWS.c.external_id == name)
        inbound_id = db.session.execute(known).scalar_one()
    return int(inbound_id)


def _raw(form: Form) -> bytes:
    """Everything the citizen gave, files too, so that it can be processed again."""
    told = {name: getattr(form, name) for name in ("subject", "description", "name", "email", "phone", "language")}
    files = [
        {"name": file.name, "content_type": file.content_type, "data": base64.b64encode(file.data).decode()}
        for file in form.files
    ]
    whole = told | {"service": form.service, "fields": dict(form.fields), "files": files}
    if form.on_behalf_of:
        whole |= {"on_behalf_of": dict(form.on_behalf_of)}
    return json.dumps(whole, ensure_ascii=False).encode()
