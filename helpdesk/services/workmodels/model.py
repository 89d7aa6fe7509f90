"""What a model of work says, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from helpdesk.services.workmodels.amounts import amount
from helpdesk.vocabulary import Role, StepKind

Texts = Mapping[str, str]
"""A text in several languages."""


@dataclass(frozen=True)
class Answer:
    """One answer to a question: which question follows (none: the script ends), and what to say or do then."""

    texts: Texts
    next: str = ""
    advice: Texts | None = None


@dataclass(frozen=True)
class Question:
    """A question of a script for first diagnosis."""

    key: str
    texts: Texts
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Approval:
    """Who may approve: ``people`` by address, else everybody of that role in the department.

    An approval is needed from the amount ``above`` in the ``field`` of the form on; always where none is named.
    """

    role: Role = Role.SUPERVISOR
    department: str = ""
    people: tuple[str, ...] = ()
    field: str = ""
    above: Decimal = Decimal()

    def needed(self, form: Mapping[str, object]) -> bool:
        """Whether that form asks for it; an amount that nobody can read does."""
        found = amount(form.get(self.field)) if self.field else None
        return found is None or found >= self.above


@dataclass(frozen=True)
class Step:
    """One step. ``guide`` is said to whoever does it; ``hours`` what another department has for it, in open time."""

    key: str
    kind: StepKind
    texts: Texts
    mandatory: bool = True
    department: str = ""
    team: str = ""
    hours: int = 0
    guide: Texts | None = None
    questions: tuple[Question, ...] = ()
    approval: Approval | None = None

    @property
    def is_gate(self) -> bool:
        """Whether nothing after it may be done before it is settled."""
        return self.mandatory and self.kind in (StepKind.VERIFY, StepKind.APPROVE)


@dataclass(frozen=True)
class Subject:
    """What a ticket is, as far as models look at it; ``categories``: its own and all that it stands under."""

    type: str
    service: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """A model: what tickets it is for, its steps, what the citizen gets in the end, and who keeps it."""

    kind: str
    names: Texts
    owner: str
    steps: tuple[Step, ...]
    types: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    output: Texts | None = None
    review_on: date | None = None
    known_errors: tuple[int, ...] = ()

    def fits(self, subject: Subject) -> bool:
        """Whether it is for such tickets."""
        return (
            (not self.types or subject.type in self.types)
            and (not self.services or subject.service in self.services)
            and (not self.categories or any(key in self.categories for key in subject.categories))
        )

    @property
    def weight(self) -> int:
        """How much it asks for: of two that fit, the one that asks for more holds."""
        return 4 * bool(self.services) + 2 * bool(self.categories) + bool(self.types)

    def step(self, key: str) -> Step | None:
        """Its step of that key."""
        return next((step for step in self.steps if step.key == key), None)
