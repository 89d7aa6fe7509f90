"""Every page for citizens, in both languages."""

import pytest

from tests.builders import a_department, a_service

PAGES = ["", "ask", "ask?q=φως", "ask/other", "track", "help", "help?q=νερό", "contact", "accessibility", "privacy"]


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_there_in_both_languages_with_one_heading(client, language, page):
    a_service(department_id=a_department(phone="+302105550100").id, featured=True)
    answer = client.get(f"/{language}/{page}")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    assert f'<html lang="{language}"' in answer.text
    assert "style=" not in answer.text
