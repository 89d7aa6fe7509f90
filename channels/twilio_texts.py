"""Short messages and files at a carrier of Twilio's dialect: sent, looked for, fetched, deleted there."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from twilio.base.exceptions import TwilioRestException

from channels.carrier import Busy, Media, Refused, Text, TextFound, TextSent
from channels.twilio_line import HOME, SECONDS, Account, moved, typed

_PATH = re.compile(r"/2010-04-01/Accounts/[\w-]{10,64}/[\w/.-]{1,200}")
"""Where files lie at the carrier; nothing else is asked for with our secret."""
_SHELVES = ("twiliocdn.com", "amazonaws.com")
"""Where Twilio itself sends on to, by a signed address: asked without our secret, by https only."""


MOST_FOUND = 200
"""Messages that are looked through for one; a page of the carrier's."""


class TwilioTexts:
    """The part of an account that sends texts and keeps files."""

    _account: Account
    _base: Any
    _client: Any

    @typed
    def send_sms(self, text: Text) -> TextSent:
        """See the port."""
        given: dict[str, Any] = {"to": text.to, "from_": text.sender, "body": text.body}
        if text.template:
            given = {"to": text.to, "from_": text.sender, "content_sid": text.template}
            if text.variables:
                named = {str(n): value for n, value in enumerate(text.variables, 1)}
                given["content_variables"] = json.dumps(named, ensure_ascii=False)
        if text.status_url:
            given["status_callback"] = text.status_url
        if text.media:
            given["media_url"] = list(text.media)
        made = self._client.messages.create(**given)
        return TextSent(str(made.sid), str(made.status), int(made.num_segments or 1))

    @typed
    def text(self, sid: str) -> TextFound | None:
        """See the port."""
        try:
            return _found(self._client.messages(sid).fetch())
        except TwilioRestException as why:
            if why.status == 404:
                return None
            raise

    @typed
    def texts(self, to: str, sender: str, since: datetime) -> Sequence[TextFound]:
        """See the port. When it was sent is empty while it waits there, so that one cannot ask by that."""
        rows = self._client.messages.list(to=to, from_=sender, limit=MOST_FOUND, page_size=MOST_FOUND)
        found = [_found(row) for row in rows]
        return [one for one in found if one.made_at is None or one.made_at >= since]

    @typed
    def fetch_media(self, url: str, largest: int) -> Media:
        """With our name and secret, which therefore go to this carrier's own host only."""
        parts = urlsplit(url)
        ours = {self._base.hostname, urlsplit(HOME).hostname}
        path = parts.path.removeprefix(self._base.path.rstrip("/"))
        inside = _PATH.fullmatch(path) and ".." not in path
        if parts.scheme not in {"http", "https"} or parts.hostname not in ours or not inside or parts.username:
            raise Refused("the file does not lie at the carrier")
        asked = (self._account.sid, self._account.token)
        with _get(moved(parts._replace(path=path).geturl(), self._base), auth=asked) as answer:
            if answer.status_code not in {301, 302, 303, 307, 308}:
                return _read(answer, largest)
            shelf = urljoin(answer.url, answer.headers.get("location", ""))
        with _get(_shelf(shelf)) as answer:
            return _read(answer, largest)

    @typed
    def delete_media(self, message: str, media: str) -> None:
        """See the port."""
        try:
            self._client.messages(message).media(media).delete()
        except TwilioRestException as why:
            if why.status != 404:
                raise


def _found(row: Any) -> TextFound:
    return TextFound(str(row.sid), str(row.body or ""), str(row.status), str(row.error_code or ""), row.date_created)


def _get(url: str, **more: Any) -> requests.Response:
    return requests.get(url, allow_redirects=False, timeout=SECONDS, stream=True, **more)


def _shelf(url: str) -> str:
    """The carrier's own place for files, to which it may send on; raises Refused for every other."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not any(host == one or host.endswith(f".{one}") for one in _SHELVES):
        raise Refused("the carrier sends on to a place that is not its own")
    return url


def _read(answer: requests.Response, largest: int) -> Media:
    if answer.status_code == 404 or answer.status_code >= 500:
        raise Busy(f"the file is not there yet: {answer.status_code}")
    if answer.status_code != 200:
        raise Refused(f"the carrier answered {answer.status_code}")
    data = bytearray()
    for piece in answer.iter_content(1 << 16):
        data += piece
        if len(data) > largest:
            raise Refused("the file is too large")
    return Media(answer.headers.get("content-type", "").partition(";")[0].strip().lower(), bytes(data))
