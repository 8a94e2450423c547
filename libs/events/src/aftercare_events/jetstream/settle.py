"""Was a refused append written by an earlier attempt, or is it a conflict?"""

from datetime import UTC, datetime, timedelta

from ..unit import Unit
from .lookup import Lookup
from .stream import DUPLICATE_WINDOW_SECONDS


async def settled_position(lookup: Lookup, unit: Unit) -> int | None:
    """The position of the unit's last event if the log holds the unit; None is a conflict.

    When an expectation of position P let the unit in, the unit's event is the first one after P
    that the expectation covers, at whatever age. Without an expectation only the message ids
    were compared, and those only within the duplicate window.
    """
    for index, message in enumerate(unit.messages):
        if message.expect is not None:
            first = await lookup.first_after(message.expect.position, message.expect.subject)
            if first is None or first.event.id != message.event_id:
                return None
            return first.position + len(unit.messages) - 1 - index
    return await _within_window(lookup, unit)


async def _within_window(lookup: Lookup, unit: Unit) -> int | None:
    first = unit.messages[0]
    since = datetime.now(UTC) - timedelta(seconds=2 * DUPLICATE_WINDOW_SECONDS)
    position = await lookup.position_at(since)
    while (found := await lookup.first_after(position, first.subject)) is not None:
        if found.event.id == first.event_id:
            return found.position + len(unit.messages) - 1
        position = found.position
    return None
