"""Rules about pages: guards, addresses, templates, headings, labels, words; each message says what to do."""

import re

import pytest

from helpdesk.web.guards import guard_of
from tests.house import pages
from tests.house.source import ROOT, python_files

GUARDS = {"public", "citizen", "agent", "supervisor", "admin", "machine"}
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
WITHIN = re.compile(r"\sstyle=\"|\son[a-z]+=\"|javascript:|<script(?![^>]*\bsrc=)(?![^>]*nonce)[^>]*>")
MACHINES = ("/api/", "/chat/api/", "/hooks/", "/health/", "/metrics")


def test_every_route_wears_exactly_one_guard(app):
    bare = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if guard_of(app.view_functions[rule.endpoint]) not in GUARDS
    ]
    assert not bare, f"put one of {sorted(GUARDS)} under the route: {bare}"


def test_only_machine_doors_lack_the_forms_token(app):
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if guard_of(app.view_functions[rule.endpoint]) == "machine" and not rule.rule.startswith(MACHINES)
    ]
    assert not wrong, f"@machine reads no cookie and stands below {MACHINES} only: {wrong}"


def test_an_address_that_changes_something_is_no_get(app):
    verbs = re.compile(r"/(sign-out|revoke|delete|remove|close|resolve|take|assign|cancel|put-in-force|replay)(/|$)")
    wrong = [rule.rule for rule in app.url_map.iter_rules() if verbs.search(rule.rule) and not rule.methods & CHANGING]
    assert not wrong, f"take these by POST: {wrong}"


def test_paths_are_kebab_case(app):
    wrong = []
    for rule in app.url_map.iter_rules():
        plain = re.sub(r"<[^>]*>", "x", rule.rule)
        if rule.endpoint != "static" and not re.fullmatch(r"/|(/[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*)+/?", plain):
            wrong.append(rule.rule)
    assert not wrong, f"write addresses in small letters with hyphens: {wrong}"


def test_every_template_is_used():
    code = "\n".join(path.read_text("utf-8") for path in python_files("helpdesk"))
    named = set().union(*map(pages.named_in_templates, pages.templates()))
    unused = [
        item
        for item in pages.templates()
        if item not in named and not item.startswith("messages/") and not _named(item, code)
    ]
    assert not unused, f"nothing shows these: {unused}"


def _named(template, code):
    """By its whole name, or by the word from which the code makes it (auth pages, figures)."""
    stem = template.rpartition("/")[2].removesuffix(".html").removesuffix(".typ").removeprefix("_")
    return template in code or re.search(rf"""["']{re.escape(stem)}["']""", code) is not None


def test_every_letter_is_sent():
    code = "\n".join(path.read_text("utf-8") for path in python_files("helpdesk"))
    letters = {item.split("/")[1] for item in pages.templates() if item.startswith("messages/") and item.count("/") > 1}
    unused = [item for item in sorted(letters) if f'"{item}"' not in code]
    assert not unused, f"nothing sends these letters: {unused}"


@pytest.mark.parametrize("template", sorted(pages.templates()))
def test_every_macro_that_is_taken_is_called(template):
    unused = pages.unused_imports(template)
    assert not unused, f"templates/{template} takes and never calls: {unused}"


@pytest.mark.parametrize("template", pages.pages())
def test_every_page_has_one_heading_and_a_title(template):
    source = pages.templates()[template]
    parents = [item for item in pages.named_in_templates(template) if item in pages.templates()]
    whole = source + "".join(pages.templates()[item] for item in parents)
    assert "<h1" in whole or "h1" in source, f"templates/{template} has no h1"
    assert "{% block title %}" in source, f"templates/{template} fills no block title"


@pytest.mark.parametrize("template", sorted(item for item in pages.templates() if not item.startswith("messages/")))
def test_every_field_has_a_label(template):
    source = pages.templates()[template]
    bare = [
        found
        for found in re.findall(r"<(?:input|select|textarea)\b[^>]*>", source, re.DOTALL)
        if not _told(found, source)
    ]
    assert not bare, f"templates/{template}: give these a label, an aria-label or an aria-labelledby: {bare}"


def _told(field, source):
    if re.search(r'type="(hidden|submit|checkbox|radio)"', field) or "aria-label" in field:
        return True
    found = re.search(r'\bid="([^"]*(?:\{\{[^}]*\}\}[^"]*)*)"', field)
    return (found is not None and f'for="{found[1]}"' in source) or _inside_label(field, source)


def _inside_label(field, source):
    before = source[: source.index(field)]
    return before.rfind("<label") > before.rfind("</label>")


def test_every_message_has_a_greek_translation():
    known = pages.translated()
    missing = sorted({f"{file}:{line}: {words}" for file, line, words in pages.said() if words not in known})
    assert not missing, "translate these in the catalogue of their room:\n" + "\n".join(missing)


def test_what_services_refuse_with_is_said_in_greek_too():
    known = pages.translated()
    missing = sorted({f"{file}:{line}: {words}" for file, line, words in pages.refused() if words not in known})
    assert not missing, "translate these in the catalogue of their room, or in refusals.po:\n" + "\n".join(missing)


def test_no_message_is_translated_twice():
    twice = {words: [file for file, _ in found] for words, found in pages.translated().items() if len(found) > 1}
    assert not twice, f"keep one of each: {twice}"


def test_no_translation_is_without_its_message():
    used = {words for _, _, words in pages.said()}
    orphans = [
        f"{found[0][0]}: {words}"
        for words, found in pages.translated().items()
        if words not in used and not pages.says(words)
    ]
    assert not orphans, "nothing says these any more:\n" + "\n".join(orphans)


def test_no_translation_is_empty_and_each_fills_in_the_same():
    wrong = [
        f"{file}: {words}"
        for words, found in pages.translated().items()
        for file, told in found
        if not told.strip() or not pages.placeholders(told) <= pages.placeholders(words) | {"num"}
    ]
    assert not wrong, "these are empty or name what is not given:\n" + "\n".join(wrong)


def test_no_template_has_code_or_style_within():
    wrong = []
    for item, source in pages.templates().items():
        if item.startswith("messages/"):
            continue
        for found in re.findall(
            r"\sstyle=\"|\son[a-z]+=\"|javascript:|<script(?![^>]*\bsrc=)(?![^>]*nonce)[^>]*>", source
        ):
            wrong.append(f"{item}: {found.strip()}")
    assert not wrong, f"the browser refuses these: {wrong}"


def test_the_catalogues_are_there():
    assert pages.CATALOGUES and (ROOT / "helpdesk/translations").is_dir()
