"""Our figures for anybody: plain words, files for programmes, nobody to be recognised in them."""

import csv
import io
from datetime import timedelta

import pytest
from flask import current_app, g

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.services import replies, rulebook
from helpdesk.services.reports.definitions import FIGURES
from helpdesk.services.reports.public import kept_back
from helpdesk.web.safety import limiter
from tests.builders import a_citizen, a_department, a_ticket, an_account, an_agent
from tests.web.limits import count_from_nought

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(clock.now() - 400 * 24 * HOUR)
    an_account(is_default=True)
    current_app.extensions.pop("stats", None)


@pytest.fixture
def departments():
    return [a_department(key=key, names={"el": f"Τμήμα {key}", "en": f"Office {key}"}) for key in ("a", "b", "c")]


def received(department, count: int, **given) -> None:
    for _ in range(count):
        a_ticket(department_id=department.id if department else None, received_at=clock.now() - HOUR, **given)
    ground.flush_pending()


def ask(client, address: str):
    current_app.extensions.pop("stats", None)
    current_app.extensions.pop("catalogue", None)
    for name in list(g):
        g.pop(name)
    return client.get(address)


def counts(client, figure: str = "received") -> dict[str, int | None]:
    lines = ask(client, "/stats.json").json["figures"]
    return {line["department"]: line["n"] for line in lines if line["figure"] == figure}


def test_anybody_reads_the_figures_in_plain_words(client, departments):
    received(departments[0], 7)
    shown = ask(client, "/stats?language=en").text
    assert "requests reached us" in shown
    assert '<dd class="num">7</dd>' in shown
    assert "Office a" in shown
    assert "αιτήματα λάβαμε" in ask(client, "/stats?language=el").text
    assert "Τμήμα a" in ask(client, "/stats?language=el").text


def test_a_body_without_requests_has_a_page_too(client):
    assert ask(client, "/stats?language=en").status_code == 200
    assert {line["value"] for line in ask(client, "/stats.json").json["figures"]} == {0.0, None}


def test_every_format_tells_the_same(client, departments):
    received(departments[0], 6)
    received(departments[1], 9)
    told = ask(client, "/stats.json").json
    assert {one["key"] for one in told["definitions"]} == {key for key, one in FIGURES.items() if one.public}
    lines = list(csv.DictReader(io.StringIO(ask(client, "/stats.csv").text)))
    assert len(lines) == len(told["figures"])
    for line, same in zip(lines, told["figures"], strict=True):
        assert (line["figure"], line["department"]) == (same["figure"], same["department"])
        assert line["n"] == ("" if same["n"] is None else str(same["n"]))
    assert ask(client, "/stats?format=json").json["figures"] == told["figures"]
    assert ask(client, "/stats?format=csv").mimetype == "text/csv"
    assert counts(client) == {"": 15, "a": 6, "b": 9}


def test_a_department_with_few_is_kept_back_and_cannot_be_worked_out(client, departments):
    received(departments[0], 3)
    received(departments[1], 8)
    received(departments[2], 20)
    assert counts(client) == {"": 31, "a": None, "b": None, "c": 20}
    shown = ask(client, "/stats?language=en").text
    assert "not shown, too few" in shown


def test_a_body_with_few_tells_nothing_about_them(client, departments):
    received(departments[0], 3)
    ticket = a_ticket(department_id=departments[0].id, received_at=clock.now() - HOUR)
    replies.reply(an_agent(departments[0]), ticket.id, "Ναι.")
    ground.flush_pending()
    assert counts(client) == {"": None, "a": None}
    assert counts(client, "first_response") == {"": None, "a": None}


@pytest.mark.parametrize(
    ("numbers", "hidden"),
    [
        ({}, set()),
        ({1: 5, 2: 9}, set()),
        ({1: 0, 2: 9}, set()),
        ({1: 4, 2: 9, 3: 7}, {1, 3}),
        ({1: 1, 2: 1, 3: 30}, {1, 2, 3}),
        ({1: 1, 2: 4, 3: 30}, {1, 2}),
        ({1: 2}, {1}),
        ({None: 3, 1: 6, 2: 6}, {None, 1}),
    ],
)
def test_what_is_hidden_cannot_be_had_by_subtraction(numbers, hidden):
    assert kept_back(numbers) == hidden


def test_nothing_personal_stands_in_any_of_them(client, departments):
    person = a_citizen(name="Ευτέρπη Μοναδική", email="unique@example.org")
    received(departments[0], 6, requester=person, subject="Ιδιαίτερο θέμα")
    for address in ("/stats?language=el", "/stats.csv", "/stats.json"):
        shown = ask(client, address).text
        assert not [word for word in ("Ευτέρπη", "unique@", "Ιδιαίτερο") if word in shown]


@pytest.mark.parametrize("asked", ["days=31", "days=x", "format=xml"])
def test_only_published_periods_and_formats_are_answered(client, asked):
    assert ask(client, f"/stats?{asked}").status_code == 422


def test_the_same_minute_gets_the_same_answer(client, departments):
    received(departments[0], 6)
    assert counts(client)[""] == 6
    received(departments[0], 6)
    assert next(line["n"] for line in client.get("/stats.json").json["figures"]) == 6
    assert counts(client)[""] == 12


def test_who_asks_too_often_waits(client):
    limiter.enabled = True
    try:
        count_from_nought()
        assert [client.get("/stats.csv").status_code for _ in range(61)][-2:] == [200, 429]
    finally:
        count_from_nought()
        limiter.enabled = False
