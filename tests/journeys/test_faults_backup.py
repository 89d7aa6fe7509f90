"""The worst of faults: the machine is gone. What was backed up comes back on another, whole."""

import io
import json
import shutil
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from helpdesk.cli.backup import ABOUT, FORMAT, _unpack
from helpdesk.embedded import CannotServe
from tests.ground.processes import a_data_folder
from tests.ground.test_up import clean_environment
from tests.journeys.post import a_mail, post, processed
from tests.journeys.town import ROOT, Town, a_town, office_of


def helpdesk(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "helpdesk.cli", *arguments],
        cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def a_life(town: Town) -> None:
    """Two requests, one with a photograph."""
    picture = a_mail()
    picture.add_attachment(b"a photograph", maintype="image", subtype="png", filename="leak.png")
    with office_of(town.servers, town.folder):
        post(picture, a_mail())
        processed()


def told(data: Path) -> list[str]:
    """What an operator can ask about the two requests."""
    answers = [helpdesk("--data", str(data), *words) for words in (("check",), ("sla", "explain", "100001", "--json"))]
    assert [answer.returncode for answer in answers] == [0, 0], [answer.stderr for answer in answers]
    clocks = json.loads(answers[1].stdout)["clocks"]
    return [clock["due_at"] for clock in clocks]


def test_a_backup_brings_everything_back_on_another_machine_and_nothing_over_what_is_there():
    with a_town() as town, a_data_folder("other") as other, a_data_folder() as elsewhere:
        file = elsewhere.parent / "monday.tar"
        a_life(town)
        done = town.run("backup", str(file))
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [path.name for path in file.parent.iterdir()] == [file.name], "no draft is left"
        with tarfile.open(file) as tape:
            assert not [name for name in tape.getnames() if "secret" in name or "key" in name]

        other.mkdir(mode=0o711)
        shutil.copy(town.folder / "secrets.json", other)
        back = helpdesk("restore", str(file), "--data", str(other))
        assert (back.returncode, back.stdout) == (0, ""), back.stderr
        assert told(other) != []
        kept, came = (sorted(path.name for path in folder.glob("attachments/*/*")) for folder in (town.folder, other))
        assert came == kept != []

        again = helpdesk("restore", str(file), "--data", str(other))
        assert again.returncode == 2
        assert "holds a body already" in again.stderr
        assert town.run("backup", str(file)).returncode == 2, "an older backup is not written over"


def test_what_is_no_backup_is_refused_in_one_line():
    with a_data_folder() as data:
        file = data.parent / "junk.tar"
        file.write_bytes(b"junk")
        done = helpdesk("restore", str(file), "--data", str(data))
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr


def test_a_backup_whose_names_lead_elsewhere_is_refused(tmp_path):
    file, data = tmp_path / "forged.tar", tmp_path / "data"
    with tarfile.open(file, "w") as tape:
        for name, told in ((ABOUT, json.dumps({"format": FORMAT}).encode()), ("attachments/../../evil", b"!")):
            member = tarfile.TarInfo(name)
            member.size = len(told)
            tape.addfile(member, io.BytesIO(told))
    with pytest.raises(CannotServe, match="leads elsewhere"):
        _unpack(file, tmp_path / "scratch", data)
    assert not (tmp_path / "evil").exists()
