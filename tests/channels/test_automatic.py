"""Who wrote it: a person, an answering machine, a mail server, a list, or we ourselves."""

import pytest

from channels.email.parse import parse
from tests.channels.letters import a_mail, a_multipart, read

ABSENT = {
    "el": ("Απουσία: Re: Νερό", "Βρίσκομαι σε άδεια και θα επιστρέψω στις 7 Δεκεμβρίου."),
    "el again": ("Απουσιάζω", "Απουσιάζω από το γραφείο ως τη Δευτέρα."),
    "en": ("On vacation", "I am on annual leave and will be back on Monday."),
    "de": ("Abwesenheit: Wasser", "Ich bin bis Montag nicht im Büro."),
    "fr": ("Absence : eau", "Je suis absent, de retour le 7 décembre."),
    "it": ("Assenza: acqua", "Sono fuori fino a lunedì, al mio rientro rispondo."),
    "es": ("Ausencia: agua", "Estoy de vacaciones y volveré el lunes."),
    "ro": ("Concediu: apă", "Sunt în concediu și voi reveni luni."),
    "sq": ("Pushime", "Jam me pushime dhe do të kthehem të hënën."),
    "bg": ("Отсъствие: вода", "Аз съм в отпуск и ще се върна в понеделник."),
}


@pytest.mark.parametrize("name", ABSENT)
def test_absence_is_known_by_the_subject_and_the_words_together(name):
    subject, words = ABSENT[name]
    assert read(words, subject=subject).automatic == "auto-reply"
    assert read("Δεν έχουμε νερό από χθες.", subject=subject).automatic is None


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("Άδεια: οικοδομής", "Πότε θα εκδοθεί η άδεια οικοδομής μου; Το σπίτι χτίζεται με άδεια."),
        ("Απουσία: φωτισμού στην οδό", "Δεν ανάβει κανένα φως."),
        ("Auto: κλεμμένο", "Μου έκλεψαν το αυτοκίνητο."),
        ("Assenza di acqua", "Non abbiamo acqua da ieri."),
        ("Absence of street lights", "The whole street is dark."),
        ("Frånvaro av vatten", "Vi har inget vatten."),
        ("Urlaubsschein", "Wo bekomme ich ihn?"),
    ],
)
def test_who_misses_something_or_wants_a_permit_is_a_person(subject, words):
    assert read(words, subject=subject).automatic is None
    assert read(words, subject=f"Re: {subject}", in_reply_to="<m0@city.example>").automatic is None


def test_a_machine_puts_its_word_before_the_subject_that_it_answers():
    assert read("Ναι.", subject="Απουσία: Νερό", in_reply_to="<m0@city.example>").automatic == "auto-reply"


RETURNED = {
    "el": ("Δεν είναι δυνατή η παράδοση: Αίτημα", "Το μήνυμα προς kostas@lost.example δεν παραδόθηκε.\n\n550 5.1.1"),
    "de": ("Nachricht konnte nicht zugestellt werden", "kostas@lost.example:\nreason: 550 mailbox unavailable"),
    "it": ("Impossibile recapitare il messaggio", "Destinatario:\n\nkostas@lost.example: utente sconosciuto"),
    "es": ("No se ha podido entregar su mensaje", "kostas@lost.example\nMotivo: 550 Usuario desconocido"),
    "ro": ("Mesajul nu a putut fi livrat", "<kostas@lost.example>: 550 5.1.1 utilizator necunoscut"),
    "nl": ("Bericht niet afgeleverd", "kostas@lost.example\n550 5.1.1 onbekende gebruiker"),
    "sq": ("Mesazhi nuk u dorëzua", "kostas@lost.example\n550 5.1.1 përdorues i panjohur"),
    "tr": ("İletiniz iletilemedi", "kostas@lost.example\n550 5.1.1 kullanıcı bulunamadı"),
    "hr": ("Isporuka nije uspjela", "kostas@lost.example\n550 5.1.1 nepoznat korisnik"),
    "full, for now": ("Returned mail", "<kostas@lost.example>\nThe account is temporarily over quota."),
}


@pytest.mark.parametrize("name", RETURNED)
def test_notices_of_many_languages_name_whom_they_did_not_reach(name):
    subject, words = RETURNED[name]
    found = read(words, **{"from": "MAILER-DAEMON@mx.example", "subject": subject, "return_path": "<>"})
    assert found.automatic == "bounce"
    assert [(one.address, one.permanent) for one in found.bounce.recipients] == [("kostas@lost.example", True)]


@pytest.mark.parametrize(
    "fields",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "auto-generated (rule)"},
        {"x_autoreply": "yes"},
        {"precedence": "auto_reply"},
        {"precedence": "bulk"},
        {"subject": "Automatic reply: Water"},
        {"subject": "Αυτόματη απάντηση: Νερό"},
        {"subject": "Re: Out of Office: Water"},
        {"subject": "Εκτός γραφείου"},
        {"subject": "Abwesenheitsnotiz: Wasser"},
    ],
    ids=str,
)
def test_answering_machines_are_known_and_not_answered(fields):
    message = read(**fields)
    assert (message.automatic, message.may_answer) == ("auto-reply", False)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"auto_submitted": "no"},
        {"subject": "Αυτόματη πόρτα χαλασμένη"},
        {"subject": "The office is out of paper"},
        {"subject": "Άδεια παραμονής"},
        {"precedence": "first-class"},
    ],
    ids=str,
)
def test_people_are_answered(fields):
    message = read(**fields)
    assert (message.automatic, message.may_answer) == (None, True)


def test_mail_that_a_mailbox_rule_passed_on_was_written_by_a_person():
    fields = {"auto_submitted": "auto-generated", "x_ms_exchange_generated_message_source": "Mailbox Rules Agent"}
    assert read(**fields).automatic is None


@pytest.mark.parametrize(
    "fields", [{"list_id": "News <news.example.org>"}, {"precedence": "list"}, {"mailing_list": "list x"}], ids=str
)
def test_lists_are_known(fields):
    message = read(**fields)
    assert (message.automatic, message.may_answer) == ("mailing-list", False)


@pytest.mark.parametrize(
    "sender", ["noreply@example.org", "no-reply@example.org", "news-bounces@example.org", "MAILER-DAEMON@example.org"]
)
def test_addresses_that_nobody_reads_are_not_answered(sender):
    assert not parse(a_mail(**{"from": sender})).may_answer


@pytest.mark.parametrize("envelope", [{"sender": ""}, {"sender": "<>"}])
def test_the_null_return_path_is_not_answered(envelope):
    assert not parse(a_mail(), envelope).may_answer


def test_our_own_mail_is_a_loop_and_another_bodys_is_not():
    raw = a_mail(x_civic_helpdesk="abc123")
    assert parse(raw, {"instance": "abc123"}).automatic == "loop"
    assert parse(raw, {"instance": "other"}).automatic is None
    assert parse(raw).automatic == "loop"


def a_notice(action: str, status: str, diagnostic: str = "") -> bytes:
    told = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; Gone@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {diagnostic}\r\n"
    )
    copy = "Content-Type: message/rfc822\r\n\r\nMessage-ID: <out-1@city.example>\r\nSubject: Answer\r\n\r\nHello\r\n"
    return a_multipart("report; report-type=delivery-status", "\r\nSorry.", told, copy, subject="Notice")


@pytest.mark.parametrize(
    ("action", "status", "kind", "permanent"),
    [
        ("failed", "5.1.1", "bounce", True),
        ("delayed", "4.4.1", "delivery-notice", False),
        ("delivered", "2.0.0", "delivery-notice", False),
        ("failed", "4.4.7", "bounce", False),
    ],
)
def test_delivery_reports_name_whom_they_did_not_reach(action, status, kind, permanent):
    message = parse(a_notice(action, status, "550 no such user"))
    assert message.bounce is not None
    [failed] = message.bounce.recipients
    assert (message.automatic, failed.address, failed.status, failed.permanent) == (
        kind,
        "gone@example.org",
        status,
        permanent,
    )
    assert failed.reason == "550 no such user"
    assert message.bounce.original_message_id == "out-1@city.example"


QMAIL = """Hi. This is the qmail-send program at mx.

<gone@example.org>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 User unknown
"""
EXIM = """This message was created automatically by mail delivery software.

  gone@example.org
    SMTP error from remote mail server after RCPT TO:<gone@example.org>:
    550 5.1.1 No such user
"""
FREE = [
    ("failure notice", QMAIL),
    ("Mail delivery failed: returning message to sender", EXIM),
    ("Αποτυχία παράδοσης", "Το μήνυμά σας δεν παραδόθηκε:\n\ngone@example.org\n\n550 5.1.1 unknown\n"),
]


@pytest.mark.parametrize(("subject", "text"), FREE, ids=["qmail", "exim", "greek"])
def test_free_text_notices_name_whom_they_did_not_reach(subject, text):
    message = parse(a_mail(text, **{"from": "MAILER-DAEMON@mx.example", "subject": subject}))
    assert message.automatic == "bounce"
    assert message.bounce is not None
    [failed] = message.bounce.recipients
    assert (failed.address, failed.status, failed.permanent) == ("gone@example.org", "5.1.1", True)


def test_each_recipient_of_a_free_text_notice_has_its_own_reason():
    text = "This is the mail system.\n\n<a@example.org>: 552 5.2.2 Mailbox full\n\n<b@example.org>: Host not found\n"
    message = parse(a_mail(text, **{"from": "MAILER-DAEMON@mx.example", "subject": "Undelivered Mail"}))
    assert message.bounce is not None
    assert [(one.address, one.status) for one in message.bounce.recipients] == [
        ("a@example.org", "5.2.2"),
        ("b@example.org", ""),
    ]


def test_a_notice_that_something_is_late_is_no_bounce():
    text = "This is the mail system at host mx.\n\n<slow@example.org>: connect: Connection timed out\n"
    message = parse(
        a_mail(text, **{"from": "MAILER-DAEMON@mx.example", "subject": "Delayed Mail (still being retried)"})
    )
    assert message.automatic == "delivery-notice"


def test_a_citizen_who_writes_about_an_undelivered_letter_is_a_person():
    message = read("Το γράμμα σας δεν παραδόθηκε ποτέ. 550 ευρώ πρόστιμο!", subject="Μη παραδοτέο γράμμα")
    assert (message.automatic, message.bounce) == (None, None)


def test_feedback_reports_and_read_receipts_are_known():
    raw = a_multipart("report; report-type=feedback-report", "\r\nAn abuse report")
    assert parse(raw).automatic == "feedback-report"
    assert parse(a_multipart("report; report-type=disposition-notification", "\r\nRead")).automatic == "delivery-notice"


RESULTS = (
    "mx.city.example; spf=pass smtp.mailfrom=mail.example.org; dkim=pass header.d=example.org;"
    " dmarc=pass header.from=example.org"
)


@pytest.mark.parametrize(
    ("trust", "sender", "aligned", "trusted"),
    [
        ("mx.city.example", "anna@example.org", True, True),
        ("", "anna@example.org", True, False),
        ("other.host", "anna@example.org", True, False),
        ("mx.city.example", "boss@city.example", False, True),
    ],
)
def test_authentication_is_trusted_from_our_host_only(trust, sender, aligned, trusted):
    found = parse(a_mail(**{"authentication_results": RESULTS, "from": sender}), {"trust": trust}).authentication
    assert (found.spf, found.dkim, found.dmarc) == ("pass", "pass", "pass")
    assert (found.aligned, found.trusted) == (aligned, trusted)


def test_only_the_topmost_authentication_results_count():
    forged = b"Authentication-Results: evil.example; spf=fail\r\nAuthentication-Results: " + RESULTS.encode() + b"\r\n"
    found = parse(forged + a_mail(), {"trust": "mx.city.example"}).authentication
    assert (found.spf, found.trusted) == ("fail", False)


def test_what_a_spam_filter_said_is_read():
    assert read(x_spam_status="Yes, score=7.3 required=5.0").spam == {"flag": True, "score": 7.3}
    assert read().spam == {}
