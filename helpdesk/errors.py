"""All that a service may raise; mapped once to pages and once to problem+json."""

from collections.abc import Mapping


class HelpdeskError(Exception):
    """A refusal with a code that stays, a sentence for the reader, and the fields it is about."""

    status = 400
    title = "Bad request"

    def __init__(self, detail: str, *, code: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).__name__.lower()
        self.fields = dict(fields or {})


class NotFound(HelpdeskError):
    """There is no such thing, or the actor may not know that there is."""

    status = 404
    title = "Not found"


class Forbidden(HelpdeskError):
    """The actor may see the thing and may not do this to it."""

    status = 403
    title = "Not allowed"


class Invalid(HelpdeskError):
    """A field is missing or wrong; ``fields`` names each with what to do."""

    status = 422
    title = "Something needs correcting"


class Stale(HelpdeskError):
    """The thing changed meanwhile, or its state does not allow this move."""

    status = 409
    title = "Conflict with the present state"
