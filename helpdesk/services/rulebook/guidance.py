"""What the usual matrix says to agents, pair by pair: what belongs there, in both languages."""

from collections.abc import Mapping


def _told(el: str, en: str) -> Mapping[str, str]:
    return {"el": el, "en": en}


GUIDANCE: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "high": {
        "high": _told(
            "Κίνδυνος για ανθρώπους, ή κάτι που χρειάζονται όλοι και δεν λειτουργεί τώρα.",
            "Danger to people, or something that everybody needs and that does not work now.",
        ),
        "medium": _told(
            "Πολλοί δεν μπορούν να κάνουν κάτι σημαντικό, αλλά υπάρχει τρόπος για λίγο.",
            "Many cannot do something that matters, but there is a way round it for a while.",
        ),
        "low": _told(
            "Αφορά πολλούς, και μπορεί να προγραμματιστεί.", "It concerns many, and can be planned.",
        ),
    },
    "medium": {
        "high": _told(
            "Μια γειτονιά, ένα κτίριο ή μια υπηρεσία σταμάτησε, ή χάνεται σήμερα μια προθεσμία.",
            "A neighbourhood, a building or a service has stopped, or a deadline is lost today.",
        ),
        "medium": _told(
            "Λίγοι ενοχλούνται και μπορούν να συνεχίσουν: τα περισσότερα αιτήματα.",
            "A few are hindered and can go on: most requests.",
        ),
        "low": _told(
            "Λίγοι ενοχλούνται λίγο, και κανείς δεν περιμένει για αυτό.",
            "A few are hindered a little, and nobody waits for it.",
        ),
    },
    "low": {
        "high": _told(
            "Ένα άτομο δεν μπορεί να συνεχίσει, ή έχει προθεσμία σήμερα.",
            "One person cannot go on, or has a deadline today.",
        ),
        "medium": _told("Ένα άτομο ζητά κάτι συνηθισμένο.", "One person asks for something usual."),
        "low": _told("Μια απορία, μια ιδέα, ένα ευχαριστώ.", "A question, an idea, a word of thanks."),
    },
}  # fmt: skip
