"""Fills templates with numbers, people and words: lines for COPY, portion by portion; pure and repeatable."""

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

from helpdesk.services.seeding.courses import SLACK
from helpdesk.services.seeding.pool import Piece, Pool
from helpdesk.services.seeding.templates import COLUMNS, Template

PORTION = 2_000
"""Tickets whose lines are handed over at once."""

GREEK = 0.75
"""The share of tickets in Greek."""


@dataclass(frozen=True)
class Order:
    """What is to be written: so many tickets with numbers from ``ticket_id`` on, messages from ``message_id`` on."""

    tickets: int
    seed: int
    ticket_id: int
    message_id: int
    people: Sequence[int]


@dataclass(frozen=True)
class Portion:
    """The lines by table, how many tickets they are, and how much text their messages hold."""

    lines: dict[str, bytes]
    tickets: int
    messages: int
    characters: int


def portions(order: Order, templates: Sequence[Template], pool: Pool) -> Iterator[Portion]:
    """All of them, one after the other."""
    chance, message_id, done = random.Random(order.seed), order.message_id, 0  # noqa: S311 - no secret
    while done < order.tickets:
        count = min(PORTION, order.tickets - done)
        chosen = chance.choices(templates, k=count)
        texts: dict[str, list[str]] = {table: [] for table in COLUMNS}
        characters = messages = 0
        for at, template in enumerate(chosen, start=order.ticket_id + done):
            values = _values(template, pool, chance)
            values |= {"id": at, "who": order.people[int(chance.random() * len(order.people))]}
            for number in range(1, template.messages + 1):
                values[f"m{number}"] = message_id
                characters += len(values[f"text{number}"])
                message_id, messages = message_id + 1, messages + 1
            for table, lines in template.lines.items():
                texts[table].append(lines % values)
        done += count
        yield Portion({table: "".join(lines).encode() for table, lines in texts.items()}, count, messages, characters)


def _values(template: Template, pool: Pool, chance: random.Random) -> dict[str, Any]:
    """The words and moments of one ticket."""
    language = "el" if chance.random() < GREEK else "en"
    moved = timedelta(microseconds=int(chance.random() * (SLACK.total_seconds() - 1) * 1e6))
    subject, letter = pool.subject(language, chance), pool.letter(language, chance)
    values: dict[str, Any] = {name: (moment + moved).isoformat() for name, moment in template.moments.items()}
    values |= {"language": language, "subject": subject.text, "text1": letter.text}
    values["words1"] = f"{subject.words} {letter.words}"
    answers: list[Piece] = [pool.answer(language, chance) for _ in range(template.messages - 1)]
    for number, answer in enumerate(answers, start=2):
        values[f"text{number}"], values[f"words{number}"] = answer
    return values


def beside(order: Order, templates: Sequence[Template], pool: Pool) -> Iterator[Portion]:
    """The same from a process of its own, so that writing and loading each have a core.

    It ends with us, however we end: nobody reads what it writes any more.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(ours, theirs, order, templates, pool), daemon=True)
    process.start()
    theirs.close()
    try:
        while True:
            yield ours.recv()
    except EOFError:
        process.join()
        if process.exitcode:
            raise RuntimeError("the process that writes the tickets ended early") from None
    finally:
        ours.close()


def _send(unused: Connection, out: Connection, order: Order, templates: Sequence[Template], pool: Pool) -> None:
    unused.close()
    for portion in portions(order, templates, pool):
        out.send(portion)
    out.close()
