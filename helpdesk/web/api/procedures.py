"""Procedures by machine: how a ticket's steps stand, doing and skipping them, approvals."""

from typing import Any

from helpdesk.errors import NotFound
from helpdesk.permissions import Actor
from helpdesk.services import procedures, records, scope
from helpdesk.services.procedures import Standing
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import operation
from helpdesk.web.api.paging import PAGING
from helpdesk.web.api.shapes import procedures as shape

Approvals = shapes.Page[shape.Approval]


@operation("GET", "/tickets/{number}/procedure", scope="read", answer=shape.Procedure)
def read_procedure(actor: Actor, number: int) -> shape.Procedure:
    """The model that a ticket is worked by, and how its steps stand; 404 where none holds."""
    return _procedure(actor, number)


def _procedure(actor: Actor, number: int) -> shape.Procedure:
    found = procedures.of(scope.find(actor, number))
    if found is None:
        raise NotFound("No model holds for this ticket.")
    return shape.Procedure(
        model=found.version.name,
        kind=found.model.kind,
        names=dict(found.model.names),
        output=dict(found.model.output or {}),
        attached_at=found.attached_at,
        delivered_at=found.delivered_at,
        fulfilled_at=found.fulfilled_at,
        missing=[step.key for step in found.missing],
        steps=[_step(one) for one in found.steps],
    )


def _step(one: Standing) -> shape.ProcedureStep:
    step = one.step
    return shape.ProcedureStep(
        key=step.key, kind=step.kind, texts=dict(step.texts), guide=dict(step.guide or {}), mandatory=step.mandatory,
        department=step.department or None, team=step.team or None, hours=step.hours, questions=_questions(one),
        state=one.state, next=one.next, waits_for=one.waits_for.key if one.waits_for else None, at=one.at,
        by=one.by_id, asked_at=one.asked_at, asked_by=one.asked_by_id, amount=one.amount,
    )  # fmt: skip


def _questions(one: Standing) -> list[shape.ScriptQuestion]:
    return [
        shape.ScriptQuestion(
            key=question.key,
            texts=dict(question.texts),
            answers=[
                shape.ScriptAnswer(texts=dict(answer.texts), next=answer.next, advice=dict(answer.advice or {}))
                for answer in question.answers
            ],
        )
        for question in one.step.questions
    ]


def _put(verb: str, act: Any, body: type[shape.StepMove]) -> None:
    def move(actor: Actor, number: int, key: str, given: shape.StepMove) -> shape.Procedure:
        act(actor, number, key, **given.model_dump(exclude_none=True))
        return _procedure(actor, number)

    move.__doc__ = f"A step of a ticket's procedure: {verb}. Refused with 409 where it is settled or too early."
    path = f"/tickets/{{number}}/steps/{{key}}/{verb}"
    operation("POST", path, scope="write", answer=shape.Procedure, body=body, name=f"{verb}_step")(move)


for _verb, _act, _body in (
    ("do", procedures.do, shape.DoStep),
    ("skip", procedures.skip, shape.SkipStep),
    ("ask", procedures.ask, shape.AskApproval),
    ("approve", procedures.approve, shape.ApproveStep),
    ("refuse", procedures.refuse, shape.RefuseStep),
):
    _put(_verb, _act, _body)


@operation("GET", "/approvals", scope="read", answer=Approvals, queries=PAGING)
def list_approvals(actor: Actor, limit: int, cursor: str | None) -> Approvals:
    """What the token's person is asked to approve."""
    rows, more = records.part(procedures.to_approve(actor), lambda one: one.ticket.id, cursor, limit)
    found = [
        shape.Approval(
            ticket=one.ticket.id, subject=one.ticket.subject, step=one.step.key, texts=dict(one.step.texts),
            asked_at=one.asked_at, asked_by=one.asked_by,
            amount=f"{one.amount:.2f}" if one.amount is not None else None, note=one.note,
        )
        for one in rows
    ]  # fmt: skip
    return Approvals(items=found, next=more)
