"""Everything the log says of one case, read where it stands.

A card is wanted now and then, an event written all the time: so the projection keeps nothing for
it. One read by a wildcard brings the case, one each of its loans and callbacks.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from aftercare_events.catalogue import InvalidEvent, UnknownEventType, decode
from aftercare_events.catalogue.case import CaseCalledBack
from aftercare_events.catalogue.loan import CaseLoanReserved
from aftercare_events.envelope import Recorded
from aftercare_events.log import Log, whole

from ..domain.card import Card, card_of

Said = list[tuple[Recorded, Any]]


async def read_card(log: Log, case_id: str) -> Card | None:
    """None where nobody reported such a case. Raises LogUnavailable."""
    said = [one async for one in _read(log, whole("case", case_id))]
    for subject in _beside(said):
        said += [one async for one in _read(log, subject)]
    return card_of(said)


async def _read(log: Log, subject: str) -> AsyncIterator[tuple[Recorded, Any]]:
    """What cannot be read is no reason to show nothing: others set it aside, and ops are told."""
    async with aclosing(log.read(subject=subject)) as batches:
        async for batch in batches:
            for recorded in batch:
                try:
                    yield recorded, decode(recorded.event)
                except (InvalidEvent, UnknownEventType):
                    continue


def _beside(said: Said) -> list[str]:
    loans = [data.loan_id for _, data in said if isinstance(data, CaseLoanReserved)]
    callbacks = [data.callback_id for _, data in said if isinstance(data, CaseCalledBack)]
    return [
        *(f"ac.dispatch.loan.{loan_id}" for loan_id in loans),
        *(f"ac.feedback.callback.{callback_id}" for callback_id in callbacks),
    ]
