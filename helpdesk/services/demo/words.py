"""What people of the demo say whatever the matter is."""

WORDS: dict[str, dict[str, str]] = {
    "begun": {
        "el": "Σας ευχαριστούμε που μας γράψατε. Το παραλάβαμε και το έχει ήδη ο αρμόδιος συνάδελφος. Θα σας "
        "ενημερώσουμε εδώ μόλις έχουμε νεότερα.",
        "en": "Thank you for writing to us. A colleague is already looking after it, and we will tell you here as "
        "soon as there is news.",
    },
    "ours": {"el": "Γενική ερώτηση, την αναλαμβάνει η Εξυπηρέτηση Πολιτών."},
    "not-ours": {"el": "Ανήκει στη δική σας υπηρεσία, ο πολίτης έχει ενημερωθεί."},
    "note": {"el": "Μίλησα στο τηλέφωνο με τον πολίτη, συμφωνεί με τη λύση."},
    "apart": {"el": "Αναφέρονται στοιχεία υγείας· το αίτημα φαίνεται μόνο στην υπηρεσία μας."},
    "same": {
        "el": "Ευχαριστούμε, μας το είπε ήδη και ένας γείτονάς σας. Το συνεργείο έχει ειδοποιηθεί και για τα δύο.",
        "en": "Thank you, a neighbour of yours has told us already. The crew has been told about both.",
    },
    "withdrawn": {"el": "Ο πολίτης το απέσυρε στο τηλέφωνο."},
    "needs_information": {"el": "Του ζητήσαμε όσα λείπουν."},
    "supplier_works": {"el": "Ο εργολάβος έχει τα ανταλλακτικά, τον περιμένουμε."},
    "appointment": {"el": "Κλείστηκε ραντεβού για αυτοψία."},
    "other_department": {"el": "Περιμένουμε τη γνώμη της νομικής υπηρεσίας."},
    "not-solved": {
        "el": "Δυστυχώς το πρόβλημα παραμένει, το είδα πάλι χθες το βράδυ. Μπορείτε να το ξανακοιτάξετε;",
        "en": "I am afraid it is not solved, I saw the same problem again last night. Could you look once more?",
    },
    "again": {
        "el": "Ευχαριστούμε που μας το είπατε. Έγινε νέος έλεγχος σήμερα και τώρα το θέμα έχει λυθεί οριστικά.",
        "en": "Thank you for telling us. We checked again today and it is now solved for good.",
    },
}


def say(what: str, language: str) -> str:
    """The words in that language; what is said in the house is said in Greek."""
    return WORDS[what][language if language in WORDS[what] else "el"]
