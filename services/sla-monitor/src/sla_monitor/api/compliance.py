"""How many promises were kept, by contract and month."""

from datetime import datetime
from itertools import groupby
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel

from aftercare_http import Id, MinPosition, Router, requires
from aftercare_http.i18n import LOCAL_ZONE

from ..compliance import Wanted, tally
from ..domain.compliance import VERDICTS, Promise, Tally, percent_kept
from ..monitor import monitor_of

router = Router(prefix="/v1", tags=["figures"])
READ = Depends(requires("sla:read"))

Month = Annotated[
    str | None,
    Query(pattern=r"^2[01]\d\d-(0[1-9]|1[0-2])$", description="`YYYY-MM`; default: this month."),
]


class Kept(BaseModel):
    """Promises of one kind; `breached` are those not met since. Running ones are not judged."""

    promised: int
    met: int
    met_late: int
    breached: int
    running: int
    cancelled: int
    compliance_percent: float | None


class ClockKept(Kept):
    """`agreed`: due times agreed with the customer beside the contract's (SL-13)."""

    clock: str
    agreed: bool


class ContractKept(Kept):
    """The sums are those of the contract's own promises, agreed due times left out."""

    contract_id: str | None
    customer_id: str | None
    policy: str
    clocks: list[ClockKept]


class Compliance(BaseModel):
    month: str
    contracts: list[ContractKept]


@router.get("/compliance", dependencies=[READ, MinPosition])
async def show_compliance(
    request: Request,
    contract: Id | None = None,
    customer: Id | None = None,
    policy: Id | None = None,
    month: Month = None,
) -> Compliance:
    """Promises kept and broken, for each clock that was due in the month."""
    monitor = monitor_of(request)
    chosen = month or f"{monitor.clock.now().astimezone(LOCAL_ZONE):%Y-%m}"
    first = datetime.strptime(chosen, "%Y-%m").replace(tzinfo=LOCAL_ZONE)
    wanted = Wanted(first.year, first.month, contract, customer, policy)
    counted = await tally(monitor, wanted)
    return Compliance(month=chosen, contracts=_by_contract(counted))


def _by_contract(counted: Tally) -> list[ContractKept]:
    promises = sorted({promise for promise, _ in counted}, key=_in_order)
    return [_contract(counted, list(of)) for _, of in groupby(promises, key=_whose)]


def _in_order(promise: Promise) -> tuple[str, ...]:
    return (*_whose(promise), promise.clock)


def _whose(promise: Promise) -> tuple[str, str, str]:
    return (promise.contract_id or "", promise.customer_id or "", promise.policy)


def _contract(counted: Tally, promises: list[Promise]) -> ContractKept:
    own = [promise for promise in promises if not promise.agreed]
    return ContractKept(
        **_kept(counted, own).model_dump(),
        contract_id=promises[0].contract_id,
        customer_id=promises[0].customer_id,
        policy=promises[0].policy,
        clocks=[
            ClockKept(**_kept(counted, [p]).model_dump(), clock=p.clock, agreed=p.agreed)
            for p in promises
        ],
    )


def _kept(counted: Tally, promises: list[Promise]) -> Kept:
    met, met_late, breached, running, cancelled = (
        sum(counted[promise, verdict] for promise in promises) for verdict in VERDICTS
    )
    return Kept(
        promised=met + met_late + breached + running,
        met=met,
        met_late=met_late,
        breached=breached,
        running=running,
        cancelled=cancelled,
        compliance_percent=percent_kept(met, met_late, breached),
    )
