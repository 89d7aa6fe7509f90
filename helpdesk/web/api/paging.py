"""How every list takes its parts."""

from typing import Annotated

from pydantic import Field

from helpdesk.web.api.operations import Query
from helpdesk.web.api.shapes.words import whole

PAGING = (
    Query("limit", whole(1, 200), "how many at most", 50),
    Query("cursor", Annotated[str, Field(min_length=1, max_length=500, pattern="^[A-Za-z0-9_-]+$")], "where to go on"),
)
