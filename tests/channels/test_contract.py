"""What every channel keeps to, whatever it carries: each folder and each of its samples."""

import json
import subprocess
from dataclasses import fields, is_dataclass
from datetime import UTC
from pathlib import Path
from xml.etree import ElementTree

import pytest

from channels import registry
from channels.port import Capabilities, Channel, Raw, Unreadable

HERE = Path(registry.__file__).parent
SAMPLES = [
    pytest.param(kind, path, id=f"{kind}-{path.stem}")
    for kind in registry.kinds()
    for path in sorted((HERE / kind / "samples").iterdir())
    if not path.name.endswith(".expected.json")
]
JUNK = [b"", b" \r\n\r\n", b"\x00" * 50, bytes(range(256)) * 4, b"{", b"[]", b'{"subject": 1}', "σκέτα λόγια".encode()]


def understood(kind: str, path: Path):
    return registry.get(kind).parse(path.read_bytes())


@pytest.mark.parametrize("kind", registry.kinds())
def test_a_channel_keeps_to_the_port(kind):
    channel = registry.get(kind)
    assert isinstance(channel, Channel)
    assert channel.kind == kind
    assert isinstance(channel.can, Capabilities)
    assert channel.label


@pytest.mark.parametrize("kind", registry.kinds())
def test_settings_are_a_frozen_dataclass_that_makes_a_form(kind):
    settings = registry.get(kind).settings
    assert is_dataclass(settings)
    assert settings() == settings()
    assert all({"label", "help", "secret"} <= set(item.metadata) for item in fields(settings))


@pytest.mark.parametrize("kind", registry.kinds())
def test_a_channel_has_an_icon_and_samples(kind):
    assert ElementTree.parse(HERE / kind / "icon.svg").getroot().tag.endswith("svg")
    assert any(param.values[0] == kind for param in SAMPLES)


@pytest.mark.parametrize(("kind", "path"), SAMPLES)
def test_a_sample_is_understood_as_expected(kind, path):
    expected = json.loads((path.parent / f"{path.stem}.expected.json").read_text("utf-8"))
    assert json.loads(json.dumps(understood(kind, path).to_json())) == expected


@pytest.mark.parametrize(("kind", "path"), SAMPLES)
def test_a_sample_is_understood_the_same_twice_and_with_its_envelope(kind, path):
    again = registry.get(kind).parse(Raw(path.read_bytes(), envelope={"recipients": ["info@city.example"]}))
    assert understood(kind, path) == again


@pytest.mark.parametrize(("kind", "path"), SAMPLES)
def test_moments_are_aware_and_in_utc(kind, path):
    moment = understood(kind, path).date
    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize("kind", registry.kinds())
@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_junk_is_refused_or_warned_about(kind, junk):
    try:
        message = registry.get(kind).parse(junk)
    except Unreadable:
        return
    assert message.warnings


@pytest.mark.parametrize("kind", registry.kinds())
def test_no_other_channel_names_it(kind):
    found = subprocess.run(
        ["grep", "-rlE", f"[\"']{kind}[\"']", "--include=*.py", str(HERE)], capture_output=True, text=True
    ).stdout.splitlines()
    strangers = [name for name in found if kind not in Path(name).relative_to(HERE).parts]
    form = {"chat/parse.py", "webform/parse.py"}
    words = {"email": form, "phone": {*form, "email/quote_words.py", "text_forms.py"}}
    known = words.get(kind, set())  # fields and words of that name
    assert {Path(name).relative_to(HERE).as_posix() for name in strangers} <= known


def test_a_kind_that_has_no_folder_is_named_in_the_error():
    with pytest.raises(registry.NoSuchChannel, match="telegraph"):
        registry.get("telegraph")
