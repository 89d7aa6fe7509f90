"""Large mails: taken line by line onto disk, kept whole, read up to a limit, and never a reason to lose one."""

import smtplib
from pathlib import Path

import pytest

from channels.email import spool
from channels.email.parse import parse
from channels.port import Raw
from tests.channels.test_receiver import receiving

HEAD = b"From: anna@example.org\r\nSubject: x\r\n\r\n"


class Files:
    """Takes the files away as the application does."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sizes, self.bodies = folder, [], []

    def __call__(self, raws: list[Raw]) -> None:
        for raw in raws:
            self.bodies.append(raw.file.read_bytes() if raw.file else raw.body)
            self.sizes.append((len(raw.body), raw.file.stat().st_size if raw.file else 0))
            if raw.file:
                raw.file.replace(self.folder / raw.file.name)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "kept").mkdir()
    return tmp_path / "spool", tmp_path / "kept"


def sent(receiver, mail: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", receiver.port, timeout=20) as client:
        client.sendmail("a@example.org", ["info@city.example"], mail)


def test_a_large_mail_lies_on_disk_and_a_small_one_in_memory(folders):
    place, kept = folders
    keep = Files(kept)
    large = HEAD + b".dot\r\n" + (b"x" * 998 + b"\r\n") * 1500
    with receiving(keep, spool=place) as receiver:
        sent(receiver, HEAD + b"small\r\n")
        sent(receiver, large)
    assert keep.sizes == [(len(HEAD) + 7, 0), (0, len(large))]
    assert keep.bodies[1] == large
    assert list(place.iterdir()) == []


def test_what_was_not_kept_leaves_no_file(folders):
    place, _ = folders

    def keep(raws: list[Raw]) -> None:
        raise OSError("full")

    with receiving(keep, spool=place) as receiver, pytest.raises(smtplib.SMTPDataError, match="451"):
        sent(receiver, HEAD + (b"x" * 998 + b"\r\n") * 1500)
    assert list(place.iterdir()) == []


def test_beyond_the_last_limit_the_sender_is_told_how_to_send_it_and_the_line_goes_on(folders):
    place, kept = folders
    keep = Files(kept)
    with (
        receiving(keep, spool=place, largest=2_000_000) as receiver,
        smtplib.SMTP("127.0.0.1", receiver.port, timeout=20) as client,
    ):
        client.ehlo()
        client.mail("a@example.org")
        client.rcpt("info@city.example")
        client.docmd("DATA")
        client.send(HEAD + (b"x" * 998 + b"\r\n") * 2500 + b".\r\n")
        code, said = client.getreply()
        assert (code, b"web form" in said) == (552, True)
        client.sendmail("a@example.org", ["info@city.example"], HEAD + b"small\r\n")
    assert keep.sizes == [(len(HEAD) + 7, 0)]
    assert list(place.iterdir()) == []


def test_a_line_without_an_end_is_taken_whole(folders):
    place, kept = folders
    keep = Files(kept)
    mail = HEAD + b"y" * 3_000_000 + b"\r\n.not the end\r\n"
    with receiving(keep, spool=place) as receiver:
        sent(receiver, mail)
    assert keep.bodies == [mail]


def test_of_a_mail_that_was_cut_the_whole_parts_are_understood():
    mail = (
        b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n--e\r\n\r\nHello\r\n--e\r\n"
        b"Content-Disposition: attachment; filename=one.bin\r\n\r\nwhole\r\n--e\r\n"
        b"Content-Disposition: attachment; filename=two.bin\r\n\r\nhal"
    )
    found = parse(mail, {"cut": 90_000_000})
    assert (found.text.strip(), [file.name for file in found.attachments]) == ("Hello", ["one.bin"])
    assert "message-cut" in found.warnings


def test_more_files_than_anybody_sends_are_cut_and_said_to_be():
    files = b"".join(b"--e\r\nContent-Disposition: attachment; filename=%d.bin\r\n\r\nx\r\n" % n for n in range(130))
    found = parse(b"From: a@b.c\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n" + files + b"--e--\r\n")
    assert (len(found.attachments), "files-cut" in found.warnings) == (100, True)


def test_a_spool_that_is_forgotten_leaves_nothing(tmp_path):
    held = spool.Spool(tmp_path)
    held.write(b"x" * (spool.IN_MEMORY + 1))
    assert held.path is not None
    held.close()
    assert list(tmp_path.iterdir()) == []
