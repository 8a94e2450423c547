"""What intake does by itself, item by item of its to-do list.

Every handler may be interrupted anywhere and run twice: what it appends rests on the position
that it read, and the projection of what was appended takes the item off the list.
"""

from collections.abc import Coroutine, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.clock import Clock
from aftercare_events.projector import Projector
from aftercare_events.todo import Handler, Item, TodoRunner

from . import todos
from .fax.reading import FaxReading
from .tables import infra

# Longer than a mail server may take over one mail.
MAIL_LEASE = timedelta(minutes=1)
# Longer than all pages of a fax may take together.
SLOW_LEASE = timedelta(minutes=5)


class Automation:
    """Three runners share the list, so that nothing waits for what keeps a processor busy, or for
    a mail server."""

    def __init__(
        self,
        engine: AsyncEngine,
        clock: Clock,
        projector: Projector,
        *,
        quick: Mapping[str, Handler],
        mail: Mapping[str, Handler],
        slow: Mapping[str, Handler],
    ) -> None:
        self._clock = clock
        self._at_work = False
        self._rested_since = clock.now()
        watched = {kind: self._watched(handler) for kind, handler in slow.items()}
        self.quick = TodoRunner(quick, engine, infra, clock, projector=projector)
        self.mail = TodoRunner(mail, engine, infra, clock, projector=projector, lease=MAIL_LEASE)
        self.slow = TodoRunner(
            watched,
            engine,
            infra,
            clock,
            projector=projector,
            lease=SLOW_LEASE,
            batch=1,
            concurrency=1,
        )

    def runs(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What has to be going on."""
        return [runner.run() for runner in (self.quick, self.mail, self.slow)]

    def slow_lag(self) -> float:
        """Seconds for which slow work waited and nobody was at it: a queue is no standstill."""
        if self._at_work:
            return 0.0
        rested = (self._clock.now() - self._rested_since).total_seconds()
        return min(self.slow.lag(), rested)

    def _watched(self, handler: Handler) -> Handler:
        async def handle(item: Item) -> None:
            self._at_work = True
            try:
                await handler(item)
            finally:
                self._at_work, self._rested_since = False, self._clock.now()

        return handle


def slow_kinds(fax_reading: FaxReading | None) -> Mapping[str, Handler]:
    """What takes seconds of a processor; without a machine that reads, faxes wait on the list."""
    return {} if fax_reading is None else {todos.READ_FAX: fax_reading.read}
