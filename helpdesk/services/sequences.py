"""Numbers from the tables' sequences before the rows exist, so that whole families go in by one insert a table."""

from sqlalchemy import text

from helpdesk.db import db


def next_of(**counts: int) -> dict[str, list[int]]:
    """The next ids of several tables by one statement: ``next_of(ticket=3, message=5)``."""
    parts = [f"array(select nextval('{name}_id_seq') from generate_series(1, :{name})) as {name}" for name in counts]  # noqa: S608
    row = db.session.execute(text(f"select {', '.join(parts)}"), counts).one()
    return {name: sorted(ids) for name, ids in zip(counts, row, strict=True)}
