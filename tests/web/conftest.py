"""Limits on how often something is asked are off but where a test turns them on; no catalogue of another test stays."""

from collections.abc import Iterator

import pytest
from flask import Flask

from helpdesk.web.safety import limiter


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    """Many tests ask from one address within a minute."""
    limiter.enabled = False
    yield
    limiter.enabled = True


@pytest.fixture(autouse=True)
def own_catalogue(app: Flask) -> None:
    """The process remembers the catalogue by a counter, which the rolled-back test before has taken back too."""
    app.extensions.pop("catalogue", None)
