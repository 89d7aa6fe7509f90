"""Where each page of the route table is looked at; a route without a line here fails."""

from collections.abc import Mapping

from tests.browser import citizens_pages, staff_pages
from tests.browser.ways import Address

CASES: Mapping[str, tuple[Address, ...]] = {**citizens_pages.CASES, **staff_pages.CASES}

NOT_PAGES: Mapping[str, str] = {
    "static": "files",
    "api.describe": "JSON",
    "stats.as_csv": "CSV",
    "stats.as_json": "JSON",
    "desk.rows": "a part of the queue",
    "desk.updates": "JSON",
    "desk.receipt_pdf": "a document",
    "portal.track_receipt_pdf": "a document",
    "desk.attachment": "a file",
    "desk.shown": "a picture or a file, shown in the browser",
    "desk.told_csv": "CSV",
    "desk.major_review_pdf": "a file",
    "desk.as_sent": "somebody's mail with its own look, on a page of its own",
    "portal.track_file": "a file",
    "portal.chat_file": "a file",
    "portal.chat_transcript": "a file",
    "files.signed": "a file",
    "live.live_stream": "a stream",
    "desk.presence_bar": "a part of the bar",
    "desk.chats_list": "a part of the chats",
    "embedded.loader": "a script for other sites",
    "embedded.theme": "a style sheet",
    "embedded.frame": "stands in a frame: test_chat.py goes there",
    "desk.chat_pane": "a part of the chats",
    "desk.phone_now": "a part of the telephone's page",
    "desk.recording": "a sound",
    "admin.phone_try_now": "a part of the page on which the telephone is tried",
    "sounds.waiting": "a sound",
    "sounds.prompt": "a sound",
    "supervise.board_rows": "a part of the board",
    "supervise.raw_file": "a file",
    "supervise.waiting_csv": "CSV",
    "supervise.waiting_json": "JSON",
    "supervise.bot_csv": "CSV",
    "supervise.bot_json": "JSON",
    "admin.trial_progress": "a part of a trial",
    "admin.application_progress": "a part of an application",
    "admin.verification_progress": "a part of a verification",
    "admin.trial_csv": "CSV",
    "admin.application": "what came of applying; tests/web looks at it",
    "admin.agreement": "leads to the version that holds",
    "admin.letter_page": "somebody's letter, in a frame of its own",
    "auth.first": "over in a demo; the empty start's journey looks at it",
    "doors.front": "leads to the reader's language",
    "doors.enter": "leads to the reader's language",
}

LOOKED_AT_BY: Mapping[str, str] = {"desk.major": "administrator", "desk.major_review": "administrator"}
"""Who looks, where that is not just anybody whom the guard lets in."""
