"""The registers of customer bodies and suppliers in administration: kept, checked, taken out of use, counted."""

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models.parties import CustomerBody, Supplier
from helpdesk.services import catalogue, tickets
from tests.builders import NOON, a_department, a_ticket, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("body")

LAMPS = {"names-el": "Φωτισμός ΑΕ", "names-en": "Lamps Ltd", "active": "yes", "language": "el"}
REACHED = {"contact_name": "Κ. Νίκου", "contact_email": "nikou@lamps.example", "contact_phone": "+30 210 1234567"}


@pytest.fixture
def root(app):
    return StaffBrowser(app, an_administrator())


@pytest.mark.parametrize(("path", "model"), [("customers", CustomerBody), ("suppliers", Supplier)])
def test_one_is_made_changed_and_taken_out_of_use(root, path, model):
    owner = an_agent(a_department(), name="Μαρία")
    catalogue.changed(NOON)
    made = root.send_fields(f"/admin/{path}/new", LAMPS | REACHED | {"owner_id": str(owner.id)})
    row = db.session.execute(select(model)).scalar_one()
    assert made.location == f"/admin/{path}/{row.id}"
    assert (row.key, row.contact_email, row.owner_id, row.active) == (
        "lamps-ltd",
        "nikou@lamps.example",
        owner.id,
        True,
    )
    shown = visible(root.page(f"/admin/{path}"))
    assert "Lamps Ltd" in shown and "Κ. Νίκου" in shown and "Μαρία" in shown
    root.send_fields(made.location, {"names-en": "Lamps Ltd", "language": "el"})
    db.session.refresh(row)
    assert not row.active and row.contact_email == ""
    assert "Lamps Ltd" in visible(root.page("/admin/log"))


@pytest.mark.parametrize("field", ["contact_email", "escalation_email", "contact_phone"])
def test_what_is_no_address_or_number_is_said_beside_its_field(root, field):
    answer = root.send_fields("/admin/suppliers/new", LAMPS | {field: "x"}, status=422)
    assert f'id="{field}-error"' in answer.text
    assert db.session.execute(select(Supplier)).first() is None


def test_the_list_says_how_many_tickets_wait_for_a_supplier(root):
    id_ = catalogue.save(an_administrator(), "supplier", names={"en": "Lamps Ltd"})
    department = a_department()
    ticket = a_ticket(department_id=department.id)
    tickets.suppliers.engage(an_agent(department), ticket.id, id_, "α")
    assert catalogue.engagements() == {id_: 1}
    assert "Lamps Ltd" in visible(root.page("/admin/suppliers"))


def test_a_service_is_given_its_customer(root):
    department = a_department()
    catalogue.changed(NOON)
    customer = catalogue.save(an_administrator(), "customer", names={"en": "Port Fund"})
    given = {
        "names-en": "Piers", "department_id": str(department.id), "phase": "live", "type": "request",
        "impact": "medium", "urgency": "medium", "customer_id": str(customer),
    }  # fmt: skip
    assert root.send_fields("/admin/services/new", given).status_code == 303
    [service] = catalogue.services()
    assert service.customer_id == customer
