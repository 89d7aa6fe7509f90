"""Small words that hold a sentence together and say nothing of its subject, in Greek and English, folded.

With few examples a learner takes chance differences among them for knowledge; with many they tell questions from
complaints. The classifier therefore asks one half of itself without them.
"""

from routing.words import fold

_ENGLISH = """
a about above after again all also always am an and any anyone anything are as at away be because been before being
below between both but by can cannot could dear did do does doing done down during each either else ever every for from
further get gets getting give given go goes going gone got had has have having he hello hence her here hers hi him his
how however i if in into is it its itself just kindly know let like made make many may maybe me might mine more most
much must my myself near need needs neither never no nobody none nor not nothing now of off often on once one only or
other our ours out over own per perhaps please put rather really regards same say see seem shall she should since so
some someone something still such take than thank thanks that the their theirs them then there these they this those
though through thus to too toward under until up upon us very want wants was we well were what when where whether
which while who whom whose why will with within without would yes yet you your yours yourself
"""

_GREEK = """
ο η το οι τα του της των τον την τους τις στο στη στην στον στα στους στις στου στης ένας μία μια ένα ενός μιας έναν και
κι ή είτε ούτε μήτε αλλά όμως ωστόσο να θα ας δε δεν μη μην με σε για από προς κατά μετά παρά αντί χωρίς δίχως ως έως
μέχρι σαν πριν αν εάν όταν αφού καθώς ενώ όπως όπου ότι πως που πού πώς πότε πόσο πόσα ποιος ποια ποιο ποιον ποιοι ποιες
τι γιατί επειδή διότι ώστε άρα λοιπόν εγώ εμένα εσύ εσένα αυτός αυτή αυτό αυτού αυτής αυτοί αυτές αυτά αυτόν αυτήν
εκείνος εκείνη εκείνο τούτο εμείς εμάς εσείς εσάς μου σου μας σας είμαι είσαι είναι είμαστε είστε ήμουν ήταν έχω έχεις
έχει έχουμε έχετε έχουν είχα είχε είχαν υπάρχει υπάρχουν κάνω κάνει κάνουμε κάνετε κάνουν έκανα έκανε γίνει γίνεται
εδώ εκεί πολύ πολλά πολλές πολλοί πιο πλέον όλα όλη όλο όλοι όλες όλων κάθε κάποιος κάποια κάποιο κάποιον κάτι τίποτα
κανείς κανένας καμία κανένα άλλος άλλη άλλο άλλα άλλοι ίδιος ίδια ίδιο ακόμα ακόμη ήδη μόνο μόνος πάλι ξανά τώρα τότε
πάντα ποτέ συχνά μέσα έξω πάνω κάτω μπροστά πίσω δίπλα κοντά γύρω μπορώ μπορείς μπορεί μπορούμε μπορείτε μπορούν θέλω
θέλει θέλουμε ήθελα θα πρέπει χρειάζομαι χρειάζεται παρακαλώ ευχαριστώ ευχαριστούμε ναι όχι τόσο λίγο μάλλον ίσως
καλημέρα καλησπέρα γεια αγαπητοί εκτίμηση
"""

FUNCTION_WORDS = frozenset(map(fold, (_ENGLISH + _GREEK).split()))
