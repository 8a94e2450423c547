"""A plan is made, and appended where it was based: once, however often it is asked for.

Whoever was slower reads on and decides again; nothing is locked and nothing is undone.
"""

from collections.abc import Awaitable, Callable
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

logger = structlog.get_logger("dispatch")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`position` is where the effect stands; not `changed` means it stood there before."""

    identifier: str
    status: str
    position: int
    changed: bool = True


class CarryingOut:
    """Plans against the log."""

    def __init__(self, log: Log, reading: Reading) -> None:
        self._log = log
        self._reading = reading

    async def carry_out(self, plan: Callable[[], Awaitable[Plan]], by: By) -> Outcome:
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
                position = await self._append(made, by)
            except Conflict:
                continue
            _log(made, position, by)
            return Outcome(basis.identifier, made.status, position)
        raise Conflict("others were faster every time")

    async def _append(self, made: Plan, by: By) -> int:
        events = [by.event(fact, SERVICE, index) for index, fact in enumerate(made.facts)]
        touched = {event.subject for event in events}
        expectations = [one.expectation for one in made.basis if one.subject in touched]
        return await self._log.append(events, expectations)


async def _planned_or_refused(plan: Callable[[], Awaitable[Plan]]) -> Plan | Refused:
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
