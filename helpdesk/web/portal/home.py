"""The first page: one question, the most used services, ways to reach us."""

from flask import render_template
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.services import catalogue, slots
from helpdesk.web.guards import public
from helpdesk.web.portal.asking import OTHER
from helpdesk.web.portal.doors import portal
from helpdesk.web.portal.hours import of_departments

MOST_FEATURED = 8
MOST_DEPARTMENTS = 10
"""A body with more has them on the page of contacts."""


@portal.get("/")
@public
def home() -> ResponseReturnValue:
    """Where everybody begins."""
    departments = [one for one in catalogue.departments() if one.phone][:MOST_DEPARTMENTS]
    services = [one for one in catalogue.services() if one.key != OTHER]
    featured = [one for one in services if one.featured] or services
    return render_template(
        "portal/home.html",
        featured=featured[:MOST_FEATURED],
        departments=departments,
        hours=of_departments(departments, clock.now()),
        called_back=any(rule.offered for rule in slots.rules().values()),
    )
