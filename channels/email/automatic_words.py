"""The words by which machines give themselves away, by language; data, read by `automatic` and `bounce`."""

OUT_OF_OFFICE = (
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

PERHAPS_AWAY = (
    "απουσία", "απουσιάζω", "άδεια", "σε άδεια", "είμαι εκτός", "αυτόματο μήνυμα", "ooo", "auto:", "away", "absence",
    "on leave", "on vacation", "on holiday", "vacation", "abwesen", "urlaub", "afwezig", "met vakantie", "absent",
    "en congé", "assenza", "assente", "in ferie", "ausencia", "ausente", "vacaciones", "ausência", "férias", "отсъств",
    "в отпуск", "отсутств", "absenț", "concediu", "mungesë", "pushime", "frånvaro", "fravær", "semester", "poissa",
    "nieobecn", "urlop", "nepřítom", "dovolen", "távol", "szabadság", "izinde", "yıllık izin", "odsut",
)  # fmt: skip
"""Beginnings that an absence note has as well as a citizen who misses something or wants a permit: its words decide."""

AWAY = (
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

UNDELIVERED = (
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
    "isporuka nije uspjela", "nije isporučen", "није испоручен", "ni bilo mogoče dostaviti", "pristatyti nepavyko",
)  # fmt: skip
"""Words of the subject of a delivery notice."""

DELAYED = (
    "delayed", "warning:", "could not be delivered for", "will be retried", "will continue to",
    "still being retried", "not yet been delivered", "καθυστέρηση", "verzögert", "retardé", "ritardo", "retraso",
    "delivery incomplete", "en attente de remise", "попытки доставки будут", "продължава опитите", "vertraagd",
    "försenat", "opóźnion", "zpožděn", "gecikti", "θα συνεχιστούν οι προσπάθειες", "θα γίνει νέα προσπάθεια",
)  # fmt: skip
"""Words of a notice that is a warning only."""

PASSING = ("temporarily", "προσωρινά", "vorübergehend", "temporairement", "temporaneamente", "temporalmente")
"""Words of a reason that passes; where the mail was returned it has ended all the same."""

RETURNED = ("returned", "undeliverable", "failure", "failed", "επιστροφή", "αποτυχία", "απέτυχε", "fehlgeschlagen")
"""Words of the subject of a notice that something came back for good."""

MACHINES = (
    "mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon", "mdaemon", "mail delivery subsystem",
    "mail delivery system", "bounce", "bounces", "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
)  # fmt: skip
"""Local parts and names of those who send delivery notices."""

UNANSWERABLE = (
    "noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply", "do_not_reply", "dont-reply",
    "nicht-antworten", "ne-pas-repondre", "nepasrepondre", "noresponder", "no-responder", "nao-responda",
    "mailer-daemon", "postmaster", "listserv", "majordomo", "mailman", "daemon", "nobody", "autoresponder",
    "auto-reply", "autoreply", "bounce", "bounces", "notifications", "automailer", "mailerdaemon",
)  # fmt: skip
"""Local parts that nobody reads."""

READ_RECEIPTS = (
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
