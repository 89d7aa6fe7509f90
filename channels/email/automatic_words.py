"""The words by which machines give themselves away, by language; data, read by `automatic`, `bounce` and `notices`."""

from channels.email.letters import folded


def _without_accents(*phrases: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(folded, phrases)))


OUT_OF_OFFICE = _without_accents(
    "αυτόματη απάντηση", "αυτοματοποιημένη απάντηση", "εκτός γραφείου", "απουσία από το γραφείο", "μήνυμα απουσίας",
    "automatic reply", "auto-reply", "autoreply", "auto reply", "autosvar", "out of office", "out of the office",
    "out-of-office", "vacation reply", "vacation response", "away from my mail", "i am away", "auto response",
    "auto-response", "autoresponse", "automated reply", "automated response", "automatische antwort",
    "abwesenheitsnotiz", "automatisch antwoord", "automatische reactie", "réponse automatique", "absence du bureau",
    "message d'absence", "risposta automatica", "fuori sede", "fuori ufficio", "respuesta automática",
    "fuera de la oficina", "fuera de oficina", "resposta automática", "fora do escritório", "ausência do escritório",
    "автоматичен отговор", "извън офиса", "răspuns automat", "în afara biroului", "përgjigje automatike",
    "jashtë zyre", "автоматический ответ", "автоответ", "вне офиса", "автоматична відповідь", "automatisk svar",
    "automatiskt svar", "automaattinen vastaus", "automatyczna odpowiedź", "autoodpowiedź", "automatická odpověď",
    "automatická odpoveď", "mimo kancelář", "automatikus válasz", "házon kívül", "otomatik yanıt", "ofis dışında",
    "automatski odgovor", "аутоматски одговор", "samodejni odgovor", "自動応答", "自动回复", "自動回覆", "자동 회신",
)  # fmt: skip
"""Beginnings of a subject (after any Re:) that only an absence note has."""

PERHAPS_AWAY = _without_accents(
    "απουσία", "απουσιάζω", "άδεια", "σε άδεια", "είμαι εκτός", "αυτόματο μήνυμα", "ooo", "auto:", "away", "absence",
    "on leave", "on vacation", "on holiday", "vacation", "abwesen", "urlaub", "afwezig", "met vakantie", "absent",
    "en congé", "assenza", "assente", "in ferie", "ausencia", "ausente", "vacaciones", "ausência", "férias", "отсъств",
    "в отпуск", "отсутств", "absenț", "concediu", "mungesë", "pushime", "frånvaro", "fravær", "semester", "poissa",
    "nieobecn", "urlop", "nepřítom", "dovolen", "távol", "szabadság", "izinde", "yıllık izin", "odsut",
)  # fmt: skip
"""Beginnings that an absence note has as well as a citizen who misses something or wants a permit: its words decide."""

AWAY = _without_accents(
    "εκτός γραφείου", "απουσιάζω", "θα απουσιάσω", "θα απουσιάζω", "είμαι σε άδεια", "βρίσκομαι σε άδεια",
    "λείπω σε άδεια", "λόγω άδειας", "με κανονική άδεια", "θα επιστρέψω", "επιστρέφω στις", "επιστρέφω στο γραφείο",
    "κατά την επιστροφή μου", "out of the office", "out of office", "on leave", "on vacation", "on holiday",
    "annual leave", "will return", "will be back", "back in the office", "limited access to", "upon my return",
    "nicht im büro", "nicht im haus", "im urlaub", "wieder erreichbar", "ich bin bis", "nach meiner rückkehr",
    "je suis absent", "suis en congé", "de retour le", "à mon retour", "sono fuori", "in ferie", "rientrerò",
    "sarò di ritorno", "sono assente", "al mio rientro", "fuera de la oficina", "de vacaciones", "regresaré",
    "volveré", "a mi regreso", "fora do escritório", "de férias", "estarei de volta", "ben afwezig", "met vakantie",
    "ben ik terug", "извън офиса", "в отпуск", "ще се върна", "în concediu", "voi reveni", "jam me pushime",
    "do të kthehem", "på semester", "åter den", "tillbaka den", "på ferie", "tilbage den", "tilbake den", "lomalla",
    "palaan", "na urlopie", "wracam", "na dovolené", "vracím se", "szabadságon vagyok", "izindeyim", "döneceğim",
    "вернусь", "отсутствую", "на одмору", "na odmoru", "godišnjem odmoru", "na dopustu",
)  # fmt: skip
"""Words of an absence note itself."""

UNDELIVERED = _without_accents(
    "αποτυχία παράδοσης", "μη παραδόσιμο", "μη παραδοτέο", "δεν παραδόθηκε", "αδυναμία παράδοσης",
    "επιστροφή μηνύματος", "undelivered mail", "undeliverable", "undelivered message", "delivery status notification",
    "delivery failure", "delivery has failed", "mail delivery failed", "mail delivery failure", "mail delivery system",
    "mail system error", "returned mail", "returned email", "failure notice", "delivery notification",
    "message not delivered", "message undeliverable", "could not send message", "could not be delivered",
    "warning: could not send", "warning: message", "mail failure", "delivery report", "non-delivery", "nondeliverable",
    "unable to deliver", "message delivery failure", "mail could not be delivered", "delivery delayed", "delayed mail",
    "delivery incomplete", "rejected:", "message rejected", "permanent error", "error sending", "unzustellbar",
    "nicht zustellbar", "fehlgeschlagene zustellung", "zustellung fehlgeschlagen", "zustellungsfehler", "non remis",
    "non distribué", "échec de la remise", "échec de la distribution", "échec de livraison", "non recapitabile",
    "mancato recapito", "mancata consegna", "no se puede entregar", "no entregado", "error de entrega", "não entregue",
    "não foi possível entregar", "falha na entrega", "недоставено", "nelivrat", "nelivrabil", "e pa dorëzuar",
    "недоставленное", "не доставлено", "onbestelbaar", "niet bestelbaar", "kunde inte levereras", "ikke leveret",
    "niedostarczalne", "niedostarczona", "nedoručiteln", "kézbesíthetetlen", "teslim edilemedi",
    "配信不能", "退信", "반송",
    "δεν είναι δυνατή η παράδοση", "δεν ήταν δυνατή η παράδοση", "δεν μπόρεσε να παραδοθεί", "μη παράδοση",
    "message blocked", "not delivered", "nicht zugestellt", "zustellung nicht möglich", "non délivré",
    "remise impossible", "impossibile recapitare", "impossibile consegnare", "mensaje devuelto", "imposible entregar",
    "no se ha podido entregar", "entrega fallida", "mensagem devolvida", "não pôde ser entregue",
    "не може да бъде достав", "nu a putut fi livrat", "nu poate fi livrat", "nuk u dorëzua", "nuk mund të dorëzohet",
    "не удалось доставить", "не вдалося доставити", "kon niet worden", "niet afgeleverd", "kan inte levereras",
    "kunne ikke leveres", "kan ikke leveres", "toimitus epäonnistui", "ei voitu toimittaa", "nie można dostarczyć",
    "nie dostarczono", "nelze doručit", "nedoručen", "nem kézbesíthető", "kézbesítés sikertelen", "iletilemedi",
    "mail undeliverable", "message status - undeliverable", "undeliverable mail", "permanent delivery failure",
    "delivery status: fail", "mail system error", "cannot send message", "[bounce]", "not been delivered",
    "was not delivered", "blocked by our bulk email", "contents from you", "παράδοση του μηνύματος απέτυχε",
    "η παράδοση απέτυχε", "επιστροφή αλληλογραφίας", "επιστροφή e-mail", "επιστροφή email", "το μήνυμα επιστράφηκε",
    "επιστράφηκε ως απαράδεκτο", "nachricht nicht zugestellt", "rückläufer", "message non délivré",
    "notification d'échec", "consegna non riuscita", "messaggio non recapitato", "mensaje no entregado",
    "error al entregar", "notificación de error", "delivery problem", "mail returned", "returning message to sender",
    "isporuka nije uspjela", "nije isporučen", "није испоручен", "ni bilo mogoče dostaviti", "pristatyti nepavyko",
)  # fmt: skip
"""Words of the subject of a delivery notice."""

DELAYED = _without_accents(
    "delayed", "(delay)", "warning:", "could not be delivered for", "will be retried", "will continue to",
    "will continue trying", "delivery attempts will continue", "will retry", "will keep trying", "will try again",
    "warning message only", "transient non-fatal errors", "only a temporary failure", "temporary delivery failure",
    "no action is required on your part", "έχει καθυστερήσει", "wird weiterhin versucht", "zustellung verzögert",
    "nouvelle tentative", "continuera à essayer", "verrà effettuato un nuovo tentativo", "se seguirá intentando",
    "nuevos intentos",
    "still being retried", "not yet been delivered", "καθυστέρηση", "verzögert", "retardé", "ritardo", "retraso",
    "delivery incomplete", "en attente de remise", "попытки доставки будут", "продължава опитите", "vertraagd",
    "försenat", "opóźnion", "zpožděn", "gecikti", "θα συνεχιστούν οι προσπάθειες", "θα γίνει νέα προσπάθεια",
)  # fmt: skip
"""Words of a notice that is a warning only."""

GIVEN_UP = _without_accents(
    "i've given up", "i have given up", "not going to try again", "will not be retried", "will not continue trying",
    "will not try to redeliver", "no further attempts", "deleted from queue", "removed from the queue",
    "permanent fatal errors", "this is a permanent error", "failed permanently", "permanent failure",
    "retry timeout exceeded", "has been in the queue too long", "message expired", "has expired", "giving up on",
    "δεν θα γίνει νέα προσπάθεια", "δεν θα επιχειρηθεί", "endgültig fehlgeschlagen", "dauerhafter fehler",
    "erreur permanente", "errore permanente", "error permanente",
)  # fmt: skip
"""Words of a notice that it was tried for the last time, whatever the reason was."""

PASSING = _without_accents(
    "temporarily", "προσωρινά", "vorübergehend", "temporairement", "temporaneamente", "temporalmente"
)
"""Words of a reason that passes; where the mail was returned it has ended all the same."""

RETURNED = _without_accents(
    "returned", "undeliverable", "failure", "failed", "επιστροφή", "αποτυχία", "απέτυχε", "fehlgeschlagen"
)
"""Words of the subject of a notice that something came back for good."""

DAEMONS = (
    "mailer-daemon", "mailer_daemon", "mailerdaemon", "mail-daemon", "maildaemon", "mdaemon", "post_master",
    "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
)  # fmt: skip
"""Beginnings of local parts under which nobody but a mail server writes."""

DAEMON_NAMES = _without_accents(
    "mail delivery subsystem", "mail delivery system", "mail delivery service", "mailer-daemon", "mailer daemon",
    "internet mail delivery", "mail server at", "system administrator", "systemadministrator",
    "administrateur système", "amministratore di sistema", "administrador del sistema", "διαχειριστής συστήματος",
    "σύστημα παράδοσης", "σύστημα αλληλογραφίας", "delivery status", "returned mail", "content-filter",
    "mail administrator",
)  # fmt: skip
"""What stands in the names of mail servers."""

POSTMASTERS = frozenset({"postmaster", "bounce", "bounces", "mail-daemon", "daemon"})
"""Local parts of mail servers that people may use as well: the empty return path decides."""

RECIPIENT_LABELS = (
    r"(?:failed |affected |final |original |intended )?recipient(?:\(?s\)?)?", "failed address", "undeliverable",
    "recipient address", "unable to deliver (?:the |your )?message to", r"παραλήπτης", r"destinataire", "destinatario",
    "destinatário", "empfänger", "получатель", "получател", "destinatar", "marrësi", "odbiorca", "ontvanger",
)  # fmt: skip
"""Patterns of what stands before the address that was not reached."""

SYSTEMS = _without_accents(
    "this message was created automatically by mail delivery software", "hi. this is the qmail-send program",
    "i'm afraid i wasn't able to deliver", "this is the mail system at host", "this is the mail system",
    "the following addresses had permanent fatal errors", "your message did not reach some or all",
    "your message couldn't be delivered", "your message wasn't delivered", "delivery to the following recipient",
    "this is a permanent error", "the following recipient(s) could not be reached",
    "could not be delivered to one or more", "could not be delivered because of", "address not found",
    "message blocked",
    "delivery has failed to these recipients", "this is an automatically generated delivery status",
    "the following message to", "recipient's mailbox is full", "this is a delivery status notification",
    "did not reach the following recipient", "we were unable to deliver your message", "unable to deliver message to",
    "your message to the following recipients", "was not delivered to", "has not been delivered",
    "the message was not delivered", "cannot be delivered to the following", "error occurred while trying to deliver",
    "was undeliverable", "το μήνυμά σας δεν παραδόθηκε", "η παράδοση απέτυχε", "δεν ήταν δυνατή η παράδοση",
    "δεν ήταν δυνατό να παραδοθεί", "δεν μπόρεσε να παραδοθεί", "η παράδοση σε αυτούς τους παραλήπτες",
    "konnte nicht zugestellt werden", "konnte einem oder mehreren empfängern nicht", "nicht alle empfänger erreicht",
    "fehler bei der nachrichtenzustellung", "diese nachricht wurde automatisch", "n'a pas pu être remis",
    "n'a pas pu être distribué", "échec de la remise", "non può essere consegnato", "non è stato possibile recapitare",
    "impossibile recapitare", "recapito non riuscito", "no se pudo entregar", "no ha podido ser entregado",
    "error de entrega", "no se ha podido entregar", "não foi possível entregar", "não pôde ser entregue",
    "не може да бъде доставено", "не удалось доставить", "не может быть отправлено", "nu a putut fi livrat",
    "nuk mund të dorëzohet", "nuk u dorëzua",
)  # fmt: skip
"""Sentences with which mail servers begin a notice."""

FAILURES = _without_accents(
    "undeliverable", "not delivered", "not be delivered", "could not deliver", "unable to deliver", "failed to deliver",
    "delivery failed", "delivery failure", "delivering your mail", "user unknown", "unknown user", "no such user",
    "user not found", "mailbox unavailable", "mailbox not found", "mailbox is full", "mailbox full", "over quota",
    "quota exceeded", "host unknown", "host not found", "does not exist", "rejected", "blocked", "no mailbox",
    "delivery failed;", "could not be sent", "δεν παραδόθηκε", "να παραδοθεί", "επιστράφηκε", "επιστρέφεται",
    "δεν υπάρχει", "είναι γεμάτη", "είναι γεμάτο", "άγνωστος παραλήπτης", "άγνωστος χρήστης", "nicht zugestellt",
    "zustellung", "postfach ist voll", "existiert nicht", "non remis", "pas pu être", "boîte pleine", "n'existe pas",
    "casella piena", "non esiste", "inesistente", "non consegnat", "no existe", "buzón lleno", "no entregado",
    "não existe", "caixa cheia", "не существует", "переполнен", "не съществува", "nu există", "nuk ekziston",
)  # fmt: skip
"""What is wrong, in the words of those who know no codes; they count in the mail of mail servers only."""

UNANSWERABLE = (
    "noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply", "do_not_reply", "dont-reply",
    "nicht-antworten", "ne-pas-repondre", "nepasrepondre", "noresponder", "no-responder", "nao-responda",
    "mailer-daemon", "postmaster", "listserv", "majordomo", "mailman", "daemon", "nobody", "autoresponder",
    "auto-reply", "autoreply", "bounce", "bounces", "notifications", "automailer", "mailerdaemon",
)  # fmt: skip
"""Local parts that nobody reads."""

CHALLENGES = _without_accents(
    "please confirm your message", "your email requires verification", "your e-mail requires verification",
    "sender verification", "verify your email to", "confirm your email to", "your message awaits confirmation",
    "[challenge]", "action required: verify", "επιβεβαίωση αποστολέα", "bestätigung ihrer nachricht",
)  # fmt: skip
"""Beginnings of the subject of a machine that wants to know whether we are a person."""

AWAY_WITHIN = _without_accents(
    " is out of the office", " is out of office", " is away from", " is on leave", " is on vacation", " is on holiday",
    " ist nicht im büro", " ist außer haus", " ist im urlaub", " est absent", " è assente", " è fuori ufficio",
    " está ausente", " está de vacaciones", " απουσιάζει", " λείπει σε άδεια", " βρίσκεται σε άδεια",
    " είναι σε άδεια", " е в отпуск", " este în concediu",
)  # fmt: skip
"""What stands in the subject of an absence note that begins with a name."""

BACK = _without_accents(
    "will return", "will be back", "returning", "return on", "back on", "until", "θα επιστρέψ", "επιστρέφ", "μέχρι",
    "έως", "zurück", "wieder", "bis ", "de retour", "jusqu", "rientr", "fino al", "regres", "vuelv", "hasta",
    "volta", "ще се върне", "до ", "revine", "reven",
)  # fmt: skip
"""Words of when somebody is back."""

READ_RECEIPTS = _without_accents(
    "διαβάστηκε:",
    "read:",
    "gelesen:",
    "lu:",
    "letto:",
    "leído:",
    "lido:",
    "прочетено:",
    "citit:",
    "lexuar:",
    "прочитано:",
)
"""Beginnings of the subject of a receipt that somebody read something."""
