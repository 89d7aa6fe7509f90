"""The editor of every kind that has none of its own: the data itself, as the API takes it."""

import json
from typing import Any

from werkzeug.datastructures import MultiDict

from helpdesk.errors import Invalid
from helpdesk.web.admin.rulebook.chapter import Editor, Fields, Typed


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def _shown(data: dict[str, Any]) -> Typed:
    return {"data": json.dumps(data, ensure_ascii=False, indent=2)}


def _sent(form: MultiDict[str, str]) -> Typed:
    return {"data": form.get("data", "").replace("\r\n", "\n")}


def _read(typed: Typed) -> dict[str, Any]:
    try:
        data = json.loads(typed["data"])
    except (ValueError, RecursionError):
        raise Invalid(_("This is no JSON."), fields={"data": _("Check brackets, commas and quotes.")}) from None
    if not isinstance(data, dict):
        raise Invalid(_("This is no JSON."), fields={"data": _("It must be an object in braces.")})
    return data


def _placed(fields: Fields) -> dict[str, str]:
    """All of it stands in one field, which therefore names the place."""
    own = {name: told for name, told in fields.items() if name in ("title", "key", "why", "data")}
    within = [f"{name}: {told}" for name, told in fields.items() if name not in own]
    return own | ({"data": "; ".join(within)} if within else {})


EDITOR = Editor("admin/rulebook/_raw_form.html", _shown, _sent, _read, placed=_placed)
