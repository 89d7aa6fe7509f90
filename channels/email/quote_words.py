"""The words by which mail programs introduce quoted history, by language; data, read by `quotes`."""

WROTE = {
    "el": ("έγραψε", "έγραψαν", "ο/η έγραψε", "έστειλε", "γράφει", "έγραψες", "egrapse"),
    "en": ("wrote", "writes", "sent", "said"),
    "fr": ("a écrit", "écrit", "a ecrit"),
    "de": ("schrieb", "schreibt", "hat geschrieben", "geschrieben"),
    "it": ("ha scritto", "scrive", "scritto"),
    "es": ("escribió", "escribio", "escribe", "ha escrito"),
    "pt": ("escreveu", "escreve"),
    "bg": ("написа", "пише", "написал"),
    "ro": ("a scris", "scrie"),
    "sq": ("shkroi", "shkruajti", "ka shkruar"),
    "nl": ("schreef", "het volgende geschreven", "geschreven"),
    "sv": ("skrev",),
    "da": ("skrev",),
    "no": ("skrev", "skreiv"),
    "fi": ("kirjoitti",),
    "pl": ("napisał", "napisała", "napisał(a)", "pisze", "napisał/a", "napisal", "napisal(a)"),
    "cs": ("napsal", "napsala", "napsal(a)", "píše"),
    "sk": ("napísal", "napísala", "napísal(a)"),
    "hu": ("írta", "ezt írta", "írt"),
    "tr": ("yazdı", "şunları yazdı", "şunu yazdı"),
    "ru": ("написал", "написала", "написал(а)", "пишет", "писал", "писал(а)"),
    "uk": ("написав", "написала", "пише", "написав(ла)"),
    "sr": ("је написао", "је написала", "napisao", "napisala", "је написао/ла", "je napisao/la", "пише"),
    "hr": ("napisao", "napisala", "je napisao/la", "piše"),
    "sl": ("napisal", "je napisal", "je napisala", "piše"),
    "mk": ("напиша",),
    "lt": ("rašė",),
    "lv": ("rakstīja",),
    "et": ("kirjutas",),
    "ca": ("va escriure", "ha escrit"),
    "ja": ("のメール", "のメッセージ", "が書きました", "wrote"),
    "zh": ("写道", "寫道", "来信"),
    "ko": ("작성", "님이 작성"),
    "ar": ("كتب", "كتبت"),
    "he": ("כתב", "כתבה", "מאת"),
    "vi": ("đã viết",),
    "id": ("menulis",),
}
"""Verbs of the line above a quotation («Στις … ο Χ έγραψε:»)."""

ON = {
    "el": ("στις", "την", "τη", "τις", "το", "στη", "στην"),
    "en": ("on", "at", "in"),
    "fr": ("le", "en date du"),
    "de": ("am", "vom"),
    "it": ("il", "in data", "nel"),
    "es": ("el", "en", "con fecha"),
    "pt": ("em", "no", "na", "a"),
    "bg": ("на",),
    "ro": ("în", "pe", "in", "la"),
    "sq": ("më", "me", "në", "on"),
    "nl": ("op", "in"),
    "sv": ("den",),
    "da": ("den",),
    "no": ("den", "på"),
    "pl": ("w dniu", "dnia", "w"),
    "cs": ("dne",),
    "sk": ("dňa",),
    "hr": ("dana",),
    "ca": ("el",),
}
"""Words with which that line may begin."""

FROM = (
    "από", "αποστολέας", "apo", "from", "von", "absender", "de", "da", "mittente", "van", "från", "fra", "od", "от",
    "от кого", "від", "од", "nga", "kimden", "gönderen", "lähettäjä", "feladó", "odesílatel", "odosielateľ",
    "expediteur", "expéditeur", "remitente", "remetente", "de la", "expeditor", "差出人", "发件人", "寄件者",
    "寄件人", "보낸 사람", "من", "מאת", "saatja", "no", "nuo", "frá", "ze", "送信者",
    "šalje", "шаље", "pošiljatelj",
)  # fmt: skip
"""Labels of the sender in a header block."""

OTHERS = (
    "στάλθηκε", "εστάλη", "απεστάλη", "αποστολή", "στάλθηκε στις", "ημερομηνία αποστολής", "ημερομηνία", "ημ/νία",
    "ημερ.", "προς", "κοιν.", "κοιν", "κοινοποίηση", "θέμα", "παραλήπτης", "pros", "thema", "sent", "date", "to",
    "cc", "bcc", "subject", "reply-to", "importance", "sent at", "gesendet", "datum", "an", "betreff", "kopie",
    "envoyé", "à", "a", "objet", "date d'envoi", "copie", "inviato", "data", "oggetto", "enviado", "enviado el",
    "fecha", "para", "asunto", "enviada em", "assunto", "data de envio", "verzonden", "aan", "onderwerp", "skickat",
    "till", "ämne", "sendt", "til", "emne", "dato", "wysłano", "wysłane", "do", "temat", "dw", "odesláno", "komu",
    "předmět", "odoslané", "predmet", "изпратено", "изпратен", "до", "относно", "дата", "тема", "отправлено", "кому",
    "копия", "trimis", "către", "subiect", "dërguar", "për", "tek", "subjekti", "lënda", "tema", "data e dërgimit",
    "gönderildi", "gönderme tarihi", "kime", "konu", "tarih", "lähetetty", "vastaanottaja", "aihe", "küldve",
    "címzett", "tárgy", "poslano", "za", "zadeva", "送信日時", "宛先", "件名", "日付", "日時", "发送时间", "收件人",
    "主题", "抄送", "寄件日期", "收件者", "主旨", "보낸 날짜", "받는 사람", "제목", "تاريخ", "إلى", "الموضوع",
    "נשלח", "אל", "נושא", "надіслано", "послато", "за", "предмет", "kc", "sent on", "posted at", "expédié",
    "ilmoitus", "päiväys", "датум", "när", "kuupäev", "kellele", "teema", "kam", "temats", "kas", "onderw.",
    "prima", "прима", "poslato",
)  # fmt: skip
"""Labels that follow it: sent, to, copy, subject, date."""

ORIGINAL = (
    "αρχικό μήνυμα", "πρωτότυπο μήνυμα", "αρχικο μηνυμα", "μήνυμα απάντησης", "original message", "original email",
    "original appointment", "reply message", "ursprüngliche nachricht", "originalnachricht", "original-nachricht",
    "message d'origine", "message original", "messaggio originale", "mensaje original", "mensagem original",
    "оригинално съобщение", "оригинално писмо", "mesaj original", "mesajul original", "mesazhi origjinal",
    "oorspronkelijk bericht", "originalmeddelande", "ursprungligt meddelande", "ursprungsmeddelande",
    "oprindelig meddelelse", "opprinnelig melding", "alkuperäinen viesti", "wiadomość oryginalna",
    "oryginalna wiadomość", "wiadomość pierwotna", "původní zpráva", "původní e-mail", "pôvodná správa",
    "eredeti üzenet", "özgün ileti", "orijinal mesaj", "исходное сообщение", "пересылаемое сообщение",
    "оригинальное сообщение", "оригінальне повідомлення", "originalna poruka", "izvorna poruka", "izvirno sporočilo",
    "元のメッセージ", "原始邮件", "原始郵件", "원본 메시지", "الرسالة الأصلية", "הודעה מקורית", "missatge original",
    "reply above this line", "please reply above this line", "γράψτε πάνω από αυτή τη γραμμή",
    "απαντήστε πάνω από αυτή τη γραμμή",
)  # fmt: skip
"""Words between dashes that stand above an answered message."""

FORWARDED = (
    "προωθημένο μήνυμα", "προωθούμενο μήνυμα", "προώθηση μηνύματος", "αρχή προωθημένου μηνύματος",
    "forwarded message", "forwarded by", "begin forwarded message", "forward message", "forwarded mail",
    "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail",
    "message transféré", "message transmis", "début du message transféré", "début du message réexpédié",
    "messaggio inoltrato", "inizio messaggio inoltrato", "mensaje reenviado", "inicio del mensaje reenviado",
    "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem encaminhada", "препратено съобщение",
    "mesaj redirecționat", "mesaj redirectionat", "mesazh i përcjellë", "mesazhi i përcjellë",
    "doorgestuurd bericht", "begin doorgestuurd bericht", "vidarebefordrat meddelande", "vidarebefordrat mejl",
    "videresendt meddelelse", "videresendt melding", "edelleenlähetetty viesti", "przekazana wiadomość",
    "treść przekazanej wiadomości", "přeposlaná zpráva", "preposlaná správa", "továbbított üzenet", "iletilen ileti",
    "yönlendirilmiş ileti", "пересланное сообщение", "начало переадресованного сообщения", "переслане повідомлення",
    "proslijeđena poruka", "posredovano sporočilo", "転送されたメッセージ", "转发的邮件", "轉寄的郵件",
    "전달된 메시지",
)  # fmt: skip
"""Words above a message that is passed on: what follows is the sender's own matter and stays."""

FORWARD_PREFIXES = (
    "fwd", "fw", "πρθ", "προωθ", "προώθηση", "σχετ", "wg", "tr", "rv", "enc", "i", "vs", "vl", "vb", "doorst", "pd",
    "ilt", "továbbítás", "препр", "redir", "пер", "пересл", "fwrd",
)  # fmt: skip
"""Beginnings of a subject that is passed on."""

MOBILE = {
    "el": (
        "στάλθηκε από", "εστάλη από", "απεστάλη από", "αποστολή από", "αποκτήστε το outlook για",
        "λήψη του outlook για", "σταλθηκε απο",
    ),
    "en": (
        "sent from my", "sent from mail for", "sent from outlook", "sent from yahoo", "sent from proton",
        "sent from samsung", "sent from gmail", "sent from windows mail", "sent via", "sent with", "get outlook for",
        "sent using", "sent from a ",
    ),
    "fr": ("envoyé de mon", "envoyé depuis", "envoyé à partir", "télécharger outlook pour", "obtenez outlook pour"),
    "de": (
        "von meinem", "gesendet von", "gesendet mit", "von meinem iphone gesendet", "outlook für",
        "holen sie sich outlook",
    ),
    "it": ("inviato da", "inviato dal", "scarica outlook per", "ottieni outlook per", "inviato con"),
    "es": ("enviado desde", "obtener outlook para", "descargar outlook para", "enviado con"),
    "pt": ("enviado do meu", "enviado a partir", "enviado de", "obter o outlook para", "baixar o outlook para"),
    "bg": ("изпратено от", "изтеглете outlook за"),
    "ro": ("trimis de pe", "trimis de la", "trimis din", "descărcați outlook pentru"),
    "sq": ("dërguar nga", "derguar nga"),
    "nl": ("verstuurd vanaf", "verzonden vanaf", "verzonden met", "outlook voor", "verstuurd met"),
    "sv": ("skickat från", "skickades från", "hämta outlook för"),
    "da": ("sendt fra", "hent outlook til"),
    "no": ("sendt fra", "skaff deg outlook for"),
    "fi": ("lähetetty", "hanki outlook"),
    "pl": ("wysłane z", "wysłano z", "pobierz program outlook"),
    "cs": ("odesláno z", "získat outlook pro"),
    "hu": ("küldve az", "iphone-ról küldve", "az iphone"),
    "tr": ("iphone'umdan gönderildi", "cihazımdan gönderildi", "için outlook'u edinin"),
    "ru": ("отправлено с", "отправлено из", "послано с"),
    "uk": ("надіслано з", "відправлено з"),
    "sr": ("poslato s", "послато са", "poslano s"),
    "ja": ("iphoneから送信", "ipadから送信"),
    "zh": ("发自我的", "從我的"),
    "ko": ("나의 iphone에서 보냄",),
}  # fmt: skip
"""Beginnings of the line that a mail program adds of itself."""

DEVICES = (
    "windows", "ταχυδρομείο", "αλληλογραφία", "iphone", "ipad", "ipod", "android", "samsung", "galaxy", "blackberry",
    "xiaomi", "huawei", "redmi", "honor", "nokia", "pixel", "htc", "sony", "xperia", "lg ", "motorola", "oneplus",
    "oppo", "windows phone", "windows 10", "windows 11", "windows mail", "outlook", "yahoo", "proton", "gmail",
    "mail", "mobile", "phone", "smartphone", "tablet", "handy", "mac", "κινητό", "κινητο", "συσκευή", "συσκευη",
    "τηλέφωνο", "móvil", "movil", "celular", "telefon", "téléphone", "cellulare", "telemóvel", "телефон",
    "устройство", "device", "handheld", "vodafone", "cosmote", "wireless", "thunderbird", "ios",
    "aquamail", "typeapp", "spark", "airmail", "superhuman", "hey", "tutanota", "iphon",
)  # fmt: skip
"""One of these stands in such a line; without it the sentence is somebody's own."""

CLOSINGS = {
    "el": (
        "με εκτίμηση", "με εκτιμηση", "με τιμή", "με φιλικούς χαιρετισμούς", "φιλικά", "φιλικα", "με σεβασμό",
        "με χαιρετισμούς", "εκ τιμής", "χαιρετισμούς", "μετά τιμής", "ευχαριστώ εκ των προτέρων", "με ευχαριστίες",
        "me ektimisi", "me ektimhsh", "filika",
    ),
    "en": (
        "best regards", "kind regards", "regards", "warm regards", "best wishes", "yours sincerely",
        "yours faithfully", "sincerely", "many thanks and regards", "with kind regards", "thanks and regards",
        "thanks & regards", "cheers", "respectfully", "yours truly",
    ),
    "fr": (
        "cordialement", "bien cordialement", "bien à vous", "salutations", "sincères salutations",
        "meilleures salutations",
    ),
    "de": (
        "mit freundlichen grüßen", "mit freundlichen gruessen", "mit freundlichem gruß", "freundliche grüße",
        "viele grüße", "beste grüße", "liebe grüße", "mfg", "lg", "schöne grüße", "hochachtungsvoll",
    ),
    "it": ("cordiali saluti", "distinti saluti", "saluti", "cordialmente", "un saluto"),
    "es": ("saludos", "un saludo", "saludos cordiales", "atentamente", "un cordial saludo", "cordialmente"),
    "pt": ("cumprimentos", "com os melhores cumprimentos", "atenciosamente", "melhores cumprimentos", "saudações"),
    "bg": ("с уважение", "поздрави", "сърдечни поздрави"),
    "ro": ("cu stimă", "cu respect", "o zi bună", "toate cele bune", "cu stima"),
    "sq": ("me respekt", "përshëndetje", "me nderime", "gjithë të mirat"),
    "nl": ("met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "groeten", "groet", "mvg"),
    "sv": ("med vänlig hälsning", "med vänliga hälsningar", "vänliga hälsningar", "hälsningar", "mvh", "vänligen"),
    "da": ("med venlig hilsen", "venlig hilsen", "hilsen", "mvh", "kh", "de bedste hilsner", "bedste hilsner"),
    "no": ("med vennlig hilsen", "vennlig hilsen", "hilsen", "mvh"),
    "fi": ("ystävällisin terveisin", "terveisin", "yt"),
    "pl": (
        "pozdrawiam", "z poważaniem", "z powazaniem", "z wyrazami szacunku", "serdecznie pozdrawiam", "pozdrowienia",
    ),
    "cs": ("s pozdravem", "s úctou"),
    "sk": ("s pozdravom", "s úctou"),
    "hu": ("üdvözlettel", "tisztelettel"),
    "tr": ("saygılarımla", "iyi çalışmalar", "saygılar"),
    "ru": ("с уважением", "с наилучшими пожеланиями"),
    "uk": ("з повагою", "з найкращими побажаннями"),
    "sr": ("srdačan pozdrav", "срдачан поздрав", "pozdrav", "поздрав", "s poštovanjem", "с поштовањем"),
    "hr": ("lijep pozdrav", "s poštovanjem", "srdačan pozdrav"),
    "sl": ("lep pozdrav", "s spoštovanjem", "lp"),
}  # fmt: skip
"""Words that close a letter, above a name."""

POSTSCRIPTS = ("ps", "p.s", "υγ", "υ.γ", "ys", "nb", "n.b", "σημ.")
"""Beginnings of what somebody adds below the name: then the name closes nothing."""
