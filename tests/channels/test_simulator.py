"""The simulated carrier: as strict as the real one, reached by the official client, with its faults."""

import threading
from datetime import UTC, datetime

import pytest

from channels.carrier import Dial, Refused, Text, Unknown
from channels.phone.simulator.face import Face
from channels.phone.simulator.grammar import BadDocument, read
from channels.phone.simulator.line import Status
from channels.phone.simulator.network import Network, Number, Phone
from channels.twilio_carrier import Account, TwilioCarrier

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ACCOUNT, TOKEN = "AC" + "0" * 32, "t" * 32
OURS, THEIRS = "+302101000001", "+306944123456"


class Application:
    """Answers with documents by the end of the address, and notes what it was told."""

    def __init__(self, **documents: str) -> None:
        self.documents, self.told = documents, []

    def __call__(self, url, body, headers):
        name = url.rsplit("/", 1)[-1]
        self.told.append((name, body.decode()))
        if name in self.documents:
            return 200, f"<Response>{self.documents[name]}</Response>".encode()
        return (204, b"") if name == "status" else (500, b"")


def a_network(**documents) -> tuple[Network, Application]:
    application = Application(**documents)
    network = Network(application, ACCOUNT, TOKEN, NOW)
    network.numbers[OURS] = Number("http://us/in", "http://us/status", "http://us/fallback")
    return network, application


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("<Response><Shout>a</Shout></Response>", "no verb Shout"),
        ("<Response><Enqueue>a</Enqueue></Response>", "no verb Enqueue"),
        ("<Response><Say speed='1'>a</Say></Response>", "no attribute speed"),
        ("<Response><Say><Play>http://a/b</Play></Say></Response>", "Say is empty"),
        ("<Response><Gather action='http://a/b'><Record action='http://a/b'/></Gather></Response>", "may not stand"),
        ("<Response><Redirect>/relative</Redirect></Response>", "no whole address"),
        ("<Response><Play>sound.wav</Play></Response>", "no whole address"),
        ("<Response><Gather/></Response>", "no action"),
        ("<Response>words</Response>", "verbs and nothing else"),
        ("<Response><Gather action='http://a/b' numDigits='0'/></Response>", "numDigits"),
        ("<Answer/>", "begins with Answer"),
        ("<Response>", "no XML"),
        ("<Response><Say>" + "a" * 5000 + "</Say></Response>", "4096"),
        ("<Response>" + "<Hangup/>" * 8000 + "</Response>", "64 kB"),
    ],
)
def test_what_the_carrier_would_not_take_is_an_error(document, why):
    with pytest.raises(BadDocument, match=why):
        read(document.encode())


def test_a_key_pressed_while_it_speaks_goes_on_at_once():
    network, application = a_network(
        **{
            "in": "<Gather action='http://us/next' numDigits='1'><Say>" + "a" * 150 + "</Say></Gather>",
            "next": "<Hangup/>",
        }
    )
    line = network.call(THEIRS, OURS)
    network.advance(1)
    network.press(line, "1")
    assert line.status is Status.COMPLETED
    assert "Digits=1" in next(body for name, body in application.told if name == "next")


def test_nothing_pressed_goes_on_after_the_gather():
    network, _ = a_network(**{"in": "<Gather action='http://us/next' timeout='5'/><Say>too late</Say>"})
    line = network.call(THEIRS, OURS)
    network.advance(10)
    assert line.heard == ["too late"] and line.over


def test_where_we_do_not_answer_the_second_address_is_asked():
    network, application = a_network(fallback="<Say>sorry</Say>")
    line = network.call(THEIRS, OURS)
    assert line.heard == ["sorry"]
    assert "ErrorCode=11200" in next(body for name, body in application.told if name == "fallback")


def test_who_ends_a_room_takes_everybody_along():
    room = "<Dial><Conference endConferenceOnExit='{}'>r</Conference></Dial><Say>bye</Say>"
    network, _ = a_network(**{"in": room.format("true"), "out": room.format("false")})
    citizen = network.call(THEIRS, OURS)
    network.phones["+302102222222"] = Phone(answers=2)
    agent = network.place("+302102222222", OURS, "http://us/out")
    network.advance(5)
    assert citizen.room == agent.room == "r"
    network.hang_up(citizen)
    network.advance(5)
    assert agent.over and agent.heard == ["bye"]


@pytest.mark.parametrize(
    ("phone", "status"),
    [
        (Phone(), "no-answer"),
        (Phone(busy=True), "busy"),
        (Phone(fails=True), "failed"),
        (Phone(answers=1), "completed"),
    ],
)
def test_whoever_is_rung_behaves_as_told_and_the_end_is_reported(phone, status):
    network, application = a_network(out="<Hangup/>")
    network.phones[THEIRS] = phone
    network.place(THEIRS, OURS, "http://us/out", tells="http://us/status", rings=20)
    network.advance(30)
    last = [body for name, body in application.told if name == "status"][-1]
    assert f"CallStatus={status}" in last


def test_a_carrier_that_tells_of_the_end_only():
    network, application = a_network(out="<Hangup/>")
    network.faults.only_last = True
    network.phones[THEIRS] = Phone(answers=1)
    network.place(THEIRS, OURS, "http://us/out", tells="http://us/status", rings=20)
    network.advance(30)
    assert [name for name, _ in application.told].count("status") == 1


@pytest.fixture
def face():
    network, application = a_network(out="<Record action='http://us/done' maxLength='5'/>", done="<Hangup/>")
    network.phones[THEIRS] = Phone(answers=1)
    face = Face(network)
    thread = threading.Thread(target=face.serve_forever, daemon=True)
    thread.start()
    network.application = application
    yield face
    face.shutdown()
    face.server_close()
    thread.join()


def carrier(face, token=TOKEN) -> TwilioCarrier:
    return TwilioCarrier(Account(ACCOUNT, token, face.url))


A_CALL = Dial(THEIRS, OURS, "http://us/out", "http://us/status", "k")


def test_the_official_client_places_finds_and_ends_calls(face):
    ours = carrier(face)
    sid = ours.dial(A_CALL)
    assert ours.call(sid).status == "queued"
    assert [found.sid for found in ours.calls(THEIRS, OURS, NOW)] == [sid]
    face.network.advance(3)
    assert ours.call(sid).status == "in-progress"
    ours.hang_up(sid)
    ours.hang_up(sid)
    assert ours.call(sid).status == "completed"
    assert ours.call("CA0") is None


def test_a_recording_is_fetched_and_deleted_there(face):
    ours = carrier(face)
    sid = ours.dial(A_CALL)
    face.network.advance(10)
    [kept] = face.network.recordings.values()
    media = ours.fetch_media(face.network.media(kept.sid), 10**6)
    assert (media.content_type, media.data[:4]) == ("audio/x-wav", b"RIFF")
    with pytest.raises(Refused, match="too large"):
        ours.fetch_media(face.network.media(kept.sid), 100)
    ours.delete_recording(kept.sid)
    ours.delete_recording(kept.sid)
    assert face.network.recordings == {} and sid


def test_a_party_is_held_in_its_room(face):
    face.network.courier.post.documents["out"] = "<Dial><Conference>r</Conference></Dial>"
    ours = carrier(face)
    sid = ours.dial(A_CALL)
    face.network.advance(3)
    assert ours.hold("r", sid, True)
    assert face.network.lines[sid].held
    assert not ours.hold("elsewhere", sid, True)


def test_a_text_is_sent_and_its_parts_are_told(face):
    assert carrier(face).send_sms(Text(THEIRS, OURS, "Καλημέρα " * 10)).segments == 2


def test_a_lost_answer_is_unknown_and_the_call_may_be_there(face):
    face.network.faults.replies_lost = 1.0
    ours, lost = carrier(face), 0
    for _ in range(10):
        with pytest.raises(Unknown):
            ours.dial(A_CALL)
    lost = len(ours.calls(THEIRS, OURS, NOW))
    assert 0 < lost < 10


def test_a_suspended_account_and_a_wrong_secret_are_refusals(face):
    with pytest.raises(Refused, match="401"):
        carrier(face, "x" * 32).dial(A_CALL)
    face.network.faults.refused = True
    with pytest.raises(Refused, match="not active"):
        carrier(face).dial(A_CALL)
    with pytest.raises(Refused, match="403"):
        carrier(face).dial(Dial("12", OURS, "http://us/out", "http://us/status", "k"))
