"""The new part of an answer, in many languages and from many programs; and nothing of the citizen's own words lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from channels.email.parse import parse
from channels.email.quotes import split
from tests.channels.letters import a_multipart, read

NEW = "Ναι, ακόμη δεν έχει φτιαχτεί."

ATTRIBUTIONS = {
    "el-gmail": "Στις Τρί 24 Νοε 2026 στις 9:40 π.μ., ο χρήστης Δήμος <info@city.example> έγραψε:",
    "el-apple": "Στις 24 Νοε 2026, στις 09:40, ο/η Δήμος <info@city.example> έγραψε:",
    "el-thunderbird": "Στις 24/11/2026 9:40 π.μ., ο/η Δήμος έγραψε:",
    "en-gmail": "On Tue, 24 Nov 2026 at 09:40, City <info@city.example> wrote:",
    "en-us": "On Nov 24, 2026, at 9:40 AM, City <info@city.example> wrote:",
    "fr": "Le mar. 24 nov. 2026 à 09:40, Ville <info@city.example> a écrit :",
    "de": "Am Di., 24. Nov. 2026 um 09:40 Uhr schrieb Stadt <info@city.example>:",
    "it": "Il giorno mar 24 nov 2026 alle ore 09:40 Comune <info@city.example> ha scritto:",
    "es": "El mar, 24 nov 2026 a las 9:40, Ciudad (<info@city.example>) escribió:",
    "pt": "Em ter., 24 de nov. de 2026 às 09:40, Cidade <info@city.example> escreveu:",
    "bg": "На вт, 24.11.2026 г. в 9:40 Община <info@city.example> написа:",
    "ro": "În mar., 24 nov. 2026 la 09:40, Oraș <info@city.example> a scris:",
    "sq": "Më mar, 24 nën 2026 në 9:40, Bashkia <info@city.example> shkroi:",
    "nl": "Op di 24 nov 2026 om 09:40 schreef Stad <info@city.example>:",
    "sv": "Den tis 24 nov. 2026 kl 09:40 skrev Stad <info@city.example>:",
    "pl": "wt., 24 lis 2026 o 09:40 Miasto <info@city.example> napisał(a):",
    "tr": "Belediye <info@city.example>, 24 Kas 2026 Sal, 09:40 tarihinde şunu yazdı:",
    "ru": "вт, 24 нояб. 2026 г. в 09:40, Город <info@city.example>:",
    "uk": "вт, 24 лист. 2026 р. о 09:40 Місто <info@city.example> пише:",
    "ja": "2026年11月24日(火) 9:40 City <info@city.example>:",
}

HEADERS = {
    "el": ("Από", "Στάλθηκε", "Προς", "Θέμα"),
    "el-date": ("Από", "Ημερομηνία", "Προς", "Θέμα"),
    "en": ("From", "Sent", "To", "Subject"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "es": ("De", "Enviado el", "Para", "Asunto"),
    "pt": ("De", "Enviado", "Para", "Assunto"),
    "bg": ("От", "Изпратено", "До", "Относно"),
    "ro": ("De la", "Trimis", "Către", "Subiect"),
    "sq": ("Nga", "Dërguar", "Për", "Subjekti"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
    "tr": ("Gönderen", "Tarih", "Kime", "Konu"),
}


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
@pytest.mark.parametrize("mark", ["> ", ""], ids=["marked", "bare"])
def test_what_an_attribution_introduces_is_cut(line, mark):
    if not mark and "<" not in line:
        pytest.skip("without an address only the marks prove it")
    history = f"{mark}Καλημέρα\n{mark}σε ποιον όροφο;"
    found = split(f"{NEW}\n\n{line}\n\n{history}\n")
    assert (found.reply, found.quoted) == (NEW, f"{line}\n\n{history}")


@pytest.mark.parametrize("line", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS)
def test_an_attribution_that_was_wrapped_is_one(line):
    at = line.index(" ", len(line) // 2)
    found = split(f"{NEW}\n\n{line[:at]}\n{line[at + 1 :]}\n> Καλημέρα")
    assert found.reply == NEW


def test_invisible_letters_hide_no_attribution():
    line = "\u200eΣτις\xa024 Νοε 2026, στις\u202f09:40, ο/η Δήμος <info@city.example> \u200eέγραψε:"
    assert split(f"{NEW}\n\n{line}\n> Καλημέρα").reply == NEW


@pytest.mark.parametrize("labels", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("bold", ["", "*"])
def test_a_block_of_header_lines_begins_the_history(labels, bold):
    values = ("City <info@city.example>", "24/11/2026 9:40", "anna@example.org", "Water")
    block = "\n".join(f"{bold}{label}:{bold} {value}" for label, value in zip(labels, values, strict=True))
    found = split(f"{NEW}\n\n{block}\n\nhistory")
    assert (found.reply, found.quoted.splitlines()[-1]) == (NEW, "history")


@pytest.mark.parametrize(
    "divider",
    [
        "-----Αρχικό μήνυμα-----",
        "----- Original Message -----",
        "-------- Ursprüngliche Nachricht --------",
        "-----Messaggio originale-----",
        "-----Mensaje original-----",
        "-----Message d'origine-----",
        "-----Mesazhi origjinal-----",
    ],
)
def test_a_divider_begins_the_history(divider):
    assert split(f"{NEW}\n\n{divider}\nanything").reply == NEW


def test_answers_between_and_below_quotations_are_kept():
    text = "Στις 24/11/2026 9:40, ο/η Δήμος <info@city.example> έγραψε:\n> Όροφος;\nΤρίτος.\n> Τηλέφωνο;\n2101234567"
    found = split(text)
    assert found.reply == "Τρίτος.\n2101234567"
    assert found.quoted.splitlines()[1:] == ["> Όροφος;", "> Τηλέφωνο;"]


@pytest.mark.parametrize(
    "text",
    [
        "Το 2024 ο δήμος μου έγραψε:\nθα έρθουμε αύριο. Δεν ήρθατε.",
        "On 12/3/2024 your clerk wrote:\nwe will come tomorrow. Nobody came.",
        "Από: Αθήνα\nΓια μετακίνηση χρειάζομαι βεβαίωση.",
        "From: the corner\nI can see the lamp. It is dark.",
        "On your remote host the file is missing.\nI wrote to you before.",
        "Στις 10:30 πέρασε το απορριμματοφόρο.\nΔεν μάζεψε τίποτα.",
        "Σας γράφω ξανά:\n- χωρίς νερό\n- χωρίς ρεύμα",
        "To: me it seems wrong\nSubject: taxes",
    ],
)
def test_sentences_that_only_look_like_history_stay(text):
    assert split(text).reply == text


@pytest.mark.parametrize("subject", ["Fwd: Bill", "FW: Bill", "ΠΡΘ: Λογαριασμός", "WG: Rechnung", "TR: Facture"])
def test_what_is_passed_on_stays_whole(subject):
    text = "Δείτε παρακάτω.\n\nΑπό: Ύδρευση <w@example.org>\nΣτάλθηκε: 24/11/2026 9:40\nΘέμα: Λογαριασμός\n\n40 ευρώ"
    assert split(text, subject).reply == text


def test_a_message_under_the_word_forwarded_stays_whole():
    block = "From: A <a@example.org>\nDate: Tue, 24 Nov 2026\nSubject: x\n\n40 ευρώ"
    text = f"Δείτε.\n\n---------- Forwarded message ---------\n{block}"
    assert split(text, "Λογαριασμός").reply == text


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nΆννα Ράπτη\n2101234567",
        "Στάλθηκε από το iPhone μου",
        "Εστάλη από το κινητό μου",
        "Sent from my iPhone",
        "Get Outlook for Android",
        "Αποκτήστε το Outlook για Android",
        "Με εκτίμηση,\nΆννα Ράπτη",
        "Kind regards\nAnna",
        "Mit freundlichen Grüßen\nAnna",
        "Με τιμή\nΆννα",
        "Envoyé de mon iPhone",
        "Von meinem iPhone gesendet",
        "Inviato da iPhone",
        "Enviado desde mi iPhone",
        "Отправлено с iPhone",
    ],
)
def test_signatures_are_set_apart(signature):
    found = split(f"{NEW}\n\n{signature}\n")
    assert (found.reply, found.signature.replace("--\n", "-- \n")) == (NEW, signature)


@pytest.mark.parametrize(
    "text",
    [
        "Sent from my desk, this is easier than from my phone.",
        "Ζητώ:\n- νερό\n- φως",
        "Με εκτίμηση στο έργο σας, ζητώ να εξεταστεί ξανά το αίτημά μου για την άδεια που αφορά το κατάστημα.",
        "Με εκτίμηση\nΆννα",
        "Ευχαριστώ\n\nRegards\nAnna\n\nΥΓ. Το τηλέφωνό μου άλλαξε.",
    ],
)
def test_what_is_no_signature_stays(text):
    assert split(text).reply == text


def test_an_answer_that_is_all_quotation_is_shown_whole():
    text = "> Καλημέρα\n> όροφος;"
    assert split(text).reply == text


@pytest.mark.parametrize(
    "history",
    [
        '<div class="gmail_quote"><div class="gmail_attr">Xyz 24:</div><blockquote>old</blockquote></div>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">Frå: x</div><div>old</div>',
        '<blockquote type="cite">old</blockquote>',
        '<div class="yahoo_quoted">old</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">Ukjend: x</div>old',
        '<div class="moz-cite-prefix">whoever, whenever</div><blockquote type="cite">old</blockquote>',
    ],
)
def test_history_that_html_marks_is_cut_in_any_language(history):
    message = read(f"<p>Τρίτος όροφος.</p>{history}", content_type="text/html; charset=utf-8")
    assert (message.reply, message.quoted.splitlines()[-1]) == ("Τρίτος όροφος.", "old")
    assert "old" in message.text


def test_an_answer_below_a_quotation_in_html_is_kept():
    message = read('<blockquote type="cite">old</blockquote><p>Τρίτος.</p>', content_type="text/html; charset=utf-8")
    assert message.reply == "Τρίτος."


def test_the_html_beside_the_text_tells_where_history_begins():
    shown = '<p>Third</p><div id="divRplyFwdMsg">Skrifað af: City 24</div><p>Which floor?</p>'
    page = f"Content-Type: text/html; charset=utf-8\r\n\r\n{shown}"
    message = parse(a_multipart("alternative", "\r\nThird\r\n\r\nSkrifað af: City 24\r\n\r\nWhich floor?\r\n", page))
    assert message.reply == "Third"


@given(some.text(alphabet="abκλ >:-–\n@<1.", max_size=200))
def test_nothing_that_was_written_is_in_no_part(text):
    found = split(text)
    parts = f"{found.reply}{found.quoted}{found.signature}"
    assert sorted("".join(parts.split())) == sorted("".join(text.split()))


@pytest.mark.parametrize(
    "head",
    [
        "Šalje: City <info@city.example>\nPoslano: 23. studenoga 2026. 10:00\nPrima: Anna\nPredmet: Zahtjev\n",
        "Шаље: City <info@city.example>\nПослато: 23. новембар 2026. 10:00\nПрима: Anna\nПредмет: Захтев\n",
    ],
)
def test_header_blocks_of_the_neighbours_begin_the_history(head):
    found = read(f"Hvala, radi.\n\n{head}\nVaš zahtjev\n")
    assert found.reply.strip() == "Hvala, radi." and "Vaš zahtjev" in found.quoted


@pytest.mark.parametrize("line", ["Odesláno z iPhonu", "Az iPhone-omról küldve", "Poslano s mog iPhonea"])
def test_more_lines_of_telephones_are_signatures(line):
    assert read(f"It works.\n\n{line}\n").reply.strip() == "It works."
