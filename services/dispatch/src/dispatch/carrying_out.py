"""A plan is made, and appended where it was based: once, however often it is asked for.

Whoever was slower reads on and decides again; nothing is locked and nothing is undone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog

from aftercare_events import catalogue
from aftercare_events.by import By
from aftercare_events.command_key import CommandKey, KeyReused
from aftercare_events.decider import Refused
from aftercare_events.log import Conflict, Log

from .plan import Plan
from .reading import Answer, Reading

SERVICE = "dispatch"
ATTEMPTS = 30
# More would only take connections from other callers.
READ_AT_ONCE = 8

Making = Callable[[], Awaitable[Plan]]

logger = structlog.get_logger("dispatch")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`position` is where the effect stands; not `changed` means it stood there before."""

    identifier: str
    status: str
    position: int
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """One of many things that are done together: what to plan, and who says so."""

    plan: Making
    by: By


class CarryingOut:
    """Plans against the log."""

    def __init__(self, log: Log, reading: Reading) -> None:
        self._log = log
        self._reading = reading

    async def carry_out(self, plan: Making, by: By) -> Outcome:
        """Raises what `plan` raises, Conflict, KeyReused."""
        for _ in range(ATTEMPTS):
            made = await _planned_or_refused(plan)
            # The plan has seen all that was written before it, an earlier use of the key too.
            if by.key and (answer := await self._reading.answer(by.key)):
                return _again(answer, by.key)
            if isinstance(made, Refused):
                raise made
            basis = made.basis[0]
            if not made.facts:
                return Outcome(basis.identifier, made.status, basis.position, changed=False)
            try:
                position = await self._append([(made, by)])
            except Conflict:
                continue
            _log(made, position, by)
            return Outcome(basis.identifier, made.status, position)
        raise Conflict("others were faster every time")

    async def together(self, asked: Sequence[Asked]) -> Sequence[Outcome]:
        """All of them, in one append, or none.

        Raises Refused, whose field begins with the number of what was refused, and Conflict.
        """
        for _ in range(ATTEMPTS):
            made = await _all_planned(asked)
            parts = [(plan, one.by) for plan, one in zip(made, asked, strict=True) if plan.facts]
            try:
                position = await self._append(parts) if parts else 0
            except Conflict:
                continue
            outcomes = list(_outcomes(made, position))
            for plan, one, outcome in zip(made, asked, outcomes, strict=True):
                if outcome.changed:
                    _log(plan, outcome.position, one.by)
            return outcomes
        raise Conflict("others were faster every time")

    async def _append(self, parts: Sequence[tuple[Plan, By]]) -> int:
        events = [
            by.event(fact, SERVICE, index)
            for made, by in parts
            for index, fact in enumerate(made.facts)
        ]
        touched = {event.subject for event in events}
        expectations = [
            one.expectation for made, _ in parts for one in made.basis if one.subject in touched
        ]
        return await self._log.append(events, expectations)


async def _all_planned(asked: Sequence[Asked]) -> Sequence[Plan]:
    made: list[Plan] = []
    for start in range(0, len(asked), READ_AT_ONCE):
        some = asked[start : start + READ_AT_ONCE]
        for one in await asyncio.gather(*(_planned_or_refused(each.plan) for each in some)):
            number = len(made)
            if isinstance(one, Refused):
                raise numbered(number, one)
            if any(one.basis[0].subject == other.basis[0].subject for other in made):
                raise Refused(
                    "named-twice", f"{one.basis[0].identifier} is named twice", f"{number}"
                )
            made.append(one)
    return made


def numbered(number: int, refused: Refused) -> Refused:
    """What one of many was refused for, by its number from 0."""
    field = str(number) if refused.field is None else f"{number}.{refused.field}"
    return Refused(refused.code, refused.detail, field)


def _outcomes(made: Sequence[Plan], last: int) -> Iterator[Outcome]:
    """The events of one append stand one after the other, the last of them at `last`."""
    position = last - sum(len(plan.facts) for plan in made)
    for plan in made:
        basis = plan.basis[0]
        position += len(plan.facts)
        changed = bool(plan.facts)
        stands_at = position if changed else basis.position
        yield Outcome(basis.identifier, plan.status, stands_at, changed=changed)


async def _planned_or_refused(plan: Making) -> Plan | Refused:
    try:
        return await plan()
    except Refused as refused:
        return refused


def _log(made: Plan, position: int, by: By) -> None:
    """One line for what happened; the facts stand in the log itself."""
    basis = made.basis[0]
    happened = [catalogue.entry_of(fact).name.split(".")[2] for fact in made.facts]
    named = {f"{basis.aggregate}_id": basis.identifier}
    logger.info("recorded", events=happened, position=position, actor=by.actor, **named)


def _again(answer: Answer, key: CommandKey) -> Outcome:
    if answer.body_digest != key.body_digest:
        raise KeyReused
    return Outcome(answer.subject.partition("/")[2], answer.status, answer.position)
