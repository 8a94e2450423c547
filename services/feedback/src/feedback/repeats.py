"""The same command again: what came of it the first time stands in the log."""

from contextlib import aclosing

from aftercare_events.catalogue import decode
from aftercare_events.command_key import CommandKey, index_of, read_key
from aftercare_events.envelope import Recorded
from aftercare_events.log import Log

from .outcome import Outcome


async def earlier_outcome(log: Log, subject: str, key: CommandKey) -> Outcome | None:
    """What came of the command with this key about the aggregate on `subject`; None when new.

    Raises KeyReused, LogUnavailable.
    """
    said = await _first_said(log, subject, key)
    if said is None:
        return None
    # One append stands together in the log, its events in the order of their numbers.
    recorded = await _rest_of(log, said.position - index_of(said.event.id), key)
    return Outcome(recorded[-1].position, [decode(each.event) for each in recorded])


async def _first_said(log: Log, subject: str, key: CommandKey) -> Recorded | None:
    async with aclosing(log.read(subject=subject)) as batches:
        async for batch in batches:
            for recorded in batch:
                if key.repeats(read_key(recorded.event.id)):
                    return recorded
    return None


async def _rest_of(log: Log, first: int, key: CommandKey) -> list[Recorded]:
    """The events of the append that begins at the position `first`."""
    found: list[Recorded] = []
    async with aclosing(log.read(first - 1)) as batches:
        async for batch in batches:
            for recorded in batch:
                if read_key(recorded.event.id) != key:
                    return found
                found.append(recorded)
    return found
