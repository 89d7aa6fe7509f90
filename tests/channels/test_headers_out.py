"""Subjects and names that are not English arrive letter by letter, space by space, from short to very long."""

import random
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage

import pytest

from channels.email.headers_out import SMTP

WORDS = [
    "Δήμος", "Θεσσαλονίκης", "Τμήμα", "Ηλεκτροφωτισμού", "και", "Πρασίνου", "x", "IT", "[100234]", "η", "αποκομιδή:",
    "🚧", "ογκωδών",
]  # fmt: skip


def read(mail: EmailMessage, name: str) -> str:
    """As a reader by RFC 2047 has it: what stands between encoded words is nothing."""
    raw = mail.as_bytes()
    assert all(len(line) <= 78 for line in raw.splitlines())
    return str(make_header(decode_header(message_from_bytes(raw)[name])))


@pytest.mark.parametrize("seed", range(120))
def test_a_subject_keeps_every_space(seed):
    dice = random.Random(seed)
    subject = " ".join(dice.choice(WORDS) for _ in range(1 + seed // 6)) + "ώ" * (seed % 7 * 9)
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject
    assert read(mail, "Subject") == subject


@pytest.mark.parametrize("length", range(1, 12))
def test_a_name_keeps_every_letter(length):
    name = " ".join((WORDS[:6] * 2)[:length])
    mail = EmailMessage(policy=SMTP)
    mail["To"] = [Address(name, "info", "city.example"), Address("Plain Name", "a", "b.example")]
    told = read(mail, "To")
    assert told.startswith(f"{name} <info@city.example>") and "Plain Name <a@b.example>" in told
