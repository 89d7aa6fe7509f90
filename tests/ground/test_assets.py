"""The front-end files that ./dev copies."""

import hashlib
import json
import re

import pytest

from helpdesk.cli import assets

MANIFEST = json.loads((assets.TARGET / "manifest.json").read_text())


def text(name: str) -> str:
    return (assets.TARGET / name).read_text()


@pytest.mark.parametrize("entry", MANIFEST["files"], ids=lambda entry: entry["file"])
def test_every_file_is_the_one_the_manifest_names(entry: dict[str, str]) -> None:
    assert hashlib.sha256((assets.TARGET / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert entry["version"]
    assert entry["licence"]


def test_nothing_is_copied_that_the_manifest_does_not_name() -> None:
    there = {path.relative_to(assets.TARGET).as_posix() for path in assets.TARGET.rglob("*") if path.is_file()}
    assert there - {"manifest.json"} == {entry["file"] for entry in MANIFEST["files"]}


def test_neither_the_typeface_nor_the_crest_of_another_government_is_used() -> None:
    css = text("govuk-frontend/govuk-frontend.min.css")
    assert "GDS" not in css
    assert "crest" not in css
    assert "/assets/" not in css
    assert '"Noto Sans Variable"' in css


def test_the_fonts_cover_greek_and_latin_and_never_hide_text() -> None:
    css = text("noto-sans/noto-sans.css")
    for subset in assets.FONT_SUBSETS:
        assert f"noto-sans-{subset}-wght-normal.woff2" in css
    assert css.count("font-display: swap") == len(assets.FONT_SUBSETS)


def test_the_sprite_has_every_icon_once() -> None:
    assert sorted(re.findall(r'<symbol id="([^"]+)"', text("lucide/icons.svg"))) == sorted(assets.ICONS)


def test_the_lock_names_no_address() -> None:
    lock = json.loads(assets.LOCK.read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all(package.get("integrity") for name, package in lock["packages"].items() if name)


def test_a_changed_lock_makes_the_copies_stale(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    assert assets.is_current()
    other = tmp_path / "package-lock.json"
    other.write_text("{}")
    monkeypatch.setattr(assets, "LOCK", other)
    assert not assets.is_current()
