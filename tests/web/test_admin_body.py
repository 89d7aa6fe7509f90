"""The body's own settings, its texts for others, and the rulebook to be read."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from helpdesk import clock
from helpdesk.db import db
from helpdesk.models.help import Article, CannedReply, Outage
from helpdesk.services import body, house, patience
from helpdesk.web import markdown
from tests.builders import an_administrator
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("house_in_order")

HOUSE = {"names-el": "Δήμος Νέας Πόλης", "names-en": "Town of Nea Poli", "close_after_days": "10",
         "reopen_within_days": "14", "raw_kept_days": "30"}  # fmt: skip


@pytest.fixture
def root(app):
    return StaffBrowser(app, an_administrator())


def test_the_body_gives_its_name_and_every_page_shows_it(app, root):
    assert "Δήμος Δοκιμής" in StaffBrowser(app, None).page("/auth/sign-in")
    root.send_fields("/admin/settings", HOUSE)
    assert "Town of Nea Poli" in root.page("/admin")
    assert "Δήμος Νέας Πόλης" in StaffBrowser(app, None, "el").page("/auth/sign-in")
    assert patience.closes_after() == timedelta(days=10)
    assert patience.reopens_within() == timedelta(days=14)
    assert 'value="10"' in root.page("/admin/settings")
    assert len(house.deeds("body").rows) == 1


def test_the_name_is_asked_once_in_a_while_and_not_by_every_page(root, session):
    root.page("/admin/settings")
    body.save(an_administrator(), {"el": "Άλλο"}, {}, clock.now())
    assert body.name("el") == "Άλλο"
    db.session.execute(select(1))
    kept = current_app.extensions["body_names"]
    assert body.name("en") == "Άλλο" and current_app.extensions["body_names"] is kept


@pytest.mark.parametrize(("given", "field"), [
    ({"names-el": "", "names-en": " "}, "names"),
    ({"close_after_days": "0"}, "close_after_days"),
    ({"close_after_days": "-1"}, "close_after_days"),
    ({"reopen_within_days": "366"}, "reopen_within_days"),
    ({"reopen_within_days": ""}, "reopen_within_days"),
])  # fmt: skip
def test_settings_that_make_no_sense_are_refused(root, given, field):
    answer = root.send_fields("/admin/settings", HOUSE | given, status=422)
    assert f'href="#{field}"' in answer.text and f'id="{field}-error"' in answer.text
    assert body.names() == {}


def test_a_canned_reply_is_written_in_both_languages(root):
    root.send_fields("/admin/canned-replies/new", {
        "titles-el": "Ευχαριστούμε", "titles-en": "Thanks", "texts-el": "Σας ευχαριστούμε.", "texts-en": "Thank you.",
    })  # fmt: skip
    row = db.session.execute(select(CannedReply)).scalar_one()
    assert (row.key, row.texts) == ("thanks", {"el": "Σας ευχαριστούμε.", "en": "Thank you."})


def test_an_article_is_shown_as_citizens_see_it_and_runs_nothing(root):
    made = root.send_fields("/admin/articles/new", {
        "titles-el": "Κάδοι", "bodies-el": "# Πότε;\n\n- **Δευτέρα**\n\n<script>x</script> [κακό](javascript:x)",
        "published": "yes", "audience": "public",
    })  # fmt: skip
    page = root.page(made.location)
    assert "<h2>Πότε;</h2>" in page and "<strong>Δευτέρα</strong>" in page
    assert "<script>x" not in page and 'href="javascript' not in page
    row = db.session.execute(select(Article)).scalar_one()
    assert row.key == "kadoi" and row.published and row.words
    root.send_fields(made.location, {"titles-el": "Κάδοι", "bodies-el": "Νέο κείμενο", "audience": "public"})
    db.session.refresh(row)
    assert not row.published and row.key == "kadoi"
    assert "Draft" in visible(root.page("/admin/articles"))


def test_two_articles_of_one_title_have_two_addresses(root):
    for _each in range(2):
        root.send_fields("/admin/articles/new", {"titles-en": "Bins", "bodies-en": "Text", "audience": "public"})
    assert sorted(db.session.execute(select(Article.key)).scalars()) == ["bins", "bins-2"]


@pytest.mark.parametrize(("text", "made"), [
    ("## Title\n### Part", "<h2>Title</h2>\n<h3>Part</h3>"),
    ("<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"),
    ("[a](https://example.org)", 'href="https://example.org"'),
    ("![p](https://example.org/p.png)", "<p>!<a href"),
    ("|a|b|\n|-|-|\n|1|2|", "<table>"),
])  # fmt: skip
def test_markdown_becomes_safe_pages(text, made):
    assert made in markdown.render(text)


def test_an_outage_is_announced_and_ended(root):
    made = root.send_fields("/admin/outages/new", {
        "titles-el": "Χωρίς νερό", "texts-el": "Ως το μεσημέρι.", "begins_at": "2026-11-24T10:00",
    })  # fmt: skip
    row = db.session.execute(select(Outage)).scalar_one()
    assert row.begins_at.isoformat() == "2026-11-24T08:00:00+00:00", "the time is Athens time"
    root.send_fields(f"{made.location}/end", {}, at=made.location)
    db.session.refresh(row)
    assert row.ends_at is not None and row.ends_at >= row.begins_at
    root.send_fields(f"{made.location}/end", {}, at="/admin/outages/new", status=409)
