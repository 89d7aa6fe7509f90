"""Whether what a process remembers still holds: one statement a unit of work, for all who do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import text

from helpdesk.db import db

CATALOGUE = "catalogue"
"""The setting that counts the changes of departments, services, people and parties."""


@dataclass(frozen=True)
class Epoch:
    """What is in force: versions of the rulebook by kind and key, the classifier's (id, number, thresholds), and marks
    that change with the catalogue and with our addresses."""

    rules: Mapping[tuple[str, str], int]
    model: tuple[int, int, Mapping[str, float]] | None
    catalogue: Any
    addresses: str


_ASKED = text(
    """
    select (select json_agg(json_build_array(kind, key, id)) from rulebook where state = 'in_force') as rules,
           (select json_build_array(id, number, thresholds) from routing_model where state = 'in_force') as model,
           (select data from setting where key = :catalogue) as catalogue,
           (select md5(string_agg(channel_account::text, ' ' order by id)) from channel_account where active)
               as addresses
    """
)


def current() -> Epoch:
    """As of this unit of work."""
    transaction = db.session().get_transaction()
    if "epoch" not in g or transaction is None or g.epoch[0] is not transaction:
        row = db.session.execute(_ASKED, {"catalogue": CATALOGUE}).one()
        rules = {(kind, key): int(id_) for kind, key, id_ in row.rules or ()}
        found = Epoch(rules, tuple(row.model) if row.model else None, row.catalogue or {}, row.addresses or "")
        g.epoch = (db.session().get_transaction(), found)
    known: Epoch = g.epoch[1]
    return known


def changed() -> None:
    """Lets this unit of work ask anew, after it changed something of that."""
    g.pop("epoch", None)
