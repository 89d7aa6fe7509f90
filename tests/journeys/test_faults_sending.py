"""Letters on their way out: a worker killed at every line, a provider that is away, a disk that takes nothing."""

import smtplib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.permissions import Actor
from helpdesk.services import inbox, outbox, replies
from helpdesk.services.outbox.settlement import FORGOTTEN
from tests.builders import an_agent
from tests.journeys.post import a_mail, department, post, processed
from tests.journeys.town import Town, a_town, office_of, wait_for


@pytest.fixture(scope="module")
def towns() -> Iterator[Town]:
    with a_town() as town:
        yield town


@pytest.fixture
def town(towns: Town) -> Iterator[Town]:
    """The same town with no part running, an empty outbox, and its mail going to the exchange."""
    sink = towns.smtp_url
    towns.settings.clear()
    towns.exchange.letters.clear()
    towns.exchange.at.clear()
    towns.ask("delete from outbound where state in ('waiting', 'sending')")
    towns.ask("update message set delivery_state = null where delivery_state in ('waiting', 'sending')")
    yield towns
    towns.smtp_url = sink
    for name in list(towns.parts):
        towns.kill(name)
    towns.flush_carrier()


@pytest.fixture
def app(town: Town) -> Iterator[Flask]:
    with office_of(town.servers, town.folder) as app:
        yield app


@pytest.fixture
def agent(app: Flask) -> Actor:
    someone = an_agent(department("water"))
    ground.commit()
    return someone


def a_letter(town: Town, state: str = "waiting") -> int:
    """The outbox number of the acknowledgement of a mail that just came in."""
    post(a_mail())
    processed()
    [letter] = town.ask("select max(id) from outbound")
    assert states(town, letter) == [state]
    return int(letter)


def states(town: Town, *letters: int) -> list[str]:
    return town.ask(f"select state from outbound where id in ({', '.join(map(str, letters))}) order by id")


def age(town: Town) -> None:
    """As if nobody had settled the claims for as long as a claim counts."""
    town.ask(f"update outbound set claimed_at = claimed_at - interval '{FORGOTTEN}' where state = 'sending'")


def hasten(town: Town) -> None:
    """As if the pause before the next try were over."""
    town.ask("update outbound set due_at = created_at where state = 'waiting'")
    wake()


def wake() -> None:
    """What the clock does every minute and every two seconds."""
    outbox.sweep()
    outbox.nudge()
    inbox.nudge()
    db.session.remove()


def die_at(town: Town, line: str) -> None:
    """Starts a worker that is killed at that line of SMTP."""
    town.exchange.at[line] = lambda: town.kill("worker") and None
    town.start("worker", "work")
    wait_for(f"nobody died at {line}", lambda: wake() or "worker" not in town.parts)


def test_a_worker_killed_when_it_takes_leave_has_settled_all_that_it_sent(town: Town, agent: Actor) -> None:
    """One line carries all letters of a round: each is settled before the line ends, so that none is in doubt."""
    town.exchange.open()
    automatic = a_letter(town)
    [number] = town.ask(f"select ticket_id from outbound where id = {automatic}")
    replies.reply(agent, int(number), "Έρχεται συνεργείο.")
    [written] = town.ask("select max(id) from outbound")
    die_at(town, "QUIT")
    town.start("worker", "work")
    wait_for("the letters are not sent", lambda: wake() or states(town, automatic, written) == ["sent", "sent"])
    came = Counter(str(letter["Message-ID"]) for letter in town.exchange.letters)
    assert list(came.values()) == [1, 1]
    assert town.faults() == ""


@pytest.mark.parametrize(("line", "arrived"), [("MAIL", False), ("DATA", True)])
def test_a_worker_killed_while_it_sends_doubles_no_letter(town: Town, agent: Actor, line: str, arrived: bool) -> None:
    """Killed after the claim, and after the last byte before our commit."""
    town.exchange.open()
    automatic = a_letter(town)
    [number] = town.ask(f"select ticket_id from outbound where id = {automatic}")
    replies.reply(agent, int(number), "Έρχεται συνεργείο.")
    [written] = town.ask("select max(id) from outbound")
    die_at(town, line)
    die_at(town, line)
    assert states(town, automatic, written) == ["sending", "sending"]
    assert town.faults() == ""

    age(town)
    town.start("worker", "work")
    wake()
    wait_for("the reply is not sent", lambda: states(town, written) == ["sent"])
    assert states(town, automatic) == ["unknown"], "what is automatic is never repeated blindly"
    [shown] = town.ask(
        f"select delivery_state from message join outbound on message.id = message_id where outbound.id = {automatic}"
    )
    assert shown == "unknown"
    names = dict(zip(("automatic", "written"), town.ask(
        f"select external_id from outbound where id in ({automatic}, {written}) order by id"
    ), strict=True))  # fmt: skip
    came = Counter(str(letter["Message-ID"]).strip("<>") for letter in town.exchange.letters)
    assert came[names["automatic"]] == arrived
    assert came[names["written"]] == 1 + arrived, "once more, under the same name"
    assert set(came) <= set(names.values())
    assert town.faults() == ""


def test_a_worker_killed_after_the_answer_and_before_our_commit_leaves_the_letter_in_doubt(
    town: Town, app: Flask
) -> None:
    """The exact line: the worker knows that it was taken, and dies while PostgreSQL has not written that down."""
    town.exchange.open()
    letter = a_letter(town)
    blocked = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query ilike 'update outbound%'"
    with town.connection() as holder:
        town.exchange.at["DATA"] = lambda: (
            holder.execute(f"select from outbound where id = {letter} for update") and None
        )
        town.start("worker", "work")
        wait_for("the worker does not settle", lambda: wake() or town.ask(blocked) == [1])
        town.kill("worker")
        holder.rollback()
    wait_for("its statement lives on", lambda: town.ask(blocked) == [0])
    assert states(town, letter) == ["sending"] and len(town.exchange.letters) == 1
    age(town)
    town.start("worker", "work")
    wait_for("nobody looked after it", lambda: wake() or states(town, letter) == ["unknown"])
    assert len(town.exchange.letters) == 1, "what is automatic is never repeated blindly"
    assert town.faults() == ""


def test_a_provider_that_is_away_is_asked_ever_more_seldom_and_the_letter_goes_out_once(town: Town, app: Flask) -> None:
    town.exchange.close()
    letter = a_letter(town)
    town.start("worker", "work")
    pauses = [pause_after_try(town, letter, tries) for tries in (1, 2, 3)]
    assert pauses == sorted(set(pauses)), "each pause is longer than the one before"
    town.exchange.open()
    wait_for("the letter is not sent", lambda: hasten(town) or states(town, letter) == ["sent"])
    assert len(town.exchange.letters) == 1
    assert town.faults() == ""


def pause_after_try(town: Town, letter: int, tries: int) -> float:
    """Seconds from that try to the next, which is then made due."""
    where = f"where id = {letter} and state = 'waiting' and attempts = {tries}"
    wait_for(f"there was no try {tries}", lambda: town.ask(f"select id from outbound {where}"))
    [pause] = town.ask(f"select round(extract(epoch from due_at - now())) from outbound {where}")
    [why] = town.ask(f"select detail from outbound {where}")
    assert "127.0.0.1" in why, "the reason is kept"
    hasten(town)
    return float(pause)


def test_a_sink_that_cannot_be_written_delays_a_letter_and_loses_none(town: Town, app: Flask) -> None:
    sink = town.folder / "full"
    sink.write_text("where a folder should be")
    town.smtp_url = sink.as_uri()
    letter = a_letter(town)
    town.start("worker", "work")
    where = f"where id = {letter} and state = 'waiting' and attempts = 1"
    wait_for("nobody tried", lambda: town.ask(f"select id from outbound {where}"))
    sink.unlink()
    hasten(town)
    wait_for("the letter is not sent", lambda: states(town, letter) == ["sent"])
    assert len(list(sink.glob("*.eml"))) == 1


def test_a_mail_whose_attachment_finds_no_room_waits_until_there_is_some(town: Town, app: Flask) -> None:
    mail = a_mail()
    mail.add_attachment(b"a photograph", maintype="image", subtype="png", filename="leak.png")
    occupy(town.folder / "attachments")
    [kept] = post(mail)
    town.start("worker", "work")
    where = f"where id = {kept} and state = 'kept' and attempts = 1 and error is not null"
    wait_for("nobody tried", lambda: town.ask(f"select id from inbound {where}"))
    (town.folder / "attachments").unlink()
    town.ask(f"update inbound set due_at = received_at where id = {kept}")
    wake()
    wait_for(
        "there is no ticket", lambda: town.ask(f"select ticket_id from inbound where id = {kept} and ticket_id > 0")
    )
    assert town.ask(f"select name from attachment join message on message.id = message_id where inbound_id = {kept}")
    assert town.faults() == ""


def occupy(folder: Path) -> None:
    """Puts a file where the folder should be: what nobody can write, whoever runs the test."""
    assert not folder.exists() or not any(folder.iterdir())
    if folder.exists():
        folder.rmdir()
    folder.write_text("")


def test_what_cannot_be_read_is_kept_with_its_reason_and_replayed(town: Town, app: Flask) -> None:
    town.settings["RECEIVE_PROTOCOL"] = "lmtp"
    town.start("mail", "receive-mail")
    town.start("worker", "work")
    wait_for("no mail is taken", lambda: town.listens)
    with smtplib.LMTP("127.0.0.1", town.mail_port, timeout=30) as server:
        assert server.sendmail("mta@example.org", ["info@city.example"], b"\r\n\r\n") == {}
    [kept] = wait_for("it is not kept", lambda: town.ask("select id from inbound where state = 'unreadable'"))
    [reason] = town.ask(f"select error from inbound where id = {kept}")
    assert reason
    assert town.faults() == ""
    town.kill("worker")
    again = town.run("replay", str(kept))
    assert (again.returncode, again.stdout.strip()) == (0, str(kept)), again.stderr
    assert town.ask(f"select state from inbound where id = {kept}") == ["kept"]
    town.start("worker", "work")
    wait_for(
        "it is not tried again", lambda: town.ask(f"select id from inbound where id = {kept} and state = 'unreadable'")
    )
    nobody = town.run("replay", "999999")
    assert (nobody.returncode, nobody.stdout) == (1, "")
