"""Names of attachments: decoded, without paths and tricks, never empty."""

import re
from unicodedata import normalize

from channels.email import headers

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LONGEST = 200
_ENDINGS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv", "text/vcard": ".vcf",
    "text/x-vcard": ".vcf", "text/rfc822-headers": ".txt", "image/jpeg": ".jpg", "image/jpg": ".jpg",
    "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/tiff": ".tif", "image/heic": ".heic",
    "image/bmp": ".bmp", "image/svg+xml": ".svg", "application/pdf": ".pdf", "application/zip": ".zip",
    "application/msword": ".doc", "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx", "application/vnd.ms-excel": ".xls",
    "application/pgp-signature": ".asc", "application/pgp-encrypted": ".asc", "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m",
    "application/ms-tnef": ".dat", "application/json": ".json", "application/xml": ".xml", "message/rfc822": ".eml",
    "message/delivery-status": ".txt", "message/disposition-notification": ".txt", "message/feedback-report": ".txt",
    "audio/mpeg": ".mp3", "audio/wav": ".wav", "audio/amr": ".amr", "video/mp4": ".mp4",
}  # fmt: skip


def named(said: str, content_type: str, number: int) -> str:
    """What the file is called; where nothing is said, its place in the mail and an ending by its type."""
    name = normalize("NFC", headers.words(said) if "=?" in said else said)
    name = " ".join(_UNSAFE.sub("", name.replace("\t", " ").replace("\n", " ").replace("\r", "")).split())
    name = re.split(r"[/\\]", name)[-1].strip(" \"'<>|:*?")
    if not name.strip("."):
        return f"attachment-{number}{_ENDINGS.get(content_type, '.bin')}"
    stem, dot, ending = name.rpartition(".")
    if len(name) > _LONGEST and dot and len(ending) <= 10:
        return stem[: _LONGEST - len(ending) - 1] + "." + ending
    return name[:_LONGEST]
