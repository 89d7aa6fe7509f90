"""Words by which the bot knows that a person is needed, or what a short answer means; in both languages.

Inflection, accents and most of Greeklish are seen to by who compares; a Greeklish form stands here only where it is so
short that it is not read as Greek.
"""

from helpdesk.services.rulebook.defaults import DANGER

EMERGENCY = (
    *DANGER, "μυρίζει γκάζι", "μυρίζει αέριο", "οσμή αερίου", "τραυματίστηκε", "τραυματισμένος άνθρωπος",
    "αιμορραγεί", "αναίσθητος", "λιποθύμησε", "ασθενοφόρο", "ηλεκτροφόρο καλώδιο", "πεσμένο καλώδιο",
    "γυμνά καλώδια", "έπεσε καλώδιο", "πνίγεται", "πνίγηκε", "πλημμύρισε", "έμφραγμα", "εγκεφαλικό", "δηλητηρίαση",
    "αυτοκτονήσω", "αυτοκτονία", "αυτοκτονίας", "να πεθάνω", "με χτυπάει", "με χτυπά", "με δέρνει", "με απειλεί",
    "με σκοτώσει", "ενδοοικογενειακή βία", "κακοποίηση", "κακοποιεί", "smell gas", "smells of gas", "kill myself",
    "killing myself", "suicide", "hurt myself", "hits me", "beats me", "domestic violence", "threatens me",
    "bleeding", "unconscious", "ambulance", "live wire", "live wires", "fallen wire", "drowning", "heart attack",
    "stroke", "flooded", "poisoned", "emergency",
)  # fmt: skip
"""What cannot wait for a bot: the body's words of danger, and people in distress."""

HUMANS = (
    "άνθρωπος", "άνθρωπο", "ανθρώπου", "υπάλληλος", "υπάλληλο", "υπαλλήλου", "εκπρόσωπος", "εκπρόσωπο", "συνεργάτη",
    "συνάδελφο", "τηλεφωνήτρια", "ρομπότ", "robot", "bot", "μηχάνημα", "μηχανή", "human", "humans", "person",
    "agent", "operator", "representative", "employee", "staff", "colleague", "anthropos", "ypallilos", "υπεύθυνο",
    "advisor",
)  # fmt: skip
"""Whom they want, or do not want."""

TALKING = (
    "μιλήσω", "μιλάω", "μιλήσουμε", "συνδέστε", "συνδέσετε", "συνδέσεις", "συνομιλία", "συζητήσω", "επικοινωνήσω",
    "ζωντανά", "κανονικός", "κανονικό", "αληθινός", "αληθινό", "πραγματικό", "φυσικό", "δώστε", "φέρτε", "θέλω",
    "σταμάτα", "talk", "talking", "speak", "speaking", "chat", "connect", "transfer", "pass", "put", "real",
    "actual", "live", "stop", "contact", "customer", "support", "service", "miliso", "milao", "kanonikos",
    "somebody", "someone",
)  # fmt: skip
"""What is said around that."""

PERSONAL = (
    "πόσα χρωστάω", "πόσο χρωστάω", "τι χρωστάω", "πόσα οφείλω", "τι οφείλω", "οφειλές μου", "οφειλή μου",
    "χρέος μου", "χρέη μου", "χρωστάω στο δήμο", "φάκελό μου", "φάκελος μου", "υπόθεσή μου", "υπόθεση μου",
    "στοιχεία μου", "posa xrostao", "poso xrostao", "posa xrwstaw", "poso xrwstaw", "posa ofeilo",
    "how much do I owe", "what do I owe", "how much I owe", "my debt", "my debts", "my balance", "my file",
    "my case", "my record", "my personal data",
)  # fmt: skip
"""What only somebody may look up who knows to whom they speak."""

OWN_REQUEST = (
    "αίτημά μου", "αίτημα μου", "αίτησή μου", "αίτηση μου", "υπόθεσή μου", "υπόθεση μου", "παράπονό μου",
    "καταγγελία μου", "δήλωσή μου", "αναφορά μου", "aitisi mou", "aithsh mou", "aitima mou", "aithma mou",
    "my request", "my application", "my case", "my complaint", "my report", "my ticket",
)  # fmt: skip

STANDS = (
    "τι γίνεται", "τι απέγινε", "τι έγινε", "πού βρίσκεται", "πού είναι", "σε ποιο στάδιο", "ποια φάση", "πότε θα",
    "ti ginetai", "ti egine", "ti apegine", "pou vrisketai", "what happened", "where is", "status of", "state of",
    "stage", "progress", "what about", "how far", "when will",
)  # fmt: skip

UNANSWERED = (
    "δεν μου απάντησε", "δεν μας απάντησε", "δεν απάντησε", "δεν έχω πάρει απάντηση", "δεν πήρα απάντηση",
    "καμία απάντηση", "ακόμα περιμένω", "nobody has answered", "no one has answered", "nobody answered",
    "no answer", "have not heard", "still waiting", "not been answered", "den apantise", "den apanthse",
)  # fmt: skip

SENT = (
    "έστειλα", "έχω στείλει", "είχα στείλει", "έκανα αίτηση", "υπέβαλα", "έχω υποβάλει", "I applied", "I sent",
    "I wrote", "I reported", "I have sent", "I submitted", "esteila", "ekana aitisi",
)  # fmt: skip

YES = (
    "ναι", "ναι ευχαριστώ", "ναι βοήθησε", "ναι με βοήθησε", "βοήθησε", "με βοήθησε", "ναι αυτό ήθελα", "μάλιστα",
    "nai", "ευχαριστώ", "ευχαριστώ πολύ", "yes", "yes thanks", "yes thank you", "yes it did", "yes it helped",
    "it helped", "yep", "thanks", "thank you", "ok", "οκ", "ok thanks", "εντάξει", "efxaristo", "τέλεια", "great",
)  # fmt: skip

NO = (
    "όχι", "όχι δεν βοήθησε", "δεν βοήθησε", "δεν με βοήθησε", "όχι ευχαριστώ", "καθόλου", "όχι ακριβώς", "oxi",
    "ohi", "κανένα", "τίποτα", "τίποτα από αυτά", "κανένα από αυτά", "no", "nope", "no thanks", "no it did not",
    "not really", "it did not", "it did not help", "did not help", "none", "none of these", "none of them",
    "not helpful",
)  # fmt: skip

GREETINGS = (
    "γεια", "γεια σας", "γειά σας", "γεια σου", "καλημέρα", "καλημέρα σας", "καλησπέρα", "καλησπέρα σας", "χαίρετε",
    "hello", "hi", "hey", "good morning", "good afternoon", "good evening", "hello there", "geia sas", "kalimera",
    "kalispera", "geia",
)  # fmt: skip
