"""The words by which machines give themselves away, by language; data, read by `automatic` and `bounce`."""

OUT_OF_OFFICE = (
    "αυτόματη απάντηση", "αυτόματο μήνυμα", "αυτοματοποιημένη απάντηση", "εκτός γραφείου", "απουσία από το γραφείο",
    "απουσία:", "άδεια:", "automatic reply", "auto-reply", "autoreply", "auto reply", "auto:", "autosvar",
    "out of office", "out of the office", "out-of-office", "ooo:", "vacation reply", "vacation response",
    "away from my mail", "i am away", "auto response", "auto-response", "autoresponse", "automated reply",
    "automated response", "automatische antwort", "abwesenheitsnotiz", "abwesenheit", "abwesend",
    "automatisch antwoord", "automatische reactie", "afwezig", "réponse automatique", "absence du bureau",
    "message d'absence", "risposta automatica", "fuori sede", "fuori ufficio", "assenza", "respuesta automática",
    "fuera de la oficina", "fuera de oficina", "resposta automática", "fora do escritório", "ausência do escritório",
    "автоматичен отговор", "извън офиса", "răspuns automat", "în afara biroului", "përgjigje automatike",
    "jashtë zyre", "автоматический ответ", "автоответ", "вне офиса", "автоматична відповідь", "automatisk svar",
    "automatiskt svar", "frånvaro", "fravær", "automaattinen vastaus", "poissa", "automatyczna odpowiedź",
    "autoodpowiedź", "nieobecność", "automatická odpověď", "automatická odpoveď", "mimo kancelář",
    "automatikus válasz", "házon kívül", "otomatik yanıt", "ofis dışında", "automatski odgovor",
    "аутоматски одговор", "samodejni odgovor", "自動応答", "自动回复", "自動回覆", "자동 회신",
)  # fmt: skip
"""Beginnings of a subject (after any Re:) that only an absence note has."""

UNDELIVERED = (
    "αποτυχία παράδοσης", "μη παραδόσιμο", "μη παραδοτέο", "δεν παραδόθηκε", "αδυναμία παράδοσης",
    "επιστροφή μηνύματος", "undelivered mail", "undeliverable", "undelivered message",
    "delivery status notification", "delivery failure", "delivery has failed", "mail delivery failed",
    "mail delivery failure", "mail delivery system", "mail system error", "returned mail", "returned email",
    "failure notice", "delivery notification", "message not delivered", "message undeliverable",
    "could not send message", "could not be delivered", "warning: could not send", "warning: message",
    "mail failure", "delivery report", "non-delivery", "nondeliverable", "unable to deliver",
    "message delivery failure", "mail could not be delivered", "delivery delayed", "delayed mail",
    "delivery incomplete", "rejected:", "message rejected", "permanent error", "error sending", "unzustellbar",
    "nicht zustellbar", "fehlgeschlagene zustellung", "zustellung fehlgeschlagen", "zustellungsfehler", "non remis",
    "non distribué", "échec de la remise", "échec de la distribution", "échec de livraison", "non recapitabile",
    "mancato recapito", "mancata consegna", "no se puede entregar", "no entregado", "error de entrega",
    "não entregue", "não foi possível entregar", "falha na entrega", "недоставено", "nelivrat", "nelivrabil",
    "e pa dorëzuar", "недоставленное", "не доставлено", "onbestelbaar", "niet bestelbaar", "kunde inte levereras",
    "ikke leveret", "niedostarczalne", "niedostarczona", "nedoručiteln", "kézbesíthetetlen", "teslim edilemedi",
    "配信不能", "退信", "반송",
)  # fmt: skip
"""Words of the subject of a delivery notice."""

DELAYED = (
    "delayed", "warning:", "could not be delivered for", "will be retried", "will continue to",
    "still being retried", "not yet been delivered", "καθυστέρηση", "verzögert", "retardé", "ritardo", "retraso",
    "temporarily", "delivery incomplete",
)  # fmt: skip
"""Words of a notice that is a warning only."""

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
