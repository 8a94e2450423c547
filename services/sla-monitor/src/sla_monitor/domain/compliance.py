"""How many promises of a contract were kept in a month."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple, get_args

from .standing import ClockRecord, record_of
from .state import CaseClocks
from .terms import Terms

Verdict = Literal["met", "met_late", "breached", "running", "cancelled"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_WHOLE = 100


class Promise(NamedTuple):
    """Which promises are counted together; `agreed` ones are judged apart from the contract's."""

    contract_id: str | None
    customer_id: str | None
    policy: str
    clock: str
    agreed: bool


Tally = Counter[tuple[Promise, Verdict]]


def verdicts(
    state: CaseClocks, now: int, terms: Terms, begin: datetime, end: datetime
) -> Iterator[tuple[Promise, Verdict]]:
    """How each clock of a case stands at `now` that is due from `begin` and before `end`.

    A reporting duty is no promise to the customer and is left out. The due time of a clock that
    is paused is the one that would hold if the pause ended now.
    """
    for clock in state.course.clocks:
        row = terms.rows[clock.row]
        if row.promise.duty and not clock.agreed:
            continue
        record = record_of(state, clock, now, row)
        if begin <= record.due_at < end:
            promise = Promise(
                state.contract_id, state.customer_id, row.policy, clock.name, clock.agreed
            )
            yield promise, _verdict(record)


def _verdict(record: ClockRecord) -> Verdict:
    match record.state:
        case "met" | "met_late":
            return "met_late" if record.breached_at is not None else "met"
        case "breached":
            return "breached"
        case "cancelled":
            return "cancelled"
        case _:
            return "running"


def percent_kept(met: int, met_late: int, breached: int) -> float | None:
    """Kept promises among those that are decided; None while none is."""
    decided = met + met_late + breached
    return met * _WHOLE / decided if decided else None
