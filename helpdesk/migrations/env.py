"""Runs migrations on the connection it is given (``helpdesk migrate``); there is no offline mode."""

from alembic import context

import helpdesk.models  # noqa: F401  (fills the metadata)
from helpdesk.db import Base


def run() -> None:
    """One transaction for all that is missing."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
