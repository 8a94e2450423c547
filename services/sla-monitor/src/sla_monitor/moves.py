"""Running cases onto other terms, one event for each (SL-01)."""

from collections.abc import Sequence
from dataclasses import dataclass

from aftercare_events.catalogue import record
from aftercare_events.catalogue.terms import TermsCause
from aftercare_events.decider import Basis, commit
from aftercare_events.envelope import Event

from .case_rows import CaseRow
from .domain.facts import TermsKey
from .domain.moving import is_over, newest_terms, terms_changed
from .monitor import SERVICE, Monitor


@dataclass(frozen=True, slots=True)
class Move:
    """Why cases move and who says so; `version` of None lets each case keep its own."""

    cause: TermsCause
    reason: str
    by: str
    version: int | None = None


def terms_for(monitor: Monitor, row: CaseRow, wanted: Move) -> TermsKey | None:
    """The terms a case would go on under; None when it is over, has them, or has newer ones."""
    state = row.clocks
    if is_over(state) or state.stages[-1].version > (wanted.version or state.stages[-1].version):
        return None
    return newest_terms(state, monitor.shelf.policies, wanted.version)


async def move(monitor: Monitor, case_id: str, wanted: Move) -> int | None:
    """The position of the change; None for a case that stays where it is.

    Raises Conflict (others were faster every time), LogUnavailable.
    """

    async def read() -> Basis[CaseRow | None]:
        return await monitor.basis(case_id)

    def decide(row: CaseRow | None) -> Sequence[Event]:
        terms = terms_for(monitor, row, wanted) if row else None
        if row is None or terms is None:
            return []
        fact = terms_changed(
            row.clocks, terms, cause=wanted.cause, reason=wanted.reason, by=wanted.by
        )
        now = monitor.clock.now()
        return [record(fact, service=SERVICE, time=now, actor=wanted.by, correlation_id=case_id)]

    return await commit(monitor.log, read, decide)
