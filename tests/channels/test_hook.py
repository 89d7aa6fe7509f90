"""Mail by webhook: who calls is proven, and a form becomes the mail that it was."""

import pytest

from channels import registry
from channels.email.settings import EmailSettings
from channels.port import BadSignature, Hook, Unreadable
from tests.channels.provider import MAIL, PUBLIC, call, field, form, raw_mode, signed, taken_apart

EMAIL = registry.get("email")
TOKEN = "a-secret-word-of-the-address"


def proven(hook: Hook, **settings: str) -> bool:
    try:
        EMAIL.verify(hook, EmailSettings(**settings))
    except BadSignature:
        return False
    return True


def test_a_call_is_proven_by_the_providers_signature():
    body, kind = raw_mode()
    good = signed(body)
    assert proven(call(body, kind, **good), hook_key=PUBLIC)
    assert not proven(call(body + b"x", kind, **good), hook_key=PUBLIC)
    assert not proven(call(body, kind, **good | {"X-Twilio-Email-Event-Webhook-Timestamp": "1"}), hook_key=PUBLIC)
    assert not proven(call(body, kind, **good | {"X-Twilio-Email-Event-Webhook-Signature": "AAAA"}), hook_key=PUBLIC)
    assert not proven(call(body, kind), hook_key=PUBLIC)
    assert not proven(call(body, kind, **good), hook_key="no key")


def test_where_nothing_is_signed_the_address_holds_a_secret_word():
    body, kind = raw_mode()
    assert proven(call(body, kind, path=TOKEN), hook_token=TOKEN)
    assert not proven(call(body, kind, path=TOKEN[:-1]), hook_token=TOKEN)
    assert not proven(call(body, kind), hook_token=TOKEN)
    assert not proven(call(body, kind, path="short"), hook_token="short")


def test_where_both_are_set_both_are_asked_and_where_neither_is_nobody_is_let_in():
    body, kind = raw_mode()
    both = {"hook_key": PUBLIC, "hook_token": TOKEN}
    assert proven(call(body, kind, path=TOKEN, **signed(body)), **both)
    assert not proven(call(body, kind, **signed(body)), **both)
    assert not proven(call(body, kind, path=TOKEN), **both)
    assert not proven(call(body, kind, path=TOKEN, **signed(body)))


def test_a_mail_that_is_posted_whole_is_kept_byte_for_byte():
    [raw] = EMAIL.receive(call(*raw_mode()), EmailSettings())
    assert raw.body == MAIL
    assert raw.envelope == {"recipients": ["info@city.example"], "peer": "192.0.2.7", "sender": "anna@example.org"}


def test_a_mail_that_is_posted_in_pieces_is_put_together_again():
    [raw] = EMAIL.receive(call(*taken_apart()), EmailSettings())
    mail = EMAIL.parse(raw)
    assert (mail.sender.address, mail.sender.name, mail.subject) == ("anna@example.org", "Άννα", "Νερά")
    assert (mail.message_id, mail.text.strip()) == ("m2@example.org", "Διαρροή στην Ερμού.")
    assert 'src="cid:pic1"' in (mail.html or "") or "pic1" in (mail.html or "")
    assert [(file.name, file.content_type, file.inline, file.content_id) for file in mail.attachments] == [
        ("pic.png", "image/png", True, "pic1"), ("αίτηση.pdf", "application/pdf", False, None),
    ]  # fmt: skip
    assert mail.attachments[1].data == b"%PDF-1.4"
    assert mail.spam["score"] == 7.1


def test_the_same_form_between_other_boundaries_is_the_same_mail():
    parts = [field("from", "a@example.org"), field("text", "γεια")]
    names = [next(iter(EMAIL.receive(call(*form(*parts, boundary=edge)), EmailSettings()))).external_id
             for edge in ("one", "two")]  # fmt: skip
    assert names[0] == names[1] != ""


def test_a_form_without_header_lines_is_told_by_its_fields():
    body, kind = form(field("from", "Άννα <a@example.org>"), field("subject", "Νερά"), field("html", "<b>Έξω</b>"))
    [raw] = EMAIL.receive(call(body, kind), EmailSettings())
    mail = EMAIL.parse(raw)
    assert (mail.sender.address, mail.subject, mail.text.strip()) == ("a@example.org", "Νερά", "Έξω")


@pytest.mark.parametrize(("body", "kind"), [
    (b"", ""),
    (b"{}", "application/json"),
    (b"no boundary", "multipart/form-data"),
    form(field("other", "x")),
    (b"\x00" * 100, "multipart/form-data; boundary=x"),
])  # fmt: skip
def test_junk_is_refused(body, kind):
    with pytest.raises(Unreadable):
        list(EMAIL.receive(call(body, kind), EmailSettings()))


@pytest.mark.parametrize("odd", [
    field("envelope", "[" * 5000), field("charsets", "{broken"), field("content-ids", "[1]"),
    field("attachment1", b"x", file="a\r\nBcc: x@y", kind="message/rfc822"),
    field("attachment1", b"x", file="", kind="multipart/mixed"),
    field("attachment1", b"x", file="a.bin", kind="image/"),
    field("headers", "\n\n: : :\nFrom\n  odd\n"), field("text", b"\xff\xfe\x00"), field("html", b""),
])  # fmt: skip
def test_odd_fields_lose_nothing_of_the_others(odd):
    body, kind = form(field("from", "a@example.org"), field("subject", "Νερά"), odd, field("text", "γεια"))
    [raw] = EMAIL.receive(call(body, kind), EmailSettings())
    mail = EMAIL.parse(raw)
    assert (mail.sender.address, mail.subject) == ("a@example.org", "Νερά")
