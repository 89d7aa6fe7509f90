"""Tells people of every change they can see, once: the reaction to the facts that are such changes."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from helpdesk import i18n
from helpdesk.services import accounts, outbox
from helpdesk.services.informing import changes, noting, posting, readers, wording
from helpdesk.services.informing.changes import Changed
from helpdesk.services.informing.noting import GRACE, Note, Rules
from helpdesk.services.informing.posting import Wanted
from helpdesk.services.journal import Recorded
from helpdesk.services.outbox import Parcel
from helpdesk.services.rulebook.informing import BY_WORDS, TellingRule
from helpdesk.services.texting import routes
from helpdesk.vocabulary import PublicChange, Reader, Telling

OUTSIDE = (Reader.REQUESTER, Reader.ON_BEHALF, Reader.PARTICIPANT)
Heard = tuple[Row[Any], Changed, TellingRule]


def tell(facts: Sequence[Recorded]) -> None:
    """One letter to each reader of what changed at once, about the last of it; what words said already is only noted.

    A letter waits a moment, and leaves not at all where another change, or a person's answer, comes first.
    """
    found = changes.of(facts)
    if not found:
        return
    rules, at = noting.rules(), max(one.at for many in found.values() for one in many)
    heard, notes = _heard(found, rules)
    if heard:
        notes += _write(heard, found, rules, at)
    notes += [note for many in found.values() for note in _to_owner(many[-1], rules, at)]
    noting.keep(notes)


def _heard(found: Mapping[int, list[Changed]], rules: Rules) -> tuple[list[Heard], list[Note]]:
    """Who gets a letter about what, and notes of everybody else."""
    kinds = {kind for many in found.values() for one in many for kind in rules.table.readers(one.change)}
    moments = {ticket_id: many[-1].at for ticket_id, many in found.items()}
    heard: list[Heard] = []
    notes: list[Note] = []
    wanted = [kind for kind in OUTSIDE if kind in kinds]
    for row in readers.concerned(moments, wanted) if wanted else ():
        for changed in _about(found[row.survivor], Reader(row.kind), rules):
            rule = rules.table.of(changed.change, Reader(row.kind))
            assert rule is not None
            telling = _telling(row, changed, rule)
            if telling is Telling.LETTER:
                heard.append((row, changed, rule))
            elif telling is not None:
                notes.append(_note(row, changed, rules, telling, message_id=row.said_by))
    return _one_each(heard, rules, notes), notes


def _about(many: Sequence[Changed], reader: Reader, rules: Rules) -> list[Changed]:
    """The changes that this reader is told of, each kind once."""
    known = {one.change: one for one in many if rules.table.of(one.change, reader)}
    return list(known.values())


def _telling(row: Row[Any], changed: Changed, rule: TellingRule) -> Telling | None:
    """Whether a letter is written, else why not; None where the words of a person that tell it are still to come."""
    requester = row.kind == Reader.REQUESTER
    if changed.own and requester:
        return Telling.OWN_ACT
    if _has_address(row) and requester and changed.is_said_beside and row.said_by is not None:
        return Telling.COVERED
    found = _reachable(row, rule)
    return None if found is Telling.LETTER and requester and changed.change in BY_WORDS else found


def _reachable(row: Row[Any], rule: TellingRule) -> Telling:
    """Whether this reader can be written to, and wants it."""
    if not _has_address(row) or (not row.email and rule.may_decline):
        return Telling.NO_ADDRESS  # short messages cost money and attention: only what matters goes by them
    if row.machine or row.unwelcome:
        return Telling.MACHINE if row.machine else Telling.UNWELCOME
    return Telling.SILENCED if rule.may_decline and row.declined else Telling.LETTER


def _has_address(row: Row[Any]) -> bool:
    """An e-mail, or for who asked a number where the body sends short messages."""
    texts = row.kind == Reader.REQUESTER and row.phone and routes.texts_with(accounts.book())
    return bool(row.email or texts)


def reached(ticket_id: int, change: PublicChange, at: datetime) -> Note | None:
    """Whether who asked can be told of a change by a letter that another room writes; None where no rule says so."""
    rules = noting.rules()
    rule = rules.table.of(change, Reader.REQUESTER)
    if rule is None:
        return None
    [row] = [row for row in readers.concerned({ticket_id: at}, [Reader.REQUESTER]) if row.id == ticket_id]
    return Note(ticket_id, change, Reader.REQUESTER, at, _reachable(row, rule), row.person_id, rules.id)


def sent(note: Note, parcel: Parcel | None, leaves_at: datetime) -> Note:
    """The note of a letter that another room wrote; of None: we have no address to write from."""
    if parcel is None:
        return dataclasses.replace(note, telling=Telling.NO_CHANNEL)
    return dataclasses.replace(note, external_id=parcel.external_id, leaves_at=leaves_at)


def leaves(change: PublicChange, reader: Reader, at: datetime) -> datetime:
    """The earliest moment a letter about that change may leave to such a reader."""
    rules = noting.rules()
    rule = rules.table.of(change, reader)
    return rules.leaves(at, keeps_quiet=rule is not None and rule.keeps_quiet)


def _one_each(heard: Sequence[Heard], rules: Rules, notes: list[Note]) -> list[Heard]:
    """Of several changes at once the last gets the letter."""
    last = {(row.survivor, row.person_id): (row, changed, rule) for row, changed, rule in heard}
    for row, changed, _ in heard:
        if last[row.survivor, row.person_id][1] is not changed:
            notes.append(_note(row, changed, rules, Telling.REPLACED))
    return list(last.values())


def _write(heard: list[Heard], found: Mapping[int, list[Changed]], rules: Rules, at: datetime) -> list[Note]:
    """Puts the letters into the outbox in place of those about earlier changes that have not left."""
    parted = [one.ticket_id for many in found.values() for one in many if one.change is PublicChange.UNMERGED]
    taken = noting.replace(list(found), at, parted)
    left = [item for item in heard if not _undone(item, taken)]
    notes = [_note(item[0], item[1], rules, Telling.REPLACED) for item in heard if item not in left]
    wanted = [_wanted(item, rules, at) for item in left]
    ids = {number for item in wanted for number in (item.row.id, item.row.survivor)}
    parcels = posting.write(wanted, wording.words(ids, at), at) if wanted else []
    outbox.put([parcel for parcel in parcels if parcel is not None], at)
    return notes + [_sent(item, parcel, rules) for item, parcel in zip(wanted, parcels, strict=True)]


def _undone(item: Heard, taken: Sequence[Row[Any]]) -> bool:
    """Whether it was merged, or waited, so shortly that nobody heard of it, and goes on as they were told before."""
    row, changed, _ = item
    mine = {one.change for one in taken if (one.ticket_id, one.person_id) == (row.id, row.person_id)}
    if changed.change is PublicChange.UNMERGED:
        return PublicChange.MERGED in mine
    if changed.change is not PublicChange.RESUMED or mine.isdisjoint(changes.WAITS):
        return False
    return noting.last_told(row.id).get(row.person_id) in changes.GOES_ON


def _wanted(item: Heard, rules: Rules, at: datetime) -> Wanted:
    row, changed, rule = item
    language = i18n.chosen(rule.language, row.language)
    return Wanted(changed, row, language, rules.leaves(at + GRACE, keeps_quiet=rule.keeps_quiet))


def _sent(item: Wanted, parcel: Parcel | None, rules: Rules) -> Note:
    if parcel is None:
        return _note(item.row, item.changed, rules, Telling.NO_CHANNEL)
    return _note(
        item.row, item.changed, rules, Telling.LETTER, external_id=parcel.external_id, leaves_at=item.leaves_at
    )


def _note(row: Row[Any], changed: Changed, rules: Rules, telling: Telling, **more: Any) -> Note:
    return Note(
        row.id, changed.change, Reader(row.kind), changed.at, telling, row.person_id, rules.id,
        **({} if telling is not Telling.COVERED and "message_id" in more else more),
    )  # fmt: skip


def _to_owner(changed: Changed, rules: Rules, at: datetime) -> list[Note]:
    rule = rules.table.of(changed.change, Reader.OWNER)
    if rule is None:
        return []
    leaves = rules.leaves(at + GRACE, keeps_quiet=rule.keeps_quiet)
    written = posting.to_owner(changed, leaves)
    outbox.put([parcel for _, parcel in written], at)
    return [
        Note(
            changed.ticket_id, changed.change, Reader.OWNER, changed.at, Telling.LETTER, person_id, rules.id,
            parcel.external_id, leaves_at=leaves,
        )
        for person_id, parcel in written
    ]  # fmt: skip
