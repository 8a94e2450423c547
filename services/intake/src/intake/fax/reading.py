"""Faxes are read by machine once they are in the log, page by page, outside the serving process."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex

import structlog

from aftercare_events import catalogue
from aftercare_events.attachments import Attachments
from aftercare_events.catalogue.intake import FaxReceived
from aftercare_events.clock import Clock
from aftercare_events.log import Expect, Log
from aftercare_events.objects import ObjectMissing
from aftercare_events.sealing import Sealed
from aftercare_events.todo import Item
from aftercare_events.vault import Vault

from ..domain.fax import Command, FailToRead, FaxState, Read, decide, evolve
from ..opening import Said, history_of, subject_of
from ..workshop import WorkFailed, Workshop
from .ocr import PageText, read_page
from .proposing import Proposing

logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.fax")
ACTOR = "intake"
# A request stands on the first pages; what follows are enclosures.
READ_PAGES = 5
ERASED = "its sender was erased"
PAGE_SECONDS = 45.0
# The models and a page of A3 take 1.6 GB of address space.
MEMORY_BYTES = 3 << 30


def reading_desk() -> Workshop:
    """Where pages are read: one at a time, for each takes a processor to itself."""
    return Workshop(benches=1, time_limit=PAGE_SECONDS, memory=MEMORY_BYTES)


@dataclass(frozen=True, slots=True)
class _Fax:
    """What the log says of one fax, and the position at which it says so."""

    received: FaxReceived
    state: FaxState
    position: int


class FaxReading:
    """Reads what is on the to-do list; what it read, or why it could not, is an event."""

    def __init__(
        self,
        log: Log,
        proposing: Proposing,
        attachments: Attachments,
        vault: Vault,
        workshop: Workshop,
        clock: Clock,
    ) -> None:
        self._log = log
        self._proposing = proposing
        self._attachments = attachments
        self._vault = vault
        self._workshop = workshop
        self._clock = clock

    async def read(self, item: Item) -> None:
        """Raises Conflict when somebody else read it meanwhile, LogUnavailable."""
        fax = await self._known(item.key)
        if not fax.state.wanted:
            return
        command = await self._attempt(fax.received)
        said = Said(self._clock.now(), ACTOR, token_hex(12))
        events = [said.event(data) for data in decide(command, fax.state)]
        await self._log.append(events, [Expect(subject_of("fax", item.key), fax.position)])

    async def _known(self, fax_id: str) -> _Fax:
        history = await history_of(self._log, "fax", fax_id)
        state, told = FaxState(), [catalogue.decode(recorded.event) for recorded in history]
        for event in told:
            state = evolve(state, event)
        return _Fax(told[0], state, history[-1].position)

    async def _attempt(self, fax: FaxReceived) -> Command:
        try:
            kept = await self._attachments.get(fax.original)
        except ObjectMissing:
            return FailToRead(reason="its pages are missing")
        if kept is None or fax.sender is None:
            return FailToRead(reason=ERASED)
        try:
            pages = [
                await self._workshop.run(read_page, kept.content, number)
                for number in range(1, min(fax.pages, READ_PAGES) + 1)
            ]
        except WorkFailed as error:
            return FailToRead(reason=str(error))
        except Exception as error:  # noqa: BLE001 - hostile bytes find every defect of a decoder
            logger.warning("fax not read", fax_id=fax.fax_id, error=type(error).__name__)
            return FailToRead(reason=f"unreadable: {type(error).__name__}")
        return await self._read(fax, fax.sender, pages)

    async def _read(self, fax: FaxReceived, sender: Sealed, pages: Sequence[PageText]) -> Command:
        texts = [page.text for page in pages]
        sealed = await self._vault.seal_beside(sender, {"pages": texts})
        if sealed is None:
            return FailToRead(reason=ERASED)
        return Read(
            pages=len(pages),
            confidence=round(sum(page.confidence for page in pages) / len(pages), 3),
            text=sealed,
            proposal=await self._proposing.propose(fax, "\n".join(texts)),
        )
