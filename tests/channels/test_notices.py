"""Delivery notices as mail servers of many makes write them: whom they did not reach, why, and for how long."""

from pathlib import Path

import pytest

from channels.email.parse import parse
from tests.channels.letters import a_multipart, read

NOTICES = Path(__file__).parent / "notices"
ONE = "gone@lost.example"

FREE = {
    "exim": ("bounce", [(ONE, "5.1.1", True)]),
    "exim-unroutable": ("bounce", [(ONE, "", True), ("second@lost.example", "", True)]),
    "exim-warning": ("delivery-notice", [(ONE, "4.7.1", False)]),
    "qmail": ("bounce", [(ONE, "5.1.1", True), ("b@other.example", "5.1.2", True)]),
    "qmail-queue-too-long": ("bounce", [(ONE, "4.2.1", False)]),
    "yahoo": ("bounce", [("gone@yahoo.example", "5.7.9", True)]),
    "yahoo-no-account": ("bounce", [("gone@yahoo.example", "5.0.0", True)]),
    "gmail-old": ("bounce", [(ONE, "5.1.1", True)]),
    "gmail-delay": ("delivery-notice", [(ONE, "", False)]),
    "postfix-text": ("bounce", [(ONE, "5.1.1", True), ("full@lost.example", "", True)]),
    "sendmail-old": ("bounce", [(ONE, "5.1.1", True)]),
    "sendmail-warning": ("delivery-notice", [(ONE, "", False)]),
    "sendmail-gaveup": ("bounce", [(ONE, "4.4.2", False)]),
    "exchange2003": ("bounce", [(ONE, "5.1.1", True)]),
    "exchange2007": ("bounce", [(ONE, "5.1.1", True)]),
    "exchange-greek": ("bounce", [(ONE, "5.1.10", True)]),
    "office365": ("bounce", [(ONE, "5.1.10", True)]),
    "office365-full": ("bounce", [(ONE, "5.2.2", True)]),
    "domino": ("bounce", [(ONE, "", True)]),
    "zimbra": ("bounce", [(ONE, "5.2.2", True)]),
    "mdaemon": ("bounce", [(ONE, "5.1.1", True)]),
    "courier": ("bounce", [(ONE, "5.0.0", True)]),
    "opensmtpd": ("bounce", [(ONE, "5.1.1", True)]),
    "opensmtpd-warn": ("delivery-notice", [(ONE, "", False)]),
    "dma": ("bounce", [(ONE, "5.1.1", True)]),
    "gmx": ("bounce", [(ONE, "5.1.1", True)]),
    "1und1-german": ("bounce", [(ONE, "5.0.0", True)]),
    "web-de": ("bounce", [(ONE, "", True)]),
    "aol": ("bounce", [("gone@aol.example", "5.0.0", True)]),
    "mailru": ("bounce", [("gone@mail.example", "5.0.0", True)]),
    "yandex": ("bounce", [(ONE, "5.7.1", True)]),
    "ses": ("bounce", [(ONE, "", True)]),
    "james": ("bounce", [(ONE, "5.1.1", True)]),
    "iplanet": ("bounce", [(ONE, "5.1.1", True)]),
    "mailmarshal": ("bounce", [(ONE, "5.1.1", True)]),
    "barracuda": ("bounce", [(ONE, "", True)]),
    "interscan": ("bounce", [(ONE, "5.1.1", True)]),
    "googlegroups": ("bounce", [("somegroup@googlegroups.example", "", True)]),
    "powermta": ("bounce", [(ONE, "", True)]),
    "powermta-delay": ("delivery-notice", [(ONE, "", False)]),
    "zoho": ("bounce", [(ONE, "5.1.1", True)]),
    "communigate": ("bounce", [(ONE, "", True)]),
    "hotmail-old": ("bounce", [("gone@hotmail.example", "", True)]),
    "libero-it": ("bounce", [("gone@libero.example", "5.2.2", True)]),
    "orange-fr": ("bounce", [("gone@orange.example", "5.1.1", True)]),
    "fr-exchange": ("bounce", [(ONE, "5.1.1", True)]),
    "es-exchange": ("bounce", [(ONE, "5.1.1", True)]),
    "de-exchange": ("bounce", [(ONE, "5.1.1", True)]),
    "amavis-banned": ("bounce", [(ONE, "5.7.0", True)]),
    "from-empty-rp": ("bounce", [(ONE, "5.1.1", True)]),
    "verizon": ("bounce", [("gone@vtext.example", "", True)]),
    "simple-list": ("bounce", [(ONE, "", True)]),
    "greek-postfix": ("bounce", [(ONE, "5.1.1", True)]),
    "greek-full": ("bounce", [(ONE, "", True)]),
}
"""By the name of the sample: what it is, and of each address status and whether it is gone for good."""


def test_every_sample_has_its_expectation():
    assert {path.stem for path in NOTICES.iterdir()} == {*FREE, "groupwise", "challenge"}


@pytest.mark.parametrize("name", FREE)
def test_the_notices_of_many_servers_name_whom_they_did_not_reach(name):
    message = parse((NOTICES / f"{name}.eml").read_bytes())
    named = [(one.address, one.status, one.permanent) for one in message.bounce.recipients]
    assert (message.automatic, named) == FREE[name]
    assert not message.may_answer


@pytest.mark.parametrize(("name", "kind"), [("groupwise", "bounce"), ("challenge", "auto-reply")])
def test_a_machine_that_names_nobody_is_a_machine_all_the_same(name, kind):
    assert parse((NOTICES / f"{name}.eml").read_bytes()).automatic == kind


def a_report(fields: str) -> bytes:
    told = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n" + fields.replace("\n", "\r\n")
    copy = "Content-Type: message/rfc822\r\n\r\nMessage-ID: <out-1@city.example>\r\n\r\nHello\r\n"
    return a_multipart("report; report-type=delivery-status", "\r\nSorry.", told, copy, subject="Notice")


REPORTS = {
    "passed on": (
        "Final-Recipient: rfc822; gone@lost.example\nOriginal-Recipient: rfc822; old@lost.example\n"
        "Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n",
        [(ONE, "5.1.1", True, "failed", "old@lost.example")],
    ),
    "the original only": (
        "Original-Recipient: rfc822;gone@lost.example\nAction: failed\nStatus: 5.1.1 (bad mailbox)\n",
        [(ONE, "5.1.1", True, "failed", "")],
    ),
    "a name of its own": (
        "Final-Recipient: LOCAL;\\gone\nX-Actual-Recipient: rfc822; gone@lost.example\nAction: failed\nStatus: 5.2.2\n",
        [(ONE, "5.2.2", True, "failed", "")],
    ),
    "a remark": (
        "Final-Recipient: RFC822;<gone@lost.example>\nAction: Failed (bounced)\nStatus: 5.4.4\n",
        [(ONE, "5.4.4", True, "failed", "")],
    ),
    "no status": (
        "Final-Recipient: rfc822; gone@lost.example\nAction: failed\nDiagnostic-Code: smtp; 550 unknown\n",
        [(ONE, "5.0.0", True, "failed", "")],
    ),
    "given up after days": (
        "Final-Recipient: rfc822; gone@lost.example\nAction: failed\nStatus: 4.4.7\n",
        [(ONE, "4.4.7", False, "failed", "")],
    ),
    "one late, one gone": (
        "Final-Recipient: rfc822; late@lost.example\nAction: delayed\nStatus: 4.4.1\n\n"
        "Final-Recipient: rfc822; gone@lost.example\nAction: failed\nStatus: 5.1.1\n",
        [("late@lost.example", "4.4.1", False, "delayed", ""), (ONE, "5.1.1", True, "failed", "")],
    ),
}


@pytest.mark.parametrize("name", REPORTS)
def test_reports_are_read_however_servers_fill_them_in(name):
    fields, expected = REPORTS[name]
    found = parse(a_report(fields))
    named = [(one.address, one.status, one.permanent, one.action, one.addressed) for one in found.bounce.recipients]
    assert (found.automatic, named) == ("bounce", expected)
    assert found.bounce.original_message_id == "out-1@city.example"


@pytest.mark.parametrize(("action", "status"), [("relayed", "2.1.5"), ("delivered", "2.0.0"), ("delayed", "4.4.1")])
def test_a_report_of_anything_but_failure_is_no_bounce(action, status):
    found = parse(a_report(f"Final-Recipient: rfc822; {ONE}\nAction: {action}\nStatus: {status}\n"))
    assert (found.automatic, found.bounce.recipients[0].action) == ("delivery-notice", action)


PEOPLE = {
    "passes a notice on": (
        "Fwd: Undelivered Mail Returned to Sender",
        "Το μήνυμα επιστράφηκε, γιατί;\n\n---------- Forwarded message ---------\nFrom: Mail Delivery System"
        " <MAILER-DAEMON@mx.example>\n\nThis is the mail system at host mx.\n\n<info@city.example>: 550 5.1.1 unknown",
    ),
    "answers one": (
        "Re: Undeliverable: my request",
        "What now?\n\n> Delivery has failed to these recipients or groups:\n> info@city.example",
    ),
    "waits for a parcel": ("Delivery failure of my parcel", "It could not be delivered to one or more addresses, why?"),
    "got a letter back": ("Returned mail for the mayor", "My registered letter was returned."),
    "waited for the postman": ("Η παράδοση απέτυχε", "Ο ταχυδρόμος σας δεν ήρθε, η παράδοση απέτυχε."),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_people_who_write_about_what_did_not_arrive_are_people(name):
    subject, words = PEOPLE[name]
    message = read(words, subject=subject)
    assert (message.automatic, message.bounce) == (None, None)


def test_who_is_known_to_write_from_their_own_address_sends_no_notice():
    words = "Hello, mail delivery failed for info@city.example: 550 5.1.1. This is a permanent error, please help."
    assert read(words, subject="Mail delivery failed", return_path="<anna@example.org>").automatic is None


def test_the_postmaster_of_a_school_is_a_person_until_a_server_writes_in_that_name():
    words = "550 5.1.1 info@city.example: user unknown"
    person = {"from": "postmaster@school.example", "subject": "Question"}
    assert read(words, return_path="<postmaster@school.example>", **person).automatic is None
    assert read(words, return_path="<>", **person).automatic == "bounce"


def test_an_absence_note_is_known_in_capitals_and_behind_a_name():
    back = "Θα επιστρέψω στις 7 Δεκεμβρίου."
    assert read("Λείπω.", subject="ΑΥΤΟΜΑΤΗ ΑΠΑΝΤΗΣΗ: ΑΙΤΗΜΑ").automatic == "auto-reply"
    assert read(back, subject="Η Μαρία Ιωάννου απουσιάζει").automatic == "auto-reply"
    assert read("Πού είναι;", subject="Ο δήμαρχος απουσιάζει").automatic is None
    assert read("I will not return until 07/12.", subject="Maria is out of the office").automatic == "auto-reply"
    assert read("Nobody answers.", subject="The mayor is out of the office").automatic is None


def test_reports_on_how_our_domain_is_used_are_feedback():
    subject = "Report domain: city.example Submitter: mail.example Report-ID: 123"
    assert read(subject=subject).automatic == "feedback-report"


def test_who_was_written_to_is_known_where_the_mail_was_passed_on():
    words = (
        "This message was created automatically by mail delivery software.\n\nThe following address(es) failed:\n\n"
        "  new@else.example\n    (generated from gone@lost.example)\n    550 5.1.1 unknown\n"
    )
    found = read(words, **{"from": "Mailer-Daemon@mx.example", "subject": "Mail delivery failed"}).bounce
    assert [(one.address, one.addressed) for one in found.recipients] == [("new@else.example", ONE)]


@pytest.mark.parametrize(
    ("subject", "words", "kind"),
    [
        (
            "Failure",
            f"** Η διεύθυνση δεν βρέθηκε **\n\nΤο μήνυμά σας δεν παραδόθηκε στη διεύθυνση {ONE}, επειδή…",
            "bounce",
        ),
        (
            "Delay",
            f"Προσωρινό πρόβλημα κατά την παράδοση στη διεύθυνση {ONE}. Θα γίνει νέα προσπάθεια.",
            "delivery-notice",
        ),
    ],
)
def test_a_greek_notice_within_a_sentence_names_the_address(subject, words, kind):
    sender = {"from": "mailer-daemon@mx.example", "subject": f"Delivery Status Notification ({subject})"}
    found = read(words, **sender)
    assert (found.automatic, found.bounce.recipients[0].address) == (kind, ONE)


def test_a_code_is_found_wherever_a_server_puts_it():
    for said in (f"{ONE}: SMTP error:550 mailbox", f"{ONE}\n550-no such user", f"{ONE} (#5.1.1)"):
        found = read(said, **{"from": "MAILER-DAEMON@mx.example", "subject": "Undelivered Mail"}).bounce
        assert found.recipients[0].status.startswith("5.")
