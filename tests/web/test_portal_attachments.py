"""Files of messages leave us as downloads that no browser runs."""

from types import SimpleNamespace

import pytest

from helpdesk import storage
from helpdesk.errors import NotFound
from helpdesk.web import attachments

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def served(app, name, data, **given):
    with app.test_request_context("/"):
        response = attachments.serve(SimpleNamespace(name=name, sha256=storage.keep(data)), **given)
        with response:
            response.direct_passthrough = False
            return response, response.get_data()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("picture.png", b"<html>not a picture"),
    ],
)
def test_what_a_browser_might_run_is_an_opaque_download_in_a_sandbox(app, session, name, data):
    for inline in (False, True):
        response, body = served(app, name, data, inline=inline)
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert body == data


def test_a_real_picture_may_be_shown_where_that_is_asked(app, session):
    assert served(app, "a.png", PNG)[0].headers["Content-Disposition"].startswith("attachment")
    shown, _ = served(app, "a.png", PNG, inline=True)
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Content-Disposition"].startswith("inline")


def test_a_pdf_is_saved_or_opened_by_the_browsers_own_viewer_which_a_sandbox_would_shut(app, session):
    saved, _ = served(app, "αίτηση.pdf", b"%PDF-1.7 ...")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert "filename*=UTF-8''%CE%B1" in saved.headers["Content-Disposition"]
    response, _ = served(app, "αίτηση.pdf", b"%PDF-1.7 ...", inline=True)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\street.jpg", "street.jpg"),
        ("in\r\nvoice\x00.pdf", "invoice.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_name_tells_no_folder_and_hides_nothing(told, kept):
    assert attachments.safe_name(told) == kept


def test_bytes_that_are_gone_are_not_found(app, session):
    with app.test_request_context("/"), pytest.raises(NotFound):
        attachments.serve(SimpleNamespace(name="a", sha256="0" * 64))
