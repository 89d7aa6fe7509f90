"""Who works in the fictional municipality, and who writes to it."""

from typing import Any

from helpdesk.services.demo.departments import DOMAIN


def address_of(user: str) -> str:
    """The address by which somebody of the house signs in."""
    return f"{user}@{DOMAIN}"


def _works(
    user: str, name: str, role: str, departments: str, languages: str, skills: str, calendar: str, capacity: int = 20
) -> dict[str, Any]:
    return {
        "user": user,
        "name": name,
        "role": role,
        "departments": departments.split(),
        "languages": languages.split(),
        "skills": skills.split(),
        "calendar_key": calendar,
        "capacity": capacity,
    }


AGENTS: list[dict[str, Any]] = [
    _works("maria", "Μαρία Ιωάννου", "agent", "citizen-service", "el en", "front-desk complaints", "call-center", 30),
    _works(
        "nikos", "Νίκος Δήμου", "agent", "citizen-service digital", "el en", "front-desk payments", "call-center", 25
    ),
    _works("eleni", "Ελένη Κώστα", "agent", "technical-works", "el", "lighting roads", "office"),
    _works("giorgos", "Γιώργος Παππάς", "agent", "technical-works", "el en", "roads trees", "office"),
    _works("sofia", "Σοφία Ρήγα", "agent", "cleaning", "el", "bulky bins", "early", 30),
    _works("thanos", "Θάνος Μπέλλος", "agent", "cleaning", "el", "bins", "early"),
    _works("aris", "Άρης Βλάχος", "agent", "water", "el en", "leaks", "water-shifts", 15),
    _works("despina", "Δέσποινα Μακρή", "agent", "water", "el", "bills", "office"),
    _works("katerina", "Κατερίνα Λάμπρου", "agent", "registry", "el en", "certificates", "office", 25),
    _works("christos", "Χρήστος Αλεξίου", "agent", "social", "el", "allowances", "office", 15),
    _works("anna", "Άννα Πέτρου", "agent", "digital", "el en", "portal payments", "office"),
    _works(
        "supervisor", "Ευαγγελία Στάμου", "supervisor", "citizen-service registry social digital", "el en", "", "office"
    ),
    _works("supervisor2", "Παναγιώτης Σαρρής", "supervisor", "technical-works cleaning water", "el en", "", "office"),
    _works("admin", "Αλεξάνδρα Ζήση", "administrator", "citizen-service", "el en", "", "office"),
]

CITIZENS: dict[str, tuple[str, ...]] = {
    "el": (
        "Αγγελική Ντόβα", "Βαγγέλης Κρητικός", "Γεωργία Μελά", "Δημήτρης Ρούσσος", "Ειρήνη Φωτίου", "Ζωή Κατσαρού",
        "Ηλίας Μάνεσης", "Θεοδώρα Λιάκου", "Ιάκωβος Σταθάς", "Καλλιόπη Βέργου", "Λευτέρης Γκίκας", "Μυρτώ Δρόσου",
        "Νεκταρία Πολίτη", "Ξένια Χαλκιά", "Όλγα Τσιμισκή", "Πέτρος Αβραμίδης", "Ρένα Κουτσού", "Στέλιος Βαμβακάς",
        "Τασία Μουρίκη", "Φώτης Καλλέργης", "Χαρά Νούσια", "Ανδρέας Σκούρτης", "Βάσω Ζερβού", "Γιάννης Ορφανός",
        "Δανάη Πετρή", "Ευτυχία Μαυρίδου", "Θωμάς Κεφαλάς", "Ιωάννα Ραζή", "Κυριάκος Δέδες", "Λίνα Σερέτη",
        "Μάκης Τζάνος", "Νίκη Φιλίππου", "Παρασκευή Λέκκα", "Ροδούλα Γαλανού", "Σπύρος Μπάκας", "Φανή Αρβανίτη",
    ),
    "en": (
        "Emma Whitfield", "Jonas Lindqvist", "Priya Raman", "Thomas Okafor", "Claire Dubois", "Mateusz Zielinski",
        "Sara Haddad", "Liam Gallagher", "Elif Aydin", "Pedro Carvalho",
    ),
}  # fmt: skip
"""Names of people who do not exist, by the language they write in."""

STREETS: dict[str, tuple[str, ...]] = {
    "el": (
        "Ελιάς", "Πλατάνων", "Ανεμώνης", "Καλλιθέας", "Θυμαριού", "Αμυγδαλιάς", "Κυπαρίσσου", "Δάφνης", "Ηλιοτρόπων",
        "Πηγής", "Μύλων", "Αμπελώνων",
    ),
    "en": (
        "Elias", "Platanon", "Anemonis", "Kallitheas", "Thymariou", "Amygdalias", "Kyparissou", "Dafnis", "Iliotropon",
        "Pigis", "Mylon", "Ampelonon",
    ),
}  # fmt: skip
