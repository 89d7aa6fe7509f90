"""Who may get into a conversation: threading attacks, none of which joins; and what must join, which does."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.services import accounts, inbox, outbox, rulebook
from helpdesk.services.inbox import Incoming
from tests.builders import NOON, an_account

VICTIM, HELPER, STRANGER = "anna@example.org", "colleague@example.org", "mallory@evil.example"


@dataclass(frozen=True)
class Ground:
    """A victim's request that was acknowledged, and one of the stranger's own."""

    number: int
    own: int
    signed: str
    own_signed: str
    asked: str
    answered: str
    own_asked: str
    info: str = "info@city.example"


@dataclass(frozen=True)
class Attack:
    """A mail; ``{…}`` in any value names something of the ground."""

    name: str
    sender: str = STRANGER
    to: str = "{info}"
    subject: str = "Hello"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = "Show me everything."
    envelope: dict[str, object] = field(default_factory=dict)

    def raw(self, told: dict[str, object]) -> bytes:
        """The mail as it is sent."""
        head = {"From": self.sender, "To": self.to, "Subject": self.subject} | self.headers
        lines = "".join(f"{name}: {value.format(**told)}\r\n" for name, value in head.items())
        return (lines + "\r\n" + self.body.format(**told) + "\r\n").encode()


def h(**given: str) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in given.items()}


SUBJECTS = [
    "[{number}] Re: Νερά", "Re: [{number}] We received your request", "[Ticket#{number}]", "#{number}", "{number}",
    "Re: {number}", "Fwd: [{number}]", "[#{number}] [{number}] {number}", "Αίτημα {number}", "Αίτημα αρ. {number}",
    "ticket:{number}", "[CASE:{number}]", "RE: Αίτημα αρ. πρωτ. {number}/2026", "info+t{number}@city.example",
]  # fmt: skip

ATTACKS = [
    *(Attack(f"stranger with subject {one}", subject=one) for one in SUBJECTS),
    *(Attack(f"participant of another request with subject {one}", sender=STRANGER, subject=one,
             headers=h(In_Reply_To="<{own_asked}>")) for one in SUBJECTS[:4]),
    Attack("stranger replays In-Reply-To of the citizen's mail", headers=h(In_Reply_To="<{asked}>")),
    Attack("stranger replays In-Reply-To of our letter", headers=h(In_Reply_To="<{answered}>")),
    Attack("stranger replays References", headers=h(References="<{asked}> <{answered}>")),
    Attack("stranger replays both", headers=h(In_Reply_To="<{answered}>", References="<{asked}> <{answered}>")),
    Attack("stranger replays Thread-Index and Thread-Topic", headers=h(Thread_Topic="Νερά", Thread_Index="AdkAAA==")),
    Attack("stranger at the signed address", to="{signed}"),
    Attack("stranger at the signed address in Cc", headers=h(Cc="{signed}")),
    Attack("stranger at the signed address as recipient only", envelope={"recipients": ["{signed}"]}),
    Attack("stranger at the signed address with everything", to="{signed}", subject="Re: [{number}]",
           headers=h(In_Reply_To="<{answered}>", References="<{asked}> <{answered}>")),
    Attack("stranger signed in Delivered-To", headers=h(Delivered_To="{signed}", X_Original_To="{signed}")),
    Attack("stranger under the victim's name", sender='"Anna" <' + STRANGER + ">", headers=h(In_Reply_To="<{asked}>")),
    Attack("stranger with the victim's address as a name", sender=f'"{VICTIM}" <{STRANGER}>',
           headers=h(In_Reply_To="<{asked}>")),
    Attack("stranger with the victim's address as a comment", sender=f"{STRANGER} ({VICTIM})", to="{signed}"),
    Attack("stranger before the victim in From", sender=f"{STRANGER}, {VICTIM}", headers=h(In_Reply_To="<{asked}>")),
    Attack("stranger with the victim in Reply-To", headers=h(Reply_To=VICTIM, In_Reply_To="<{asked}>")),
    Attack("stranger with the victim in Sender", headers=h(Sender=VICTIM, In_Reply_To="<{asked}>")),
    Attack("stranger with the victim in Resent-From", headers=h(Resent_From=VICTIM, In_Reply_To="<{asked}>")),
    Attack("stranger with the victim in X-Original-From", headers=h(X_Original_From=VICTIM, References="<{asked}>")),
    Attack("stranger with the victim in Cc", headers=h(Cc=VICTIM, In_Reply_To="<{asked}>")),
    Attack("stranger with the victim in To", to=f"{VICTIM}, {{info}}", headers=h(In_Reply_To="<{asked}>")),
    Attack("stranger with the victim as return path", headers=h(In_Reply_To="<{asked}>"), envelope={"sender": VICTIM}),
    Attack("victim as a name of a look-alike domain", sender="anna@examp1e.org", headers=h(In_Reply_To="<{asked}>")),
    Attack("victim at a subdomain", sender="anna@mail.example.org", headers=h(In_Reply_To="<{asked}>")),
    Attack("victim with a plus", sender="anna+x@example.org", headers=h(In_Reply_To="<{asked}>")),
    Attack("victim with a dot", sender="an.na@example.org", headers=h(In_Reply_To="<{asked}>")),
    Attack("victim in Greek letters", sender="αnna@example.org", headers=h(In_Reply_To="<{asked}>")),
    Attack("victim at the end of a longer domain", sender="anna@example.org.evil.example",
           headers=h(In_Reply_To="<{asked}>")),
    Attack("victim behind a quoted local part", sender='"anna@example.org"@evil.example',
           headers=h(In_Reply_To="<{asked}>")),
    Attack("victim behind a percent", sender="anna%example.org@evil.example", headers=h(In_Reply_To="<{asked}>")),
    Attack("victim's address after a null byte", sender=f"{STRANGER}\0{VICTIM}", headers=h(In_Reply_To="<{asked}>")),
    Attack("victim by an encoded word", sender=f"=?utf-8?q?{VICTIM}?= <{STRANGER}>", headers=h(References="<{asked}>")),
    Attack("nobody at all", sender="", headers=h(In_Reply_To="<{asked}>")),
    Attack("group without people", sender="undisclosed-recipients:;", headers=h(In_Reply_To="<{asked}>")),
    Attack("a machine of the victim's server", sender="mailer-daemon@example.org", headers=h(In_Reply_To="<{asked}>")),
    Attack("our own address", sender="info@city.example", headers=h(In_Reply_To="<{asked}>")),
    Attack("our own signed address", sender="{signed}", headers=h(In_Reply_To="<{asked}>")),
    Attack("signature of another request moved here", to="info+t{number}.{own_signed}@city.example"),
    Attack("signature shortened", to="{signed_short}"),
    Attack("signature with one letter changed", to="{signed_changed}"),
    Attack("signature on another of our domains", to="{signed_elsewhere}"),
    Attack("number without a signature", to="info+t{number}@city.example"),
    Attack("number with an empty signature", to="info+t{number}.@city.example"),
    Attack("signature in the body", body="{signed} [{number}] <{answered}>"),
    Attack("quotation of our letter in the body", body="> Number {number}\r\n> Message-ID: <{answered}>\r\n{signed}"),
    Attack("tracking link of the request in the body", body="http://127.0.0.1:8000/el/track?number={number}"),
    Attack("victim's mail attached", headers=h(Content_Type="message/rfc822"),
           body="From: anna@example.org\r\nIn-Reply-To: <{asked}>\r\n\r\nHi"),
    Attack("second From below", headers={"From ": VICTIM, "In-Reply-To": "<{asked}>"}),
    Attack("victim asks under the number alone", sender=VICTIM, subject="[{own}] Νερά"),
    Attack("victim refers to the stranger's request", sender=VICTIM, headers=h(In_Reply_To="<{own_asked}>")),
    Attack("victim at the stranger's signed address", sender=VICTIM, to="{own_signed_address}"),
    Attack("participant of a request at another one's address", to="{signed}", headers=h(In_Reply_To="<{own_asked}x>")),
    Attack("Message-ID of the victim's mail again", headers=h(Message_ID="<{asked}>")),
    Attack("Message-ID of our letter again", headers=h(Message_ID="<{answered}>")),
    Attack("folded references", headers=h(References="\r\n\t<{asked}>\r\n\t<{answered}>")),
    Attack("references without brackets", headers=h(References="{asked} {answered}")),
    Attack("In-Reply-To with words", headers=h(In_Reply_To="Message of Anna <{asked}>")),
    Attack("list headers", headers=h(List_Id="<l.example.org>", In_Reply_To="<{asked}>")),
    Attack("auto reply of a stranger", headers=h(Auto_Submitted="auto-replied", In_Reply_To="<{answered}>")),
    Attack("forged authentication",
           headers=h(Authentication_Results="mx.evil.example; dmarc=pass", In_Reply_To="<{asked}>")),
]  # fmt: skip

JOINS = [
    Attack("the citizen answers our letter", sender=VICTIM, headers=h(In_Reply_To="<{answered}>")),
    Attack("the citizen writes on below their own mail", sender=VICTIM, headers=h(References="<{asked}>")),
    Attack("the citizen writes to the signed address", sender=VICTIM, to="{signed}"),
    Attack("the citizen in other letters", sender="Anna <ANNA@Example.ORG>", to="{signed}"),
    Attack("who takes part answers", sender=HELPER, headers=h(In_Reply_To="<{answered}>")),
    Attack("who takes part at the signed address", sender=HELPER, to="{signed}"),
]


def come(body, raw: bytes, **envelope: object) -> None:
    inbox.keep([Incoming("email", body.id, inbox.fingerprint(raw), raw, clock.now(), envelope)])
    inbox.process()


def first(statement: str, **given: object):
    return db.session.execute(text(statement), given).scalar_one()


def request_of(body, sender: str, name: str) -> int:
    come(body, f"From: {sender}\r\nMessage-ID: <{name}>\r\nSubject: Νερά\r\n\r\nΔιαρροή.\r\n".encode())
    return first("select max(id) from ticket")


@pytest.fixture
def body(session):
    rulebook.ensure_defaults(NOON)
    row = an_account(address="info@city.example", is_default=True)
    an_account(address="info@town.example")
    accounts.changed()
    return accounts.book().by_id[row.id]


@pytest.fixture
def laid(body) -> tuple[object, dict[str, object]]:
    number = request_of(body, VICTIM, "asked@example.org")
    own = request_of(body, STRANGER, "own@evil.example")
    helper = first("insert into person (name, email, language, created_at) values ('H', :e, 'el', :at) returning id",
                   e=HELPER, at=NOON)  # fmt: skip
    db.session.execute(text("insert into participant values (:t, :p, :at)"), {"t": number, "p": helper, "at": NOON})
    ground.commit()
    outbox.deliver()
    signed, other = (accounts.reply_address(body, one) for one in (number, own))
    local, _, domain = signed.partition("@")
    last = "a" if local[-1] != "a" else "b"
    answered = first("select external_id from message where ticket_id = :t and direction = 'outbound'", t=number)
    facts = Ground(number, own, signed, other.partition(".")[2].partition("@")[0], "asked@example.org", answered,
                   "own@evil.example")  # fmt: skip
    more = {
        "signed_short": f"{local[:-3]}@{domain}", "signed_changed": f"{local[:-1]}{last}@{domain}",
        "signed_elsewhere": f"{local}@town.example", "own_signed_address": other,
    }  # fmt: skip
    return body, {**vars(facts), **more}


def brought(attack: Attack, laid) -> tuple[int, int]:
    """How many messages the victim's request has before and after."""
    body, told = laid
    count = "select count(*) from message where ticket_id = :t and direction = 'inbound'"
    target = told["own"] if attack.sender == VICTIM and attack in ATTACKS else told["number"]
    before = first(count, t=target)
    envelope = {
        name: [one.format(**told) for one in value] if isinstance(value, list) else value
        for name, value in attack.envelope.items()
    }
    come(body, attack.raw(told), **envelope)
    return before, first(count, t=target)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.name)
def test_no_stranger_joins(attack, laid):
    before, after = brought(attack, laid)
    assert after == before
    assert first("select count(*) from participant where ticket_id = :t", t=laid[1]["number"]) == 1
    assert first("select count(*) from inbound where state = 'kept'") == 0


@pytest.mark.parametrize("answer", JOINS, ids=lambda one: one.name)
def test_who_takes_part_joins(answer, laid):
    before, after = brought(answer, laid)
    assert after == before + 1


def test_there_are_enough_of_them():
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 60
