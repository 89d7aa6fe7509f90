"""One table of operations: each is a route, its strict input, its output, and its line in the description."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Blueprint, Response, g, request
from pydantic import BaseModel, TypeAdapter, ValidationError

from helpdesk import clock
from helpdesk.errors import Forbidden, HelpdeskError, Invalid, NotFound
from helpdesk.permissions import Actor
from helpdesk.services import idempotency, tokens
from helpdesk.web.api import problems
from helpdesk.web.api.shapes.words import LARGEST
from helpdesk.web.guards import machine

api = Blueprint("api", __name__, url_prefix="/api/v1")
KEY = re.compile(r"[!-~]{1,200}")
RULE_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True)
class Query:
    """A query parameter: its JSON schema is its validation."""

    name: str
    type: Any
    text: str
    default: Any = None

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What checks it and describes it."""
        return TypeAdapter(self.type)


@dataclass(frozen=True)
class Operation:
    """What one method on one path does."""

    method: str
    path: str
    name: str
    summary: str
    scope: str
    answer: type[BaseModel] | None
    body: type[BaseModel] | None = None
    queries: tuple[Query, ...] = ()
    status: int = 200
    invalid: Callable[[Actor, dict[str, Any], ValidationError], None] | None = None
    """Is told of a body that does not have the described form, before the refusal is answered."""


OPERATIONS: list[Operation] = []


class Unauthorised(HelpdeskError):
    """No token, or one that does not count."""

    status = 401
    title = "A valid token is needed"


def operation(
    method: str,
    path: str,
    *,
    scope: str,
    answer: type[BaseModel] | None,
    body: type[BaseModel] | None = None,
    queries: Iterable[Query] = (),
    status: int = 200,
    name: str | None = None,
    invalid: Callable[[Actor, dict[str, Any], ValidationError], None] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Puts a function on a path of the API: it gets its checked input by keyword and returns its answer's model.

    ``{number}`` and ``{id}`` in the path are whole numbers, ``{name}`` is a word, ``{key}`` the key of a rule. A POST
    may carry an Idempotency-Key. What changes something is one transaction with its answer. Without ``answer`` the
    function makes the response itself.
    """

    def put(act: Callable[..., Any]) -> Callable[..., Any]:
        summary = (act.__doc__ or "").split("\n")[0]
        made = Operation(
            method, path, name or act.__name__, summary, scope, answer, body, tuple(queries), status, invalid
        )
        OPERATIONS.append(made)
        rule = path.replace("{number}", "<int:number>").replace("{id}", "<int:id>")
        rule = rule.replace("{name}", "<name>").replace("{key}", "<key>")

        @machine
        def view(**values: Any) -> Response:
            return _run(made, act, values)

        view.__name__ = made.name
        api.add_url_rule(rule, made.name, view, methods=[method])
        return act

    return put


def _run(made: Operation, act: Callable[..., Any], values: dict[str, Any]) -> Response:
    actor = _actor(made.scope)
    _refuse_out_of_range(values)
    if "key" in values and not RULE_KEY.fullmatch(values["key"]):
        raise NotFound("There is none with this key.")
    given = values | _queries(made) | _checked_body(made, actor, values)
    if made.answer is None:
        response: Response = act(actor, **given)
        return response
    if made.method == "GET":
        return _response(_answer(made, act(actor, **given)))
    told = f"{request.method} {request.path}?{request.query_string.decode('latin-1')}".encode()
    digest = told + hashlib.sha256(request.get_data()).digest()
    return _response(
        idempotency.once(actor, _key(made), digest, clock.now(), lambda: _answer(made, act(actor, **given)))
    )


def _key(made: Operation) -> str | None:
    key = request.headers.get("Idempotency-Key") if made.method == "POST" else None
    if key is not None and not KEY.fullmatch(key):
        told = "An Idempotency-Key has 1 to 200 printable characters of ASCII and no space."
        raise Invalid(told, code="bad-key", fields={"Idempotency-Key": "1 to 200 characters"})
    return key


def _actor(scope: str) -> Actor:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    actor = tokens.actor(token.strip(), clock.now()) if kind.lower() == "bearer" and token else None
    if actor is None:
        raise Unauthorised("Send Authorization: Bearer with a token that is in force.", code="unauthorised")
    if scope not in actor.scopes and "*" not in actor.scopes:
        raise Forbidden(f"This token lacks the scope {scope}.", code="scope")
    g.actor = actor
    return actor


def _refuse_out_of_range(values: dict[str, Any]) -> None:
    if wrong := [name for name, value in values.items() if isinstance(value, int) and not 1 <= value <= LARGEST]:
        told = f"a whole number from 1 to {LARGEST}"
        raise Invalid("The address holds no such number.", code="bad-path", fields=dict.fromkeys(wrong, told))


def _queries(made: Operation) -> dict[str, Any]:
    known = {query.name: query for query in made.queries}
    if unknown := set(request.args) - set(known):
        raise Invalid("Unknown query parameters.", code="unknown-query", fields=dict.fromkeys(unknown, "unknown"))
    if twice := [name for name in request.args if len(request.args.getlist(name)) > 1]:
        raise Invalid("A query parameter stands twice.", code="repeated-query", fields=dict.fromkeys(twice, "once"))
    return {name: _read(query, request.args.get(name)) for name, query in known.items()}


def _read(query: Query, text: str | None) -> Any:
    if text is None:
        return query.default
    try:
        return query.adapter.validate_python(text)
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"]
        raise Invalid("A query parameter cannot be used.", code="bad-query", fields={query.name: message}) from None


def _checked_body(made: Operation, actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    try:
        return _body(made)
    except ValidationError as error:
        if made.invalid is not None:
            made.invalid(actor, values, error)
        raise


def _body(made: Operation) -> dict[str, Any]:
    if made.body is None:
        return {}
    data = request.get_data()
    if data and request.mimetype != "application/json":
        raise UnsupportedBody("Send application/json.", code="unsupported-media-type")
    return {"given": made.body.model_validate_json(data or b"{}")}


class UnsupportedBody(HelpdeskError):
    """The body is not JSON by its Content-Type."""

    status = 415
    title = "Unsupported media type"


def _answer(made: Operation, result: Any) -> idempotency.Answer:
    headers = {"Content-Type": "application/json"}
    if isinstance(result, tuple):
        result, more = result  # and headers of its own
        headers |= more
    return idempotency.Answer(made.status, headers, result.model_dump_json().encode())


def _response(answer: idempotency.Answer) -> Response:
    response = Response(answer.body, answer.status, headers=dict(answer.headers))
    response.headers["Cache-Control"] = "no-store"
    if answer.repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response


@api.errorhandler(ValidationError)
def _invalid(error: ValidationError) -> Response:
    return problems.from_validation(error, "body")


@api.errorhandler(HelpdeskError)
def _refused(error: HelpdeskError) -> Response:
    answer = problems.from_error(error)
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="civic-helpdesk"'
    return answer
