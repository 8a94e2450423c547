"""Due times agreed with the customer, written beside the contract's (SL-13)."""

from collections.abc import Sequence
from datetime import datetime

from aftercare_events.catalogue import record
from aftercare_events.catalogue.case import DeadlineAgreed
from aftercare_events.command_key import CommandKey, event_id, read_key
from aftercare_events.decider import Basis, commit
from aftercare_events.envelope import Event
from aftercare_http import not_found

from .case_rows import CaseRow
from .domain.agreeing import check_agreement
from .domain.instants import to_micros
from .monitor import SERVICE, Monitor


async def agree(
    monitor: Monitor, fact: DeadlineAgreed, *, by: str, at: datetime, key: CommandKey | None
) -> int:
    """The position of the agreement; of the first one when the same request comes again.

    Raises Problem 404, Refused, KeyReused, Conflict, LogUnavailable.
    """
    earlier = await _said_before(monitor, fact.case_id, key)
    if earlier is not None:
        return earlier

    async def read() -> Basis[CaseRow]:
        basis = await monitor.basis(fact.case_id)
        if basis.state is None:
            raise not_found("case", fact.case_id)
        await monitor.terms_of(basis.state.clocks)
        return Basis(basis.state, basis.expect)

    def decide(row: CaseRow) -> Sequence[Event]:
        terms = monitor.shelf.terms_of(row.clocks)
        due, agreed_at = to_micros(fact.due_at), to_micros(at)
        check_agreement(row.clocks, fact.clock, due=due, at=agreed_at, terms=terms)
        identifier = event_id(key, 0)
        return [
            record(
                fact,
                service=SERVICE,
                time=at,
                actor=by,
                correlation_id=fact.case_id,
                event_id=identifier,
            )
        ]

    position = await commit(monitor.log, read, decide)
    return position or 0


async def _said_before(monitor: Monitor, case_id: str, key: CommandKey | None) -> int | None:
    """Where the log has what this very request said. Raises KeyReused."""
    if key is None:
        return None
    async for batch in monitor.log.read(subject=f"ac.{SERVICE}.case.{case_id}"):
        for recorded in batch:
            if key.repeats(read_key(recorded.event.id)):
                return recorded.position
    return None
