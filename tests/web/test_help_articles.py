"""Help articles where they are read: citizens' pages show theirs alone, the desk and the API show staff their own."""

import pytest

from helpdesk.permissions import SYSTEM
from helpdesk.services import handbook
from tests.builders import NOON, a_department, a_supervisor, an_administrator, an_agent
from tests.web.browsers import Browser
from tests.web.machine import Machine

pytestmark = pytest.mark.usefixtures("body")


def written(title: str, audience: str, department_id: int | None = None) -> str:
    told = {"titles": {"el": title, "en": title}, "bodies": {"el": f"Για {title}.", "en": f"About **{title}**."}}
    id_ = handbook.save(
        SYSTEM, "article", None, NOON, **told, audience=audience, published=True, department_id=department_id
    )
    return handbook.find("article", id_).key


@pytest.fixture
def shelf(department):
    """Keys of an article for everybody, for colleagues, for a department."""
    return {one: written(f"kerbstones {one}", one, department.id) for one in ("public", "staff", "department")}


def test_citizens_find_and_open_what_is_for_everybody_only(client, shelf):
    for page in ("/en/help", "/en/help?q=kerbstones", "/en/ask?q=kerbstones"):
        told = client.get(page).text
        assert "kerbstones public" in told, page
        assert "kerbstones staff" not in told and "kerbstones department" not in told, page
    assert client.get(f"/en/help/{shelf['public']}").status_code == 200
    assert [client.get(f"/en/help/{shelf[one]}").status_code for one in ("staff", "department")] == [404, 404]


def test_the_desk_shows_colleagues_theirs_and_a_department_its_own(app, shelf, department):
    theirs, others = Browser(app, an_agent(department)), Browser(app, an_agent(a_department()))
    for page in ("/desk/articles", "/desk/articles?q=kerbstones"):
        assert all(f"kerbstones {one}" in theirs.open(page).text for one in shelf)
        told = others.open(page).text
        assert "kerbstones staff" in told and "kerbstones department" not in told
    assert "<strong>kerbstones department</strong>" in theirs.open(f"/desk/articles/{shelf['department']}").text
    assert others.open(f"/desk/articles/{shelf['department']}").status_code == 404
    assert "Nothing found" in others.open("/desk/articles?q=elephants").text


def test_the_desk_without_articles_says_what_will_stand_there(app, agent):
    assert "Nothing to read yet" in Browser(app, agent).open("/desk/articles").text


def test_by_machine_each_caller_reads_what_is_for_them(client, shelf, department):
    theirs, others = Machine(client, an_agent(department)), Machine(client, an_agent(a_department()))
    assert {one["audience"] for one in theirs.get("/articles").json["items"]} == {"public", "staff", "department"}
    found = others.get("/articles?q=kerbstones").json["items"]
    assert {one["audience"] for one in found} == {"public", "staff"}
    assert theirs.get(f"/articles/{shelf['department']}").json["bodies"]["en"] == "About **kerbstones department**."
    assert others.get(f"/articles/{shelf['department']}").status_code == 404
    assert others.get("/articles/nothing-of-that-name").status_code == 404


def test_administrators_choose_who_reads_it(app, administrator_browser, department):
    sent = administrator_browser.send(
        "/admin/articles/new", **{"titles-el": "Κλειδιά", "bodies-el": "Στο συρτάρι."}, audience="staff", published="on"
    )
    assert sent.status_code == 303
    [row] = handbook.all_of("article")
    assert row.audience == "staff" and "Colleagues only" in administrator_browser.open("/admin/articles").text


@pytest.fixture
def administrator_browser(app):
    return Browser(app, an_administrator())


def test_supervisors_of_another_department_read_no_more_than_colleagues(app, shelf):
    told = Browser(app, a_supervisor(a_department())).open("/desk/articles").text
    assert "kerbstones staff" in told and "kerbstones department" not in told
