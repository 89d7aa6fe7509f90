"""The ticket page: what it shows, what it offers, and every act on it with its refusals and its way back."""

import io
import re
from datetime import timedelta

import pytest

from helpdesk import clock, storage
from helpdesk.clock import NEVER
from helpdesk.db import db
from helpdesk.models.help import CannedReply
from helpdesk.models.people import Person
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Attachment, Link, Message, Participant, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, intake, replies, tickets
from helpdesk.services.intake import Arrival, NewTicket
from helpdesk.services.people import Contact
from helpdesk.vocabulary import ActorKind
from helpdesk.web.desk import given
from tests.builders import (
    NOON,
    a_department,
    a_message,
    a_service,
    a_supervisor,
    a_ticket,
    an_administrator,
    an_agent,
)
from tests.web.browsers import Browser, counted

pytestmark = pytest.mark.usefixtures("body")


@pytest.fixture
def department():
    return a_department(names={"el": "Πράσινο", "en": "Parks"})


@pytest.fixture
def agent(department):
    return an_agent(department, name="Μαρία")


@pytest.fixture
def browser(app, agent):
    catalogue.changed(NOON)
    return Browser(app, agent)


def path(ticket: Ticket, act: str = "") -> str:
    return f"/desk/tickets/{ticket.id}{'/' + act if act else ''}"


def act(browser: Browser, ticket: Ticket, verb: str, **form: object):
    db.session.refresh(ticket)
    form.setdefault("version", str(ticket.version))
    return browser.send(path(ticket, verb), page=path(ticket), **form)


def notes(ticket: Ticket) -> list[str]:
    rows = db.session.query(Message).filter_by(ticket_id=ticket.id, audience="internal")
    return [row.text for row in rows.order_by(Message.id)]


def undo(browser: Browser, page: str):
    """Presses Undo in the toast of a page."""
    found = re.search(r'class="desk toast".*?<form method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert found, "there is no Undo"
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', found.group(2)))
    fields.pop("csrf_token")
    return browser.send(found.group(1), **fields)


# What it shows


def test_the_page_tells_who_asks_what_is_promised_and_why_it_came_here(app, agent, browser, department):
    opened = intake.open_ticket(
        agent, NewTicket("Σπασμένο παγκάκι", "Στην πλατεία", "Άννα", "anna@example.org", department=department.key)
    )
    page = browser.open(f"/desk/tickets/{opened.number}").text
    for words in ("Σπασμένο παγκάκι", "Στην πλατεία", "anna@example.org", "Parks", "First response", "Resolution"):
        assert words in page
    assert "by the policy “default” (version 1), in the hours of “default”" in page
    assert "A colleague chose the department when taking it down." in page
    assert page.count("<h1") == 1


def test_the_reasons_of_routing_stand_in_words(browser, ticket):
    reasons = [{"kind": "words", "rule": "r1", "title": "Lighting", "word": "λάμπα", "place": "text"}]
    ticket.routing = {"by": "rule", "ruleset": "default@3", "reasons": reasons}
    db.session.flush()
    page = browser.open(path(ticket)).text
    assert "A rule chose the department." in page
    assert "Rule “Lighting”" in page
    assert "says “λάμπα” in the text" in page
    assert "default@3" in page


def test_the_page_takes_at_most_seventeen_statements(browser, ticket, agent):
    replies.reply(agent, ticket.id, "Απάντηση")
    browser.open(path(ticket))
    with counted() as statements:
        assert browser.open(path(ticket)).status_code == 200
    assert len(statements) <= 17, "\n".join(statements)


def test_what_people_write_is_text_and_never_markup(browser, department):
    ticket = a_ticket(
        department_id=department.id, subject="<b>x</b>", text="<script>alert(1)</script> http://a.example"
    )
    page = browser.open(path(ticket)).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="http://a.example"' in page


def test_a_forged_sender_is_flagged(browser, ticket):
    claims = {"trusted": True, "dmarc": "fail", "aligned": False}
    a_message(ticket, authentication=claims)
    assert "The sender&#39;s address is not proven" in browser.open(path(ticket)).text


def test_a_reply_that_came_back_says_so_with_its_reason(browser, ticket):
    a_message(ticket, direction="outbound", delivery_state="bounced", delivery_detail="5.1.1 no such mailbox")
    page = browser.open(path(ticket)).text
    assert "came back: 5.1.1 no such mailbox" in page


def test_of_a_long_story_the_newest_stand_there_and_the_older_behind_a_link(browser, ticket):
    for minute in range(210):
        a_message(ticket, text=f"μήνυμα-{minute}.", at=NOON + timedelta(minutes=minute + 1))
    page = browser.open(path(ticket)).text
    assert re.search(r"1\d earlier messages", page)
    assert "μήνυμα-209." in page
    assert "μήνυμα-9." not in page
    assert "μήνυμα-9." in browser.open(f"{path(ticket)}?all=1").text


def test_facts_that_follow_each_other_are_folded(browser, ticket, agent):
    tickets.take(agent, ticket.id)
    tickets.wait(agent, ticket.id, "needs_information")
    page = browser.open(path(ticket)).text
    assert re.search(r"\d changes</span>", page)
    assert "set it to “Waiting for citizen”, We need information from the citizen" in page


def test_the_page_speaks_greek(app, agent, ticket, browser):
    page = Browser(app, agent, "el").open(path(ticket)).text
    assert 'lang="el"' in page
    assert "Απάντηση στον πολίτη" in page


# Who may see and do what


def test_a_restricted_ticket_of_others_is_not_there_for_anybody_else(app, browser, session):
    hidden = a_ticket(department_id=a_department().id, restricted=True)
    assert browser.open(path(hidden)).status_code == 404
    assert browser.send(path(hidden, "take")).status_code == 404
    assert browser.send(path(hidden, "messages"), text="x").status_code == 404
    db.session.refresh(hidden)
    assert hidden.assignee_id is None
    assert Browser(app, an_administrator()).open(path(hidden)).status_code == 200


def test_a_colleague_of_another_department_reads_and_notes_and_is_offered_nothing_else(app, ticket):
    other = Browser(app, an_agent(a_department()))
    page = other.open(path(ticket)).text
    assert 'value="internal"' in page
    assert 'value="public"' not in page
    assert path(ticket, "take") not in page
    assert path(ticket, "resolve") not in page
    assert act(other, ticket, "messages", audience="internal", text="Δείτε και το 5").status_code == 303
    assert notes(ticket) == ["Δείτε και το 5"]


def test_who_may_not_do_it_is_told_so_and_keeps_what_they_typed(app, ticket):
    other = Browser(app, an_agent(a_department()))
    answer = act(other, ticket, "messages", audience="public", text="μακρύ κείμενο")
    assert answer.status_code == 403
    assert "You may read this ticket, not change it." in answer.text
    assert "μακρύ κείμενο" in answer.text
    assert act(other, ticket, "cancel", reason="x").status_code == 403


def test_nobody_signed_in_sees_the_sign_in(client, ticket):
    assert client.get(path(ticket)).status_code == 302


def test_only_what_the_state_allows_is_offered(browser, ticket, agent):
    tickets.resolve(agent, ticket.id, "solved", "Έτοιμο")
    page = browser.open(path(ticket)).text
    for offered in ("close", "confirm", "reopen"):
        assert path(ticket, offered) in page
    for gone in ("wait", "take", "resolve", "transfer", "cancel"):
        assert path(ticket, gone) not in page


def test_an_address_no_column_can_hold_and_an_unknown_act_are_no_pages(browser, ticket):
    assert browser.open(f"/desk/tickets/{10**18}").status_code == 404
    assert browser.send(path(ticket, "explode")).status_code == 404


def test_a_form_without_its_token_changes_nothing(browser, ticket):
    assert browser.client.post(path(ticket, "take")).status_code == 400
    db.session.refresh(ticket)
    assert ticket.assignee_id is None


# Writing


def test_a_reply_is_sent_and_the_page_leads_to_it(browser, ticket, agent):
    answer = act(browser, ticket, "messages", audience="public", text="Έρχεται συνεργείο.")
    message = db.session.query(Message).filter_by(ticket_id=ticket.id, direction="outbound", automatic=None).one()
    assert answer.status_code == 303
    assert answer.location == f"{path(ticket)}#m{message.id}"
    assert (message.text, message.author_id) == ("Έρχεται συνεργείο.", agent.id)
    page = browser.open(path(ticket)).text
    assert "Your reply is on its way." in page
    assert "leaves in a moment" in page


def test_send_and_wait_is_one_act(browser, ticket):
    act(browser, ticket, "messages", audience="public", text="Στείλτε μας χάρτη.", then="wait:needs_document")
    db.session.refresh(ticket)
    assert (ticket.status, ticket.waiting_reason) == ("waiting_requester", "needs_document")


def test_send_and_resolve_is_one_message(browser, ticket):
    act(browser, ticket, "messages", audience="public", text="Έγινε.", then="resolve:fulfilled")
    db.session.refresh(ticket)
    assert (ticket.status, ticket.resolution_code) == ("resolved", "fulfilled")
    assert db.session.query(Message).filter_by(ticket_id=ticket.id, direction="outbound", automatic=None).count() == 1


def test_files_go_along_and_can_be_read_by_who_reads_the_ticket(app, browser, ticket, department):
    files = [(io.BytesIO(b"%PDF-1.4 x"), "χάρτης.pdf"), (io.BytesIO(b"two"), "b.txt")]
    assert act(browser, ticket, "messages", audience="public", text="Δείτε", files=files).status_code == 303
    kept = db.session.query(Attachment).order_by(Attachment.id).all()
    assert [file.name for file in kept] == ["χάρτης.pdf", "b.txt"]
    assert "χάρτης.pdf" in browser.open(path(ticket)).text
    served = browser.open(f"/desk/attachments/{kept[0].id}")
    assert served.data == storage.read(kept[0].sha256)
    assert served.headers["Content-Disposition"].startswith("attachment")
    served.close()
    tickets.restrict(an_administrator(), ticket.id)
    assert Browser(app, an_agent(a_department())).open(f"/desk/attachments/{kept[0].id}").status_code == 404


def test_an_empty_reply_comes_back_with_what_to_do(browser, ticket):
    answer = act(browser, ticket, "messages", audience="public", text="  ")
    assert answer.status_code == 422
    assert 'id="text-error"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_file_too_large_comes_back_and_the_words_stay(browser, ticket, monkeypatch):
    monkeypatch.setattr(given, "LARGEST_FILE", 100)
    huge = (io.BytesIO(b"0" * 101), "huge.bin")
    answer = act(browser, ticket, "messages", audience="public", text="με αρχείο", files=huge)
    assert answer.status_code == 422
    assert "με αρχείο" in answer.text
    assert not db.session.query(Message).filter_by(ticket_id=ticket.id, direction="outbound", automatic=None).count()


def test_who_answers_past_a_newer_message_is_told_first_and_loses_nothing(browser, ticket):
    seen = str(db.session.query(Message.id).filter_by(ticket_id=ticket.id, direction="inbound").scalar())
    citizen = Actor(ActorKind.CITIZEN, ticket.requester_id)
    replies.citizen_writes(citizen, ticket.id, "Δεν χρειάζεται πια!")
    answer = act(browser, ticket, "messages", audience="public", text="Ερχόμαστε", seen=seen)
    assert answer.status_code == 409
    assert "Somebody has written meanwhile" in answer.text
    assert "Ερχόμαστε" in answer.text
    assert "Δεν χρειάζεται πια!" in answer.text
    again = re.search(r'id="seen" value="(\d+)"', answer.text).group(1)
    assert act(browser, ticket, "messages", audience="public", text="Εντάξει", seen=again).status_code == 303


def test_a_reply_can_be_taken_back_and_its_words_are_in_the_composer_again(browser, ticket):
    act(browser, ticket, "messages", audience="public", text="Λάθος κείμενο")
    answer = undo(browser, browser.open(path(ticket)).text)
    message = db.session.query(Message).filter_by(ticket_id=ticket.id, direction="outbound", automatic=None).one()
    assert (answer.status_code, message.delivery_state) == (303, "withdrawn")
    page = browser.open(answer.location.partition("#")[0]).text
    assert re.search(r'<textarea id="text"[^>]*>Λάθος κείμενο</textarea>', page)


def test_what_has_left_is_not_taken_back(browser, ticket, agent):
    message = replies.reply(agent, ticket.id, "Έφυγε")
    db.session.execute(db.text("update outbound set state = 'sent' where message_id = :id"), {"id": message.id})
    answer = browser.send(f"{path(ticket)}/messages/{message.id}/withdraw")
    assert answer.status_code == 409
    assert "on its way already" in answer.text


def test_nobody_takes_back_the_words_of_others(app, browser, ticket, department):
    message = replies.reply(an_agent(department), ticket.id, "Δικά μου")
    assert browser.send(f"{path(ticket)}/messages/{message.id}/withdraw").status_code == 404


def test_canned_texts_come_in_the_citizen_s_language(browser, ticket, department):
    texts = {"el": "Ευχαριστούμε.", "en": "Thank you."}
    db.session.add(CannedReply(key="t", titles={"en": "Thanks"}, texts=texts, department_id=department.id))
    db.session.add(CannedReply(key="x", titles={"en": "Alien"}, texts=texts, department_id=a_department().id))
    db.session.flush()
    page = browser.open(path(ticket)).text
    assert 'data-text="Ευχαριστούμε."' in page
    assert "Thanks" in page
    assert "Alien" not in page


# Acts


def test_take_and_undo(browser, ticket, agent):
    answer = act(browser, ticket, "take")
    db.session.refresh(ticket)
    assert (answer.status_code, ticket.assignee_id, ticket.status) == (303, agent.id, "open")
    assert answer.location.endswith("#text")
    undo(browser, browser.open(path(ticket)).text)
    db.session.refresh(ticket)
    assert ticket.assignee_id is None


def test_take_from_the_queue_leads_back_to_it_and_nowhere_else(browser, ticket):
    assert act(browser, ticket, "take", next="/desk?view=unassigned").location == "/desk?view=unassigned"
    assert act(browser, ticket, "resume", next="//evil.example/desk").status_code == 409
    assert "evil" not in act(browser, ticket, "take", next="//evil.example").location
    assert "evil" not in act(browser, ticket, "take", next="/desk\\@evil.example").location


def test_taking_what_somebody_else_has_is_refused(app, browser, ticket, department):
    tickets.take(an_agent(department), ticket.id)
    answer = act(browser, ticket, "take")
    assert answer.status_code == 409
    assert "Somebody else has taken this ticket." in answer.text


def test_assign_and_undo(browser, ticket, department):
    colleague = an_agent(department, name="Νίκος")
    catalogue.changed(NOON)
    assert "Νίκος" in browser.open(path(ticket)).text
    act(browser, ticket, "assign", assignee_id=str(colleague.id))
    db.session.refresh(ticket)
    assert ticket.assignee_id == colleague.id
    undo(browser, browser.open(path(ticket)).text)
    db.session.refresh(ticket)
    assert ticket.assignee_id is None


def test_wait_until_and_undo(browser, ticket):
    soon = clock.now() + timedelta(days=3)
    answer = act(browser, ticket, "wait", reason="agreed_date", until=f"{soon:%Y-%m-%dT09:30}", note="Ραντεβού")
    db.session.refresh(ticket)
    assert (answer.status_code, ticket.status, ticket.waiting_reason) == (303, "scheduled", "agreed_date")
    assert notes(ticket) == ["Ραντεβού"]
    undo(browser, browser.open(path(ticket)).text)
    db.session.refresh(ticket)
    assert ticket.status == "open"


def test_who_asks_for_help_says_why_and_the_level_stands_on_the_page(app, browser, department, agent, ticket):
    a_supervisor(department, email="boss@example.org")
    browser.send(path(ticket, "escalate"), reason=" ")
    assert db.session.get(Ticket, ticket.id).escalation_level == 0
    answer = browser.send(path(ticket, "escalate"), reason="Needs a decision.", page=path(ticket))
    assert answer.status_code == 303
    page = browser.open(path(ticket)).text
    assert "Level 1" in page and "escalated it to " in page and ", level 1" in page and "Needs a decision." in page
    letter = db.session.query(Outbound).filter_by(template="escalated").one()
    assert letter.payload["to_address"] == "boss@example.org"


def test_waiting_until_yesterday_is_refused_beside_the_field_with_all_that_was_typed(browser, ticket):
    answer = act(browser, ticket, "wait", reason="approval", until="2020-01-01T10:00", note="γιατί")
    assert answer.status_code == 422
    assert 'id="wait-until-error"' in answer.text
    assert 'value="2020-01-01T10:00"' in answer.text
    assert "γιατί</textarea>" in answer.text
    assert '<option value="approval" selected>' in answer.text


def test_resume_and_undo(browser, ticket, agent):
    tickets.wait(agent, ticket.id, "supplier_works")
    act(browser, ticket, "resume")
    db.session.refresh(ticket)
    assert ticket.status == "open"
    undo(browser, browser.open(path(ticket)).text)
    db.session.refresh(ticket)
    assert (ticket.status, ticket.waiting_reason) == ("waiting_supplier", "supplier_works")


def test_transfer_with_a_note_and_back(browser, ticket, department, app):
    other = a_department()
    catalogue.changed(NOON)
    answer = act(browser, ticket, "transfer", department_id=str(other.id), reason="Δικό τους", note="Δείτε το χθεσινό")
    db.session.refresh(ticket)
    assert (answer.status_code, ticket.department_id) == (303, other.id)
    assert "Δείτε το χθεσινό" in notes(ticket)[0]
    assert "was transferred" in browser.open(path(ticket)).text


def test_what_one_may_not_read_after_a_transfer_leads_to_the_queue(browser, ticket):
    other = a_department()
    catalogue.changed(NOON)
    ticket.restricted = True
    db.session.flush()
    answer = act(browser, ticket, "transfer", department_id=str(other.id), reason="Δικό τους")
    assert answer.location == "/desk"


def test_a_transfer_without_a_reason_is_refused_beside_the_field(browser, ticket):
    answer = act(browser, ticket, "transfer", department_id=str(a_department().id), reason="")
    assert answer.status_code == 422
    assert 'id="transfer-reason-error"' in answer.text


def test_resolve_confirm_and_what_follows(browser, ticket):
    assert act(browser, ticket, "resolve", code="solved", text="Η λάμπα άλλαξε.").status_code == 303
    assert act(browser, ticket, "confirm").status_code == 303
    db.session.refresh(ticket)
    assert (ticket.status, ticket.resolution_text) == ("closed", "Η λάμπα άλλαξε.")
    refused = act(browser, ticket, "messages", audience="public", text="κι άλλο")
    assert refused.status_code == 409
    assert "κι άλλο" in refused.text


def test_a_resolution_without_words_comes_back(browser, ticket):
    answer = act(browser, ticket, "resolve", code="solved", text="")
    assert answer.status_code == 422
    assert 'id="resolve-text-error"' in answer.text
    assert 'href="#resolve-text"' in answer.text


def test_reopen_close_cancel(browser, ticket, department, agent):
    tickets.resolve(agent, ticket.id, "solved", "Έτοιμο")
    assert act(browser, ticket, "reopen", reason="Πήρε τηλέφωνο").status_code == 303
    db.session.refresh(ticket)
    assert (ticket.status, ticket.reopened) == ("open", 1)
    tickets.resolve(agent, ticket.id, "solved", "Τώρα ναι")
    act(browser, ticket, "close")
    db.session.refresh(ticket)
    assert ticket.status == "closed"
    spam = a_ticket(department_id=department.id)
    assert act(browser, spam, "cancel", reason="").status_code == 422
    act(browser, spam, "cancel", reason="Διαφήμιση")
    db.session.refresh(spam)
    assert (spam.status, notes(spam)) == ("cancelled", ["Διαφήμιση"])


def test_classify_changes_only_what_differs_and_can_be_undone(browser, ticket):
    service = a_service()
    catalogue.changed(NOON)
    same = {"type": "incident", "impact": "medium", "urgency": "medium", "priority": "normal", "service_id": ""}
    act(browser, ticket, "classify", **same | {"impact": "high", "urgency": "high"})
    db.session.refresh(ticket)
    assert (ticket.impact, ticket.priority) == ("high", "critical")
    undo(browser, browser.open(path(ticket)).text)
    db.session.refresh(ticket)
    assert (ticket.impact, ticket.urgency, ticket.priority) == ("medium", "medium", "normal")
    act(browser, ticket, "classify", **same | {"service_id": str(service.id)})
    db.session.refresh(ticket)
    assert ticket.service_id == service.id


def test_a_priority_of_one_s_own_needs_its_reason_and_stays_when_something_else_changes(browser, ticket):
    same = {"type": "incident", "impact": "medium", "urgency": "medium", "priority": "high"}
    assert act(browser, ticket, "classify", **same).status_code == 422
    assert act(browser, ticket, "classify", **same, reason="Σχολείο δίπλα").status_code == 303
    act(browser, ticket, "classify", **same | {"type": "request"})
    db.session.refresh(ticket)
    assert (ticket.priority, ticket.type) == ("high", "request")


def test_tags_rename_restrict_and_each_way_back(browser, ticket):
    act(browser, ticket, "tag", tags="#Λάμπα, πλατεία ,")
    act(browser, ticket, "rename", subject="Νέο θέμα")
    act(browser, ticket, "restrict", restricted="yes")
    db.session.refresh(ticket)
    assert (ticket.tags, ticket.subject, ticket.restricted) == (["λάμπα", "πλατεία"], "Νέο θέμα", True)
    undo(browser, browser.open(path(ticket)).text)
    act(browser, ticket, "tag", tags="πλατεία")
    undo(browser, browser.open(path(ticket)).text)
    db.session.refresh(ticket)
    assert (sorted(ticket.tags), ticket.restricted) == (["λάμπα", "πλατεία"], False)
    assert act(browser, ticket, "rename", subject=" ").status_code == 422


def test_link_to_a_ticket_one_may_see(browser, ticket):
    other, hidden = a_ticket(subject="Το άλλο"), a_ticket(department_id=a_department().id, restricted=True)
    assert act(browser, ticket, "link", other=f"#{other.id}", kind="duplicate").status_code == 303
    assert db.session.query(Link).filter_by(from_id=ticket.id, to_id=other.id, kind="duplicate").count() == 1
    page = browser.open(path(ticket)).text
    assert "Το άλλο" in page
    assert act(browser, ticket, "link", other=str(ticket.id)).status_code == 422
    assert act(browser, ticket, "link", other="abc").status_code == 422
    assert act(browser, ticket, "link", other=str(hidden.id)).status_code == 404


def test_owner_and_tracking(browser, ticket, department):
    owner = an_agent(department)
    catalogue.changed(NOON)
    act(browser, ticket, "set-owner", owner_id=str(owner.id))
    act(browser, ticket, "revoke-tracking")
    db.session.refresh(ticket)
    assert (ticket.owner_id, ticket.tracking_version) == (owner.id, 2)
    assert act(browser, ticket, "set-owner", owner_id="").status_code == 422


def test_a_change_past_somebody_else_s_is_refused_and_nothing_typed_is_lost(browser, ticket, agent):
    old = str(ticket.version)
    tickets.rename(agent, ticket.id, "Άλλος τίτλος")
    answer = act(browser, ticket, "transfer", version=old, department_id="1", reason="Μακρύς λόγος")
    assert answer.status_code == 409
    assert "Somebody changed this ticket meanwhile" in answer.text
    assert 'value="Μακρύς λόγος"' in answer.text
    assert f'name="version" value="{old}"' not in answer.text


def test_a_supervisor_works_on_what_they_read(app, ticket):
    supervisor = Browser(app, a_supervisor(a_department()))
    assert act(supervisor, ticket, "take").status_code == 303


def test_a_ticket_without_promise_and_without_person_says_so(browser, department):
    lonely = a_ticket(department_id=department.id, automatic="report")
    db.session.execute(db.text("delete from ticket_clock where ticket_id = :id"), {"id": lonely.id})
    lonely.requester_id, lonely.next_due_at = None, NEVER
    db.session.flush()
    page = browser.open(path(lonely)).text
    assert "no target" in page
    assert "No clock runs: nothing was promised for it." in page
    assert "Nobody is known who asked." in page


# A stranger's mail, and mails with a look of their own


def a_stranger_s_ticket(ticket, **given):
    """Somebody wrote to the signed address of that ticket."""
    made = a_ticket(**given)
    db.session.add(Link(kind="related", from_id=ticket.id, to_id=made.id, at=NOON))
    db.session.flush()
    return made


def test_one_click_brings_a_stranger_into_the_conversation_and_their_next_mail_joins(browser, ticket, department):
    second = a_stranger_s_ticket(ticket, department_id=department.id)
    page = browser.open(path(second)).text
    assert f"Add this person to {ticket.id}'s conversation" in page.replace("&#39;", "'")
    assert "Add this person" not in browser.open(path(ticket)).text, "the older one is no stranger's"
    assert act(browser, second, "join", other=ticket.id).status_code == 303
    assert "added" in browser.open(path(ticket)).text and "takes part" in browser.open(path(ticket)).text
    assert "Add this person" not in browser.open(path(second)).text
    assert db.session.query(Message).filter_by(ticket_id=second.id, direction="inbound").one(), (
        "what they wrote stays where it is"
    )
    stranger = db.session.get(Person, second.requester_id)
    mail = Arrival(
        channel="email", received_at=NOON, contact=Contact(stranger.email, stranger.name), subject="Ξανά",
        text="Κι αυτό.", signed=(ticket.id,),
    )  # fmt: skip
    [found] = intake.take_in([mail], NOON)
    assert found.ticket_id == ticket.id
    assert act(browser, second, "join", other=ticket.id).status_code == 409


def test_nobody_is_brought_into_a_ticket_that_is_not_related_or_not_one_s_own_to_change(
    app, browser, ticket, department
):
    unrelated = a_ticket(department_id=department.id)
    assert act(browser, unrelated, "join", other=ticket.id).status_code == 422
    elsewhere = a_ticket(department_id=a_department().id)
    mine = a_stranger_s_ticket(elsewhere, department_id=department.id)
    assert "Add this person" not in browser.open(path(mine)).text
    assert act(browser, mine, "join", other=elsewhere.id).status_code == 403
    hidden = a_ticket(department_id=a_department().id, restricted=True)
    mine = a_stranger_s_ticket(hidden, department_id=department.id)
    assert act(browser, mine, "join", other=hidden.id).status_code == 404
    assert db.session.query(Participant).count() == 0


def test_a_mail_with_a_look_of_its_own_is_shown_boxed_in_and_only_to_who_reads_the_ticket(app, browser, ticket):
    said = a_message(
        ticket, text="Words", html='<p>Words</p><img src="https://spy.example/pixel.gif">', subject="A <b>"
    )
    assert f"/desk/messages/{said.id}/as-sent" in browser.open(path(ticket)).text
    shown = browser.open(f"/desk/messages/{said.id}/as-sent")
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:;")
    assert "<p>Words</p>" in shown.text and "<title>A &lt;b&gt;</title>" in shown.text
    assert (shown.headers["X-Content-Type-Options"], shown.headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
    ours = a_message(ticket, direction="outbound", text="Ours", html="<p>Ours</p>")
    assert browser.open(f"/desk/messages/{ours.id}/as-sent").status_code == 404
    ticket.restricted = True
    db.session.flush()
    assert Browser(app, an_agent(a_department())).open(f"/desk/messages/{said.id}/as-sent").status_code == 404
    assert app.test_client().get(f"/desk/messages/{said.id}/as-sent").status_code == 302
