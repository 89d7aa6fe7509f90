"""helpdesk assets: brings the locked front-end packages and copies the few files that pages need."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from helpdesk.cli.npm import NpmFailed, install

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "helpdesk" / "static" / "vendor"
LOCK = ROOT / "package-lock.json"
FONT_SUBSETS = ("greek", "greek-ext", "latin", "latin-ext")
ICONS = (
    "archive", "arrow-down", "arrow-left", "arrow-right", "arrow-up", "arrow-up-down", "at-sign", "baby",
    "bell", "bell-off", "book-open", "bot", "building-2", "calendar", "calendar-clock", "chart-column",
    "chart-line", "check", "check-check", "chevron-down", "chevron-left", "chevron-right", "chevron-up",
    "circle", "circle-alert", "circle-check", "circle-help", "circle-x", "clipboard-list", "clock",
    "clock-alert", "construction", "copy", "corner-up-left", "credit-card", "download", "droplets", "ellipsis",
    "external-link", "eye", "eye-off", "file", "file-text", "filter", "flag", "folder", "forward", "globe",
    "headset", "history", "home", "house", "image", "inbox", "info", "key", "key-round", "keyboard", "landmark",
    "languages", "layout-dashboard", "lightbulb", "link", "list", "list-filter", "lock", "log-out", "mail",
    "mail-open", "megaphone", "menu", "merge", "message-circle", "message-square", "moon", "network",
    "panel-right", "paperclip", "pause", "pencil", "phone", "phone-call", "phone-incoming", "phone-missed",
    "phone-outgoing", "pin", "play", "plus", "printer", "receipt", "refresh-cw", "reply", "route", "save",
    "search", "send", "settings", "shield", "shield-alert", "sliders-horizontal", "smile", "sofa", "square-pen",
    "star", "sticky-note", "sun", "tag", "timer", "timer-off", "trash-2", "tree-pine", "triangle-alert",
    "undo-2", "upload", "user", "user-check", "user-plus", "users", "wrench", "x", "zap",
)  # fmt: skip


def _without_transport_and_crest(css: str) -> str:
    """The GDS typeface and the crest are licensed for gov.uk alone; ours is Noto Sans."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(r'"?GDS Transport"?', '"Noto Sans Variable"', css)
    css = re.sub(r"url\(/assets/images/govuk-crest\.svg\)", "none", css)
    return _without_map(css)


def _without_map(text: str) -> str:
    return re.sub(r"/[/*]# sourceMappingURL=\S+( \*/)?\s*", "", text)


def _font_faces(css: str) -> str:
    faces = re.findall(r"/\* noto-sans-(\S+)-wght-normal \*/\s*(@font-face \{.*?\})", css, re.DOTALL)
    kept = [face for subset, face in faces if subset in FONT_SUBSETS]
    return "\n".join(kept).replace("./files/", "") + "\n"


@dataclass(frozen=True)
class Copy:
    """One file of a package, where it goes, and what is changed on the way."""

    package: str
    source: str
    target: str
    change: Callable[[str], str] | None = None
    optional: bool = False


_GOVUK, _NOTO, _HTMX = "govuk-frontend", "@fontsource-variable/noto-sans", "htmx.org"
COPIES = (
    Copy(_GOVUK, "dist/govuk/govuk-frontend.min.css", "govuk-frontend/govuk-frontend.min.css",
         _without_transport_and_crest),
    Copy(_GOVUK, "dist/govuk/govuk-frontend.min.js", "govuk-frontend/govuk-frontend.min.js", _without_map),
    Copy(_HTMX, "dist/htmx.min.js", "htmx/htmx.min.js", _without_map),
    Copy(_HTMX, "dist/ext/hx-sse.min.js", "htmx/hx-sse.min.js", _without_map),
    Copy(_NOTO, "wght.css", "noto-sans/noto-sans.css", _font_faces),
    *(
        Copy(_NOTO, f"files/noto-sans-{subset}-wght-normal.woff2", f"noto-sans/noto-sans-{subset}-wght-normal.woff2")
        for subset in FONT_SUBSETS
    ),
    Copy("axe-core", "axe.min.js", "test/axe.min.js", optional=True),
)  # fmt: skip


@click.command()
@click.option("--force", is_flag=True, help="Copy again even where everything is up to date.")
def assets(force: bool) -> None:
    """Bring the front-end packages and copy what the pages need into helpdesk/static/vendor."""
    if not force and is_current():
        return
    try:
        modules = install(ROOT)
    except NpmFailed as problem:
        raise click.ClickException(str(problem)) from None
    build(modules, TARGET)


def is_current() -> bool:
    """Whether the copied files come from the present lock file and the present list."""
    try:
        known = json.loads((TARGET / "manifest.json").read_text())
    except (OSError, ValueError):
        return False
    return bool(known.get("made_from") == _fingerprint())


def build(modules: Path, target: Path) -> None:
    """Makes the folder beside its place and puts it there whole."""
    draft = target.with_name(f"{target.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    files = [_copy(modules, draft, copy) for copy in COPIES if _wanted(modules, copy)]
    files.append(_sprite(modules, draft))
    manifest = {"made_from": _fingerprint(), "files": files}
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def _wanted(modules: Path, copy: Copy) -> bool:
    return not copy.optional or (modules / copy.package).exists()


def _copy(modules: Path, draft: Path, copy: Copy) -> dict[str, str]:
    body = (modules / copy.package / copy.source).read_bytes()
    if copy.change:
        body = copy.change(body.decode()).encode()
    return _put(modules, draft, copy.package, copy.target, body)


def _sprite(modules: Path, draft: Path) -> dict[str, str]:
    icons = modules / "lucide-static" / "icons"
    symbols = "\n".join(_symbol(name, (icons / f"{name}.svg").read_text()) for name in ICONS)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    return _put(modules, draft, "lucide-static", "lucide/icons.svg", svg.encode())


def _symbol(name: str, svg: str) -> str:
    found = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    shapes = " ".join(found.group(1).split()) if found else ""
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
    )


def _put(modules: Path, draft: Path, package: str, target: str, body: bytes) -> dict[str, str]:
    path = draft / target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    about = json.loads((modules / package / "package.json").read_text())
    return {
        "name": package,
        "version": about["version"],
        "licence": about["license"],
        "file": target,
        "sha256": hashlib.sha256(body).hexdigest(),
    }


def _fingerprint() -> str:
    return hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes()).hexdigest()
