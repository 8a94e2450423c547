"""What feedback does by itself: schedule a callback, cancel one, close a case that waited."""

import structlog

from aftercare_events.by import By
from aftercare_events.clock import Clock
from aftercare_events.todo import Handler, Item

from .callbacks import Callbacks
from .duties import CANCEL, CLOSE, SCHEDULE
from .outcome import Outcome

ACTOR = "feedback"
_logger: structlog.stdlib.BoundLogger = structlog.get_logger("automation")


def handlers(callbacks: Callbacks, clock: Clock) -> dict[str, Handler]:
    """By kind of item. Each may run twice or on two replicas: the log takes one of them."""

    def myself() -> By:
        return By(actor=ACTOR, at=clock.now())

    async def schedule(item: Item) -> None:
        _note("callback_scheduled", item, await callbacks.schedule(item.key, myself()))

    async def cancel(item: Item) -> None:
        _note("callback_cancelled", item, await callbacks.cancel(item.key, myself()))

    async def close(item: Item) -> None:
        _note("case_closed", item, await callbacks.close_held(item.key, myself()))

    return {SCHEDULE: schedule, CANCEL: cancel, CLOSE: close}


def _note(happened: str, item: Item, outcome: Outcome | None) -> None:
    if outcome is not None:
        _logger.info(happened, key=item.key, position=outcome.position)
