"""Members of staff and tokens from the command line."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from helpdesk.db import db
from helpdesk.models.people import Person, Staff
from helpdesk.services.access import passwords
from tests.conftest import settings_for
from tests.journeys.post import department, helpdesk, office


@pytest.fixture
def app(worker_name: str, redis_url: str, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with office(f"people_{worker_name}", settings_for(database_url, redis_url, tmp_path)) as body:
        yield body


def a_user(app: Flask, *more: str) -> subprocess.CompletedProcess[str]:
    return helpdesk(app, "user", "create", "--email", "anna@example.org", "--name", "Άννα", *more)


def kept() -> Staff:
    db.session.rollback()
    return db.session.query(Staff).join(Person).filter(Person.email == "anna@example.org").one()


def test_a_member_of_staff_gets_a_password_that_is_shown_once_and_kept_as_a_hash(app):
    done = a_user(app, "--department", "water", "--role", "supervisor")
    assert done.returncode == 0, done.stderr
    assert passwords.matches(kept().password_hash, done.stdout.strip())
    assert (kept().role, [member.department_id for member in kept().memberships]) == (
        "supervisor",
        [department("water").id],
    )


def test_a_password_of_one_s_own_is_not_repeated_and_not_too_short(app):
    assert a_user(app, "--password", "short").returncode == 1
    done = a_user(app, "--password", "μακρύς κωδικός")
    assert (done.returncode, done.stdout) == (0, "")
    assert passwords.matches(kept().password_hash, "μακρύς κωδικός")


def test_a_token_acts_as_the_person_it_is_for(app):
    a_user(app)
    done = helpdesk(app, "token", "create", "--for", "anna@example.org", "--scope", "read")
    assert done.stdout.startswith("chd_")
    assert helpdesk(app, "token", "create", "--for", "nobody@example.org").returncode == 1
