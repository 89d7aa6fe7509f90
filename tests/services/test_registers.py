"""The registers: a tree of categories with successors, services with phases, owners who work here."""

import pytest

from helpdesk.db import commit, db
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.catalogue import Category
from helpdesk.models.tickets import Ticket
from helpdesk.services import catalogue, classification, house, intake
from tests.builders import (
    NOON,
    a_category,
    a_department,
    a_service,
    a_supplier,
    a_ticket,
    an_administrator,
    an_agent,
)

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def root():
    return an_administrator()


def save(root, kind, id_=None, **given):
    return catalogue.save(root, kind, id_, at=NOON, **given)


def a_tree(root):
    """Streets over lighting over lamps, and green beside lighting."""
    ids = {}
    for key, parent in (("streets", None), ("lighting", "streets"), ("lamps", "lighting"), ("green", "streets")):
        names = {"en": key.title(), "el": f"Ελ {key}"}
        ids[key] = save(root, "category", key=key, names=names, parent_id=ids.get(parent))
    return ids


def order():
    return [(row.key, depth) for row, depth in catalogue.walk()]


def test_the_tree_has_an_order_that_administrators_change(root):
    ids = a_tree(root)
    assert order() == [("streets", 0), ("lighting", 1), ("lamps", 2), ("green", 1)]
    catalogue.move(root, ids["green"], -1, at=NOON)
    assert order() == [("streets", 0), ("green", 1), ("lighting", 1), ("lamps", 2)]
    catalogue.move(root, ids["green"], -1, at=NOON)
    assert order()[1] == ("green", 1)
    assert catalogue.path(ids["lamps"], "en") == "Streets › Lighting › Lamps"
    assert catalogue.below(ids["streets"]) == set(ids.values())
    assert "category" in [row.kind for row in house.deeds("category").rows]
    with pytest.raises(Forbidden):
        catalogue.move(an_agent(), ids["green"], 1, at=NOON)


def test_nothing_stands_under_itself(root):
    ids = a_tree(root)
    for child in ("streets", "lighting", "lamps"):
        with pytest.raises(Invalid) as refused:
            save(root, "category", ids["streets"], parent_id=ids[child])
        assert "parent_id" in refused.value.fields


def test_moving_a_branch_puts_it_after_its_new_sisters(root):
    ids = a_tree(root)
    save(root, "category", ids["lamps"], parent_id=ids["streets"])
    assert order() == [("streets", 0), ("lighting", 1), ("green", 1), ("lamps", 1)]


def test_a_category_says_what_belongs_there(root):
    id_ = save(root, "category", names={"en": "Lamps"}, examples={"en": "A lamp that blinks"})
    assert db.session.get(Category, id_).examples == {"en": "A lamp that blinks"}


def test_what_is_retired_is_chosen_no_more_and_its_successor_is(root):
    ids = a_tree(root)
    service = a_service(category_id=ids["lamps"])
    save(root, "category", ids["lamps"], active=False, successor_id=ids["green"])
    db.session.refresh(service)
    assert service.category_id == ids["green"]
    ticket = a_ticket()
    classification.classify(root, ticket.id, category_id=ids["lamps"], at=NOON)
    assert ticket.category_id == ids["green"]


def test_it_is_not_retired_while_something_needs_it(root):
    ids = a_tree(root)
    a_service(category_id=ids["lamps"])
    commit()
    for key, field in (("lighting", "active"), ("lamps", "successor_id")):
        with pytest.raises(Invalid) as refused:
            save(root, "category", ids[key], active=False)
        assert field in refused.value.fields


def test_a_ticket_keeps_a_category_that_was_retired_and_cannot_get_it_anew(root):
    old, ticket = a_category(), a_ticket()
    classification.classify(root, ticket.id, category_id=old.id, at=NOON)
    commit()
    save(root, "category", old.id, active=False)
    classification.classify(root, ticket.id, category_id=old.id, impact="low", at=NOON)
    assert ticket.category_id == old.id
    other = a_ticket()
    with pytest.raises(Invalid):
        classification.classify(root, other.id, category_id=old.id, at=NOON)


@pytest.mark.parametrize("kind", ["category", "service"])
def test_successors_never_lead_back(kind, root):
    make = a_category if kind == "category" else a_service
    one, two = make(), make()
    catalogue.changed(NOON)
    save(root, kind, one.id, successor_id=two.id)
    for wanted in (one.id, two.id):
        with pytest.raises(Invalid) as refused:
            save(root, kind, two.id, successor_id=wanted)
        assert "successor_id" in refused.value.fields


def test_a_retired_service_takes_no_new_requests_and_leads_to_its_successor(root):
    old, new = a_service(), a_service()
    catalogue.changed(NOON)
    commit()
    save(root, "service", old.id, phase="retired")
    with pytest.raises(Invalid) as refused:
        intake.take_down(root, intake.NewTicket("Α", "Β", name="Άννα", service=old.key), at=NOON)
    assert refused.value.code == "service-not-live"
    save(root, "service", old.id, successor_id=new.id)
    number = intake.take_down(root, intake.NewTicket("Α", "Β", name="Άννα", service=old.key), at=NOON).ticket_id
    commit()
    ticket = db.session.get(Ticket, number)
    assert (ticket.service_id, ticket.department_id) == (new.id, new.department_id)


def test_rules_and_forms_that_still_name_it_lead_there_too(root):
    old, new = a_service(phase="retired"), a_service()
    old.successor_id = new.id
    catalogue.changed(NOON)
    wish = intake.Wish(service=old.key)
    arrival = intake.Arrival("webform", NOON, intake.requests.Contact("a@example.org"), "Α", "Β", wish=wish)
    [taken] = intake.take_in([arrival], NOON)
    commit()
    assert db.session.get(Ticket, taken.ticket_id).service_id == new.id


@pytest.mark.parametrize(("kind", "name"), [("department", "owner_id"), ("team", "lead_id"), ("service", "owner_id")])
def test_an_owner_works_here(kind, name, root):
    place = a_department()
    catalogue.changed(NOON)
    given = {} if kind == "department" else {"department_id": place.id}
    id_ = save(root, kind, names={"el": "Νέο"}, **given, **{name: root.id})
    with pytest.raises(Invalid) as refused:
        save(root, kind, id_, **{name: 99_999})
    assert name in refused.value.fields


def test_departments_and_teams_say_whom_to_turn_to(root):
    id_ = save(
        root, "department", names={"el": "Ύδρευση"}, escalation_name="Ν. Νικολάου", escalation_phone="2105550100"
    )
    assert catalogue.current().departments[id_].escalation_name == "Ν. Νικολάου"
    with pytest.raises(Invalid) as refused:
        save(root, "department", id_, escalation_email="no address")
    assert "escalation_email" in refused.value.fields
    deed = house.deeds("department").rows[0]
    assert deed.data["escalation_name"] is None, "who somebody is does not stand in the log"


def test_a_service_names_the_supplier_that_does_part_of_it(root):
    service, supplier = a_service(), a_supplier()
    save(root, "service", service.id, supplier_id=supplier.id)
    assert catalogue.current().services[service.id].supplier_id == supplier.id
    with pytest.raises(Invalid):
        save(root, "service", service.id, supplier_id=99_999)
