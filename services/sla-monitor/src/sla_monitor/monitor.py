"""The monitor as its routes and its worker use it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request

from aftercare_events.catalogue import record
from aftercare_events.clock import Clock
from aftercare_events.decider import Basis, commit, see
from aftercare_events.envelope import Event
from aftercare_events.gathering import Gathering
from aftercare_events.log import Expect, Log, whole
from aftercare_events.projector import Projector
from aftercare_events.vault import Vault
from aftercare_http import not_found

from . import alerts
from .case_rows import CaseRow
from .delivery.subscriptions import Subscriptions
from .domain.acknowledge import Acknowledge, acknowledge
from .domain.alert import find
from .domain.state import CaseClocks
from .domain.terms import Terms
from .duty_roll import DutyRoll
from .recipients import Recipients
from .shelf import Shelf

SERVICE = "sla"
ACTOR = "sla-monitor"


@dataclass(frozen=True, slots=True)
class Monitor:
    log: Log
    engine: AsyncEngine
    projector: Projector
    clock: Clock
    shelf: Shelf
    rows: Gathering[str, CaseRow]
    roll: DutyRoll
    recipients: Recipients
    subscriptions: Subscriptions
    vault: Vault
    exploring: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by the one what-if that may run: it takes a core for as long as it lasts."""

    async def case(self, case_id: str) -> CaseRow | None:
        """A case as it is in the log, not only as far as it was projected."""
        await see(self.log, self.projector, whole("case", case_id))
        return await self.rows.get(case_id)

    async def basis(self, case_id: str) -> Basis[CaseRow | None]:
        """A case as it is in the log, and the position to decide about it at."""
        branch = whole("case", case_id)
        positions = await see(self.log, self.projector, branch)
        return Basis(await self.rows.get(case_id), [Expect(branch, positions[branch])])

    async def terms_of(self, clocks: CaseClocks) -> Terms:
        """The contract a case keeps, also where another replica projects. Raises UnknownPolicy."""
        if self.shelf.policies.of_case(clocks.policy, clocks.stages) is None:
            await self.refill()
        return self.shelf.terms_of(clocks)

    async def refill(self) -> None:
        """Take up what another replica has projected of contracts and official days."""
        async with self.engine.connect() as connection:
            await self.shelf.refill(connection)

    async def acknowledge(self, alert_id: str, command: Acknowledge) -> int | None:
        """The position of the acknowledgement; None when it had been there.

        Raises Problem 404, Refused, Conflict.
        """

        async def read() -> Basis[CaseClocks]:
            alert = await alerts.one(self.engine, alert_id)
            if alert is None:
                raise not_found("alert", alert_id)
            branch = whole("case", alert.case_id)
            positions = await see(self.log, self.projector, branch)
            row = await self.rows.get(alert.case_id)
            if row is None:
                raise not_found("alert", alert_id)
            return Basis(row.clocks, [Expect(branch, positions[branch])])

        def decide(state: CaseClocks) -> Sequence[Event]:
            alert = find(state, alert_id)
            if alert is None:
                raise not_found("alert", alert_id)
            facts = acknowledge(state, alert, command)
            return [
                record(fact, service=SERVICE, time=command.at, actor=command.by) for fact in facts
            ]

        return await commit(self.log, read, decide)


def monitor_of(request: Request) -> Monitor:
    return cast("Monitor", request.app.state.monitor)
