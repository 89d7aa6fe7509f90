"""A small town's requests with the departments that answered them, for teaching the classifier."""

ROADS, WATER, WASTE, REGISTRY = "roads", "water", "waste", "registry"

EXAMPLES = [
    (ROADS, "Άνοιξε μεγάλη τρύπα στην άσφαλτο έξω από το φαρμακείο"),
    (ROADS, "Το πεζοδρόμιο έχει σπασμένες πλάκες και πέφτει κόσμος"),
    (ROADS, "Χρειάζεται ασφαλτόστρωση ο χωματόδρομος προς τον λόφο"),
    (ROADS, "Λακκούβες σε όλο το οδόστρωμα μετά τη βροχή"),
    (ROADS, "A deep hole opened in the asphalt by the pharmacy"),
    (ROADS, "The pavement slabs are broken and people trip"),
    (ROADS, "Please resurface the dirt road up the hill"),
    (WATER, "Κόπηκε το νερό από το πρωί σε όλη τη γειτονιά"),
    (WATER, "Διαρροή σε αγωγό ύδρευσης, τρέχει νερό στον δρόμο"),
    (WATER, "Ο λογαριασμός ύδρευσης είναι τριπλάσιος από πέρυσι"),
    (WATER, "Χαμηλή πίεση νερού στον τρίτο όροφο"),
    (WATER, "The water has been cut since this morning"),
    (WATER, "A water main is leaking into the street"),
    (WATER, "My water bill is three times last year's"),
    (WASTE, "Ο κάδος απορριμμάτων ξεχείλισε και μυρίζει"),
    (WASTE, "Δεν πέρασε το απορριμματοφόρο όλη την εβδομάδα"),
    (WASTE, "Πού αφήνω ογκώδη αντικείμενα για ανακύκλωση;"),
    (WASTE, "Σκουπίδια πεταμένα δίπλα στους κάδους ανακύκλωσης"),
    (WASTE, "The rubbish bin overflows and smells"),
    (WASTE, "The bin lorry did not come all week"),
    (WASTE, "Where do I leave bulky rubbish for recycling?"),
    (REGISTRY, "Πώς βγάζω πιστοποιητικό οικογενειακής κατάστασης;"),
    (REGISTRY, "Ληξιαρχική πράξη γέννησης για το παιδί μου"),
    (REGISTRY, "Θέλω πιστοποιητικό γέννησης για διαβατήριο"),
    (REGISTRY, "Δήλωση γάμου στο ληξιαρχείο, τι δικαιολογητικά;"),
    (REGISTRY, "How do I get a certificate of family status?"),
    (REGISTRY, "I want a birth certificate for a passport"),
    (REGISTRY, "Registering a marriage, what papers do you need?"),
]

TEXTS = [text for _, text in EXAMPLES]
LABELS = [label for label, _ in EXAMPLES]
