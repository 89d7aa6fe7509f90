"""Problems and known errors by machine: listed, kept, matched to tickets, and used there."""

from typing import Any, Literal

from helpdesk import clock
from helpdesk.permissions import Actor
from helpdesk.services import articles, catalogue, problems, scope
from helpdesk.services.records import cursors
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import Query, operation
from helpdesk.web.api.paging import PAGING
from helpdesk.web.api.shapes import problems as of_problems
from helpdesk.web.api.shapes.problems import Declare, Help, NewProblem, ProblemChange, ProblemMove, Review

View = Literal["known", "open", "review", "resolved", "inactive"]
VIEW = Query("view", View, "known errors, open ones, those to be reviewed, resolved or inactive ones", "known")
Problems = shapes.Page[of_problems.Problem]
_NAMES = {"service": "service_id", "category": "category_id"}


def _problem(row: Any) -> of_problems.Problem:
    known = catalogue.current()
    service, category = known.services.get(row.service_id or 0), known.categories.get(row.category_id or 0)
    same = {name: getattr(row, name) for name in of_problems.Problem.model_fields if hasattr(row, name)}
    return of_problems.Problem(
        **same | {"service": service.key if service else None, "category": category.key if category else None}
        | {"owner": row.owner_id}
    )  # fmt: skip


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """Keys become ids; what is null stays as it is."""
    found = dict(fields)
    for name, column in _NAMES.items():
        if (key := found.pop(name, None)) is not None:
            found[column] = catalogue.id_of(name, key)
    if (owner := found.pop("owner", None)) is not None:
        found["owner_id"] = owner
    return found


@operation("GET", "/problems", scope="read", answer=Problems, queries=(*PAGING, VIEW))
def list_problems(actor: Actor, limit: int, cursor: str | None, view: View) -> Problems:
    """Problems and known errors, the newest first."""
    before = cursors.read(cursor, int)[0] if cursor else None
    part = problems.listed(view, clock.now(), before, limit)
    following = cursors.write([part.next]) if part.next else None
    return Problems(items=[_problem(row) for row in part.rows], next=following)


@operation("POST", "/problems", scope="write", answer=of_problems.Problem, body=NewProblem, status=201)
def open_problem(actor: Actor, given: NewProblem) -> tuple[of_problems.Problem, dict[str, str]]:
    """Opens a problem, perhaps with the ticket it begins with."""
    opened = problems.open_(actor, **_given(given.model_dump(exclude_none=True)))
    return _problem(problems.find(opened.id)), {"Location": f"/api/v1/problems/{opened.id}"}


@operation("GET", "/problems/{id}", scope="read", answer=of_problems.Problem)
def read_problem(actor: Actor, id: int) -> of_problems.Problem:
    """One problem."""
    return _problem(problems.find(id))


@operation("PATCH", "/problems/{id}", scope="write", answer=of_problems.Problem, body=ProblemChange)
def change_problem(actor: Actor, id: int, given: ProblemChange) -> of_problems.Problem:
    """Changes what it says; needs the version that was read."""
    problems.change(actor, id, **_given(given.model_dump(exclude_none=True)))
    return _problem(problems.find(id))


def _put(verb: str, act: Any, body: type[ProblemMove]) -> None:
    def move(actor: Actor, id: int, given: ProblemMove) -> of_problems.Problem:
        act(actor, id, **given.model_dump(exclude_none=True))
        return _problem(problems.find(id))

    move.__doc__ = f"Moves a problem: {verb}. Its owner and supervisors may."
    path = f"/problems/{{id}}/actions/{verb}"
    operation("POST", path, scope="write", answer=of_problems.Problem, body=body, name=f"{verb}_problem")(move)


for _verb, _act, _body in (
    ("declare", problems.declare, Declare),
    ("review", problems.reviewed, Review),
    ("withdraw", problems.withdraw, ProblemMove),
    ("resolve", problems.resolve, ProblemMove),
    ("reopen", problems.reopen, ProblemMove),
):
    _put(_verb, _act, _body)


@operation("GET", "/tickets/{number}/known-errors", scope="read", answer=Help)
def list_known_errors(actor: Actor, number: int) -> Help:
    """What may help with a ticket: the problem behind it, known errors and articles that fit."""
    return _help(actor, number)


def _help(actor: Actor, number: int) -> Help:
    found = problems.for_ticket(actor, scope.find(actor, number), problems.words_of(number))
    rows = [*((row, True) for row in found.linked), *((row, False) for row in found.errors)]
    errors = [
        of_problems.KnownError(
            id=row.id, titles=row.titles, workarounds=row.workarounds, no_workaround=row.no_workaround,
            audience=row.audience, state=row.state, linked=linked, used_at=row.used_at,
        )
        for row, linked in rows
    ]  # fmt: skip
    articles = [
        of_problems.HelpfulArticle(key=row.key, titles=row.titles, audience=row.audience) for row in found.articles
    ]
    return Help(known_errors=errors, articles=articles)


@operation("POST", "/tickets/{number}/article", scope="write", answer=of_problems.Draft, status=201)
def draft_article(actor: Actor, number: int) -> of_problems.Draft:
    """Makes an unpublished help article of how a ticket ended, without names; the same again gives the same draft."""
    return of_problems.Draft(id=articles.propose(actor, number))


def _put_link(verb: str, act: Any) -> None:
    def stand(actor: Actor, number: int, id: int, given: ProblemMove) -> Help:
        act(actor, number, id, version=given.version)
        return _help(actor, number)

    stand.__doc__ = f"A ticket and a problem: {verb}."
    path = f"/tickets/{{number}}/known-errors/{{id}}/{verb}"
    operation("POST", path, scope="write", answer=Help, body=ProblemMove, name=f"{verb}_known_error")(stand)


for _how, _stand in (("link", problems.link), ("unlink", problems.unlink), ("use", problems.use)):
    _put_link(_how, _stand)
