"""Who commissions services from the fictional municipality, and who does part of the work for it."""

from collections.abc import Mapping
from typing import Any

CUSTOMERS: tuple[Mapping[str, Any], ...] = (
    {
        "key": "port-fund",
        "names": {"el": "Λιμενικό Ταμείο Παραδείγματος", "en": "Paradeigma Port Fund"},
        "contact_name": "Θάλεια Γεωργίου",
        "contact_email": "grammateia@port-fund.example",
        "contact_phone": "+30 21 0555 0900",
        "escalation_name": "Μηνάς Καραλής",
        "escalation_email": "proedros@port-fund.example",
    },
)
SUPPLIERS: tuple[Mapping[str, Any], ...] = (
    {
        "key": "street-lighting",
        "names": {"el": "Φωτισμός Αττικής ΑΕ", "en": "Attica Lighting Ltd"},
        "contact_name": "Κώστας Νίκου",
        "contact_email": "vlaves@lighting.example",
        "contact_phone": "+30 21 0555 0700",
        "escalation_name": "Δήμητρα Φωτίου",
        "escalation_email": "d.fotiou@lighting.example",
        "escalation_phone": "+30 21 0555 0701",
    },
    {
        "key": "water-works",
        "names": {"el": "Υδραυλικά Έργα Σταθάς", "en": "Stathas Water Works"},
        "contact_name": "Γιώργος Σταθάς",
        "contact_email": "giorgos@water-works.example",
        "contact_phone": "+30 21 0555 0710",
    },
)
