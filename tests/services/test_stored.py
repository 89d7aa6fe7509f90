"""Files of the store: whoever names one keeps it, whatever it is; the last to let go has it deleted."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import insert

from helpdesk import storage
from helpdesk.db import commit, db, table
from helpdesk.models.calls import Call, PhonePrompt, Recording
from helpdesk.models.tickets import Attachment
from helpdesk.services import calls, stored
from helpdesk.services.calls import prompts
from tests.builders import NOON, a_message, a_ticket, an_account, an_administrator

pytestmark = pytest.mark.usefixtures("body")
DAY = timedelta(days=1)


def a_recording(sound: bytes, until=NOON) -> str:
    """A message on the answering machine that is kept until then; its file."""
    account = an_account(kind="phone", address=f"phone-{sound.hex()}")
    call = {"account_id": account.id, "direction": "inbound", "state": "done", "room": sound.hex(), "started_at": NOON}
    [id_] = db.session.execute(insert(table(Call)).values(call).returning(table(Call).c.id)).one()
    name = storage.keep(sound)
    row = {
        "call_id": id_,
        "kind": "voicemail",
        "state": "kept",
        "sha256": name,
        "created_at": NOON,
        "keep_until": until,
    }
    db.session.execute(insert(table(Recording)).values(row))
    commit()
    return name


def attached(data: bytes, name: str) -> None:
    message = a_message(a_ticket())
    row = {
        "message_id": message.id,
        "name": "a.wav",
        "content_type": "audio/wav",
        "size": len(data),
        "sha256": name,
    }
    db.session.execute(insert(table(Attachment)).values(row))
    commit()


def test_a_recording_and_a_sound_of_our_own_belong_to_something():
    recorded, nobodys = a_recording(b"recorded", NOON + DAY), storage.keep(b"nobody's sound")
    said = storage.keep(b"welcome")
    prompt = {"key": "greeting", "language": "el", "sha256": said, "changed_at": NOON}
    db.session.execute(insert(table(PhonePrompt)).values(prompt))
    assert stored.named({recorded, said, nobodys}) == {recorded, said}
    assert stored.named(()) == set()


def test_what_was_kept_long_enough_is_deleted_and_not_before():
    early, late = a_recording(b"early"), a_recording(b"late", NOON + DAY)
    assert calls.forget(NOON) == 1
    assert (storage.exists(early), storage.exists(late)) == (False, True)
    assert calls.forget(NOON) == 0


def test_a_file_that_a_request_has_too_stays():
    name = a_recording(b"shared")
    attached(b"shared", name)
    assert calls.forget(NOON) == 1
    assert storage.exists(name)


def test_a_sound_that_was_replaced_or_taken_back_is_deleted():
    root, first, second = an_administrator(), b"RIFF first", b"RIFF second"
    for sound in (first, second):
        prompts.save(root, "greeting", "el", "", sound, content_type="audio/wav", at=NOON)
    names = [hashlib.sha256(sound).hexdigest() for sound in (first, second)]
    assert [storage.exists(name) for name in names] == [False, True]
    prompts.save(root, "greeting", "el", "", at=NOON)
    assert not storage.exists(names[1])
