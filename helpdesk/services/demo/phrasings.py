"""How the municipality's people also ask for what its help articles say, one way a line."""

PHRASINGS: dict[str, dict[str, str]] = {
    "follow-request": {
        "el": "Τι έγινε με αυτό που ζήτησα\nΠού φαίνεται η πορεία ενός αιτήματος\nΈχασα τον κωδικό παρακολούθησης",
        "en": "See the progress of what I sent\nTracking code of a request\nHas anybody looked at it",
    },
    "street-light": {
        "el": "Κάηκε η λάμπα του δρόμου\nΤρεμοπαίζει το φανάρι στην κολόνα\nΟ δρόμος είναι στο σκοτάδι τη νύχτα"
        "\nΧαλασμένος φωτισμός στη γειτονιά",
        "en": "The lamp in our street is broken\nStreet lamp flickers\nOur road is dark at night"
        "\nLamp post without light",
    },
    "pothole": {
        "el": "Τρύπα στην άσφαλτο\nΈσκασε το λάστιχο σε λακκούβα, θέλω αποζημίωση\nΒούλιαξε το οδόστρωμα"
        "\nΣπασμένες πλάκες πεζοδρομίου",
        "en": "Hole in the road\nDamage to my car from a pothole, compensation"
        "\nBroken slabs of the footpath\nTarmac has sunk",
    },
    "dangerous-tree": {
        "el": "Γέρνει ένα δέντρο\nΣπασμένο κλαδί κρέμεται\nΝα κοπεί ένα δέντρο μπροστά στο σπίτι",
        "en": "A tree is leaning over the street\nBroken branch hangs down\nCut down a tree in front of my house",
    },
    "missed-bin": {
        "el": "Δεν πέρασε το απορριμματοφόρο\nΞεχείλισε ο κάδος σκουπιδιών\nΠότε μαζεύετε τα σκουπίδια"
        "\nΠοιες μέρες αδειάζουν οι κάδοι",
        "en": "The rubbish was not collected\nThe bin is overflowing\nWhich days is rubbish collected"
        "\nGarbage truck did not come",
    },
    "bulky-waste": {
        "el": "Πετάω παλιά έπιπλα\nΠού αφήνω ένα στρώμα ή έναν καναπέ\nΑποκομιδή παλιάς συσκευής, ψυγείο, πλυντήριο"
        "\nΡαντεβού για ογκώδη",
        "en": "Get rid of old furniture\nThrow away a mattress or a sofa\nCollect an old fridge or washing machine",
    },
    "water-cut": {
        "el": "Κόπηκε το νερό\nΔεν έχει νερό το σπίτι\nΔεν τρέχει η βρύση"
        "\nΔιακοπή υδροδότησης στην περιοχή\nΤο νερό είναι καφέ ή θολό",
        "en": "The water is cut off\nThere is no water at home\nNothing comes from the tap"
        "\nBrown or cloudy water\nNo water pressure at home",
    },
    "water-bill": {
        "el": "Ήρθε μεγάλος λογαριασμός νερού\nΓιατί πληρώνω τόσο για το νερό\nΠόσο κοστίζει το κυβικό νερό"
        "\nΥπερβολική κατανάλωση νερού",
        "en": "My water bill is too high\nWhy do I pay so much for water\nPrice of a cubic metre of water",
    },
    "family-certificate": {
        "el": "Χαρτί για τα μέλη της οικογένειας\nΠιστοποιητικό για τα παιδιά μου"
        "\nΟικογενειακή κατάσταση για το εξωτερικό",
        "en": "Paper that shows my family members\nFamily certificate for abroad\nProof of marital status and children",
    },
    "rent-support": {
        "el": "Βοήθεια για το νοίκι\nΔεν μπορώ να πληρώσω το ενοίκιο\nΔικαιολογητικά για επίδομα στέγασης",
        "en": "Help with paying the rent\nI cannot pay my rent\nHousing benefit papers",
    },
    "paid-twice": {
        "el": "Χρεώθηκα διπλά\nΔιπλή χρέωση στην κάρτα\nΕπιστροφή χρημάτων από πληρωμή",
        "en": "My card was charged twice\nDouble charge\nRefund of a payment",
    },
    "portal-password": {
        "el": "Δεν μπορώ να συνδεθώ στην πύλη\nΑλλαγή κωδικού πρόσβασης\nΔεν με αφήνει να μπω στον λογαριασμό",
        "en": "I cannot sign in\nReset my password\nLocked out of my account",
    },
}
