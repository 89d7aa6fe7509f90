"""The words by which citizens of the demo name their matter, in both languages."""

WORDS: tuple[tuple[str, str, str, str], ...] = (
    (
        "water",
        "water-bill",
        "Λογαριασμός νερού",
        "λογαριασμός ύδρευσης, λογαριασμός νερού, λογαριασμός του νερού, χρέωση νερού, υδρόμετρο, water bill, "
        "water charges, water meter, bill for water",
    ),
    (
        "water",
        "water-leak",
        "Διαρροή νερού",
        "διαρροή, σπασμένος σωλήνας, έσπασε σωλήνας, διακοπή νερού, κόπηκε το νερό, δεν έχουμε νερό, δεν έχω νερό, "
        "τρέχει νερό, τρέχουν νερά, πίεση του νερού, αποχέτευση, water leak, leaking pipe, burst pipe, pipe burst, "
        "no water, no running water, water pressure, blocked drain, sewage",
    ),
    (
        "technical-works",
        "street-light",
        "Φωτισμός",
        "φώτα δρόμου, σβηστά φώτα, σβηστό φως, φως δεν ανάβει, φώτα δεν ανάβουν, δεν ανάβει το φως, "
        "δεν ανάβουν τα φώτα, λάμπα, λαμπτήρας, κολόνα, φωτισμός, οδοφωτισμός, street light, streetlight, "
        "street lamp, lamp, lamp post, light is out, lights are out",
    ),
    (
        "technical-works",
        "road-damage",
        "Δρόμοι",
        "λακκούβα, τρύπα στον δρόμο, άσφαλτος, πεζοδρόμιο, οδόστρωμα, κράσπεδο, pothole, hole in the road, "
        "road surface, pavement, sidewalk, kerb",
    ),
    (
        "technical-works",
        "tree-danger",
        "Δέντρα",
        "δέντρο, κλαδί, κλαδιά, κλάδεμα, tree, fallen tree, branch",
    ),
    (
        "cleaning",
        "bulky-waste",
        "Ογκώδη",
        "ογκώδη, έπιπλα, στρώμα, καναπές, παλιό ψυγείο, bulky waste, furniture, mattress, sofa, old fridge",
    ),
    (
        "cleaning",
        "missed-collection",
        "Κάδοι",
        "κάδος, σκουπίδια, απορρίμματα, απορριμματοφόρο, ανακύκλωση, rubbish, garbage, trash, waste container, bin, "
        "recycling",
    ),
    (
        "registry",
        "family-certificate",
        "Πιστοποιητικά",
        "πιστοποιητικό οικογενειακής, οικογενειακής κατάστασης, family status",
    ),
    (
        "registry",
        "birth-certificate",
        "Ληξιαρχείο",
        "ληξιαρχική πράξη, πιστοποιητικό γέννησης, γέννησης, birth certificate",
    ),
    (
        "social",
        "rent-support",
        "Επιδόματα",
        "επίδομα, ενοικίου, κοινωνικό παντοπωλείο, rent allowance, rent support, housing benefit, benefit, allowance",
    ),
    (
        "digital",
        "online-payment",
        "Πληρωμές",
        "ηλεκτρονική πληρωμή, διπλή χρέωση, χρεώθηκα δύο φορές, πλήρωσα δύο φορές, online payment, charged twice, "
        "paid twice",
    ),
    (
        "digital",
        "portal-account",
        "Πύλη",
        "κωδικός πρόσβασης, λογαριασμό στην πύλη, ξέχασα τον κωδικό, δεν μπορώ να συνδεθώ, πύλη του δημότη, password, "
        "sign in, log in",
    ),
    ("registry", "", "Ληξιαρχείο γενικά", "πιστοποιητικό, ληξιαρχείο, δημοτολόγιο, certificate, registry office"),
    ("water", "", "Νερό γενικά", "νερό, ύδρευση, tap water, water supply"),
    ("technical-works", "", "Φώτα και δρόμοι γενικά", "φως, φώτα, light, traffic light"),
    ("social", "", "Στήριξη γενικά", "κοινωνική υπηρεσία, βοήθεια στο σπίτι, social services, home help"),
)
"""Department, service (or none), title of the rule, and any of the words that lead there; the first that fits wins."""
