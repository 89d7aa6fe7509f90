"""The fictional municipality: its name, departments and teams."""

from typing import Any

NAMES = {"el": "Δήμος Παράδειγμα (επίδειξη)", "en": "Municipality of Paradeigma (demo)"}
DOMAIN = "paradeigma.example"


def text(el: str, en: str) -> dict[str, str]:
    """A text in both languages."""
    return {"el": el, "en": en}


DEPARTMENTS: list[dict[str, Any]] = [
    {
        "key": "citizen-service",
        "names": text("Εξυπηρέτηση Πολιτών", "Citizen Service"),
        "descriptions": text(
            "Γενικές πληροφορίες, βεβαιώσεις, παράπονα.", "General information, certificates, complaints."
        ),
        "address": "info",
        "phone": "+302105550100",
        "calendar_key": "call-center",
    },
    {
        "key": "technical-works",
        "names": text("Τεχνικά Έργα και Οδοφωτισμός", "Public Works and Street Lighting"),
        "descriptions": text("Δρόμοι, φωτισμός, κτίρια.", "Roads, lighting, buildings."),
        "address": "works",
        "phone": "+302105550110",
        "calendar_key": "office",
    },
    {
        "key": "cleaning",
        "names": text("Καθαριότητα και Ανακύκλωση", "Cleaning and Recycling"),
        "descriptions": text("Κάδοι, ογκώδη, ανακύκλωση.", "Bins, bulky waste, recycling."),
        "address": "cleaning",
        "phone": "+302105550120",
        "calendar_key": "early",
    },
    {
        "key": "water",
        "names": text("Ύδρευση και Αποχέτευση", "Water and Sewerage"),
        "descriptions": text("Διαρροές, βλάβες, λογαριασμοί νερού.", "Leaks, faults, water bills."),
        "address": "water",
        "phone": "+302105550130",
        "calendar_key": "water-shifts",
    },
    {
        "key": "registry",
        "names": text("Ληξιαρχείο και Δημοτολόγιο", "Registry Office"),
        "descriptions": text("Πιστοποιητικά και ληξιαρχικές πράξεις.", "Certificates and civil records."),
        "address": "registry",
        "phone": "+302105550140",
        "calendar_key": "office",
    },
    {
        "key": "social",
        "names": text("Κοινωνική Υπηρεσία", "Social Services"),
        "descriptions": text("Επιδόματα και στήριξη νοικοκυριών.", "Allowances and support for households."),
        "address": "social",
        "phone": "+302105550150",
        "calendar_key": "office",
    },
    {
        "key": "digital",
        "names": text("Ψηφιακές Υπηρεσίες", "Digital Services"),
        "descriptions": text("Πύλη δημότη, πληρωμές, ψηφιακά έγγραφα.", "Portal, payments, digital documents."),
        "address": "digital",
        "phone": "+302105550160",
        "calendar_key": "office",
    },
]

TEAMS: list[tuple[str, str, str, str]] = [
    ("lighting-crew", "technical-works", "Συνεργείο φωτισμού", "Lighting crew"),
    ("road-crew", "technical-works", "Συνεργείο οδοποιίας", "Road crew"),
    ("leak-crew", "water", "Συνεργείο διαρροών", "Leak crew"),
    ("front-desk", "citizen-service", "Πρώτη γραμμή", "Front desk"),
]
