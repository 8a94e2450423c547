"""What every endpoint needs: who calls, on what, and how a command is answered."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Body as JsonBody
from fastapi import Depends, Request, Response
from pydantic import AfterValidator, BaseModel
from sqlalchemy import Table

from aftercare_events.attachments import Attachments
from aftercare_events.by import By
from aftercare_events.catalogue.case import CaseReported
from aftercare_events.catalogue.depot import DepotRegistered
from aftercare_events.catalogue.emergency import PlanEntered
from aftercare_events.clock import Clock
from aftercare_events.decider import Refused
from aftercare_events.redact import redact
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault
from aftercare_http import (
    Body,
    Id,
    Idempotency,
    KeyOfCommand,
    Line,
    OccurredAt,
    Principal,
    Text,
    correlation_id,
    not_blank,
    requires,
    set_position,
    when_it_happened,
)

from ..aggregates import CASE
from ..carrying_out import Asked, Outcome
from ..choosing import Choosing
from ..depot_stock import DepotStock
from ..domain import commands as cmd
from ..domain import engineer, guarantee, incident, loan, partner, safety_stock, shifts, unit
from ..domain.weighing import SetWeights
from ..handling import Handling
from ..reading import Reading, Unknown
from ..stockroom import LoanRequest, Stockroom, SwapRequest
from ..tables import cases, guarantees, incidents, loans, units
from ..updates import Updates
from .sealing import sealed_name
from .unnamed import unnamed

Reader = Annotated[Principal, Depends(requires("dispatch:read"))]
Writer = Annotated[Principal, Depends(requires("dispatch:write"))]

# What people write in passing stays readable in the log, so it must name nobody: numbers go here,
# the names of those concerned in `unnamed`.
Note = Annotated[Text, AfterValidator(redact)]
Words = Annotated[Text, AfterValidator(not_blank), AfterValidator(redact)]
Reason = Annotated[Line, AfterValidator(redact)]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What the composition root built and the endpoints use."""

    reading: Reading
    handling: Handling
    choosing: Choosing
    depots: DepotStock
    stockroom: Stockroom
    vault: Vault
    clock: Clock
    updates: Updates
    files: Attachments


def _dispatch(request: Request) -> Dispatch:
    return request.app.state.dispatch


Desk = Annotated[Dispatch, Depends(_dispatch)]


class Happening(Body):
    """Something that happened; `actor` is for a desk that acts for somebody."""

    occurred_at: OccurredAt = None
    actor: Id | None = None


def or_nothing(body: type[Happening]) -> Any:
    """A body that may be left out: whatever it could say has a default."""
    return JsonBody(default_factory=body)


class Done(BaseModel):
    """The case after a command; `changed` is false when the fact was on record already."""

    case_id: str
    status: str
    position: int
    changed: bool


class Entered(BaseModel):
    """What stands in the log now; not `changed` when it stood there before."""

    id: str
    position: int
    changed: bool


class LoanDone(BaseModel):
    loan_id: str
    status: str
    position: int
    changed: bool


class GuaranteeDone(BaseModel):
    guarantee_id: str
    status: str
    position: int
    changed: bool


class UnitDone(BaseModel):
    unit_id: str
    status: str
    position: int
    changed: bool


class IncidentDone(BaseModel):
    incident_id: str
    status: str
    position: int
    changed: bool


class Call:
    """One writing request: its caller, its key, its answer."""

    def __init__(
        self, response: Response, desk: Desk, who: Writer, named: Idempotency, key: KeyOfCommand
    ) -> None:
        self.desk = desk
        self._response = response
        self._who = who
        self._named = named
        self._key = key

    def by(self, body: Happening) -> By:
        """Raises Problem 422 for a time in the future or too long ago."""
        now = self.desk.clock.now()
        return By(
            actor=body.actor or self._who.name,
            at=when_it_happened(body.occurred_at, now=now, who=self._who),
            correlation_id=correlation_id(),
            key=self._key,
        )

    async def known(self, table: Table, field: str, *identifiers: str | None) -> None:
        """Raises Refused naming the field for an id that nobody ever entered."""
        for identifier in dict.fromkeys(identifiers):
            if identifier is not None:
                try:
                    await self.desk.reading.entry(table, identifier)
                except Unknown as unknown:
                    code = f"unknown-{table.name.removesuffix('s')}"
                    raise Refused(code, str(unknown), field) from unknown

    async def report(self, case_id: str) -> CaseReported:
        """What the case began with. Raises Unknown."""
        row = await self.desk.reading.entry(cases, case_id)
        report = CASE.decoder.decode(row["state"]).report
        if report is None:
            raise Unknown("case", case_id)
        return report

    async def sealed_name(self, case_id: str, name: str | None) -> Sealed | None:
        """Somebody at the customer's, by name alone."""
        report = await self.report(case_id)
        return await sealed_name(self.desk.vault, report.customer_id or case_id, name)

    async def change_case(self, body: Happening, make: Callable[[datetime], cmd.Command]) -> Done:
        by = self.by(body)
        command = make(by.at)
        contact = await self._contact_of(command.case_id)
        done = await self.desk.handling.change_case(unnamed(command, contact), by)
        set_position(self._response, done.position)
        return Done(
            case_id=done.identifier,
            status=done.status,
            position=done.position,
            changed=done.changed,
        )

    def derive(self, prefix: str) -> str:
        """An id that a repetition of this request gets again."""
        return self._named.derive(prefix)

    async def lend(self, body: Happening, make: Callable[[str], LoanRequest]) -> LoanDone:
        by = self.by(body)
        return self._lent(await self.desk.handling.lend(make(self.derive("L")), by))

    async def change_loan(self, body: Happening, command: loan.Command) -> LoanDone:
        row = await self.desk.reading.entry(loans, command.loan_id)
        contact = await self._contact_of(row["case_id"])
        command = unnamed(command, contact)
        return self._lent(await self.desk.handling.change_loan(command, self.by(body)))

    async def swap(self, body: Happening, request: SwapRequest) -> LoanDone:
        row = await self.desk.reading.entry(loans, request.loan_id)
        request = unnamed(request, await self._contact_of(row["case_id"]))
        return self._lent(await self.desk.handling.swap(request, self.by(body)))

    async def change_incident(self, body: Happening, command: incident.Command) -> IncidentDone:
        await self.desk.reading.entry(incidents, command.incident_id)
        done = await self.desk.handling.change_incident(command, self.by(body))
        set_position(self._response, done.position)
        return IncidentDone(
            incident_id=done.identifier,
            status=done.status,
            position=done.position,
            changed=done.changed,
        )

    async def inspect_unit(self, body: Happening, command: unit.Inspect) -> UnitDone:
        await self.desk.reading.entry(units, command.unit_id)
        done = await self.desk.handling.inspect_unit(command, self.by(body))
        set_position(self._response, done.position)
        return UnitDone(
            unit_id=done.identifier,
            status=done.status,
            position=done.position,
            changed=done.changed,
        )

    async def decide_guarantee(
        self, body: Happening, command: guarantee.Accept | guarantee.Refuse
    ) -> GuaranteeDone:
        row = await self.desk.reading.entry(guarantees, command.guarantee_id)
        command = unnamed(command, await self._contact_of(row["case_id"]))
        done = await self.desk.handling.decide_guarantee(command, self.by(body))
        set_position(self._response, done.position)
        return GuaranteeDone(
            guarantee_id=done.identifier,
            status=done.status,
            position=done.position,
            changed=done.changed,
        )

    async def _contact_of(self, case_id: str) -> str | None:
        """The name that the words about a case must not hold."""
        return await self.desk.vault.name_in((await self.report(case_id)).contact)

    async def enter(self, asked: Sequence[Asked]) -> list[Entered]:
        return [self._entered(done) for done in await self.desk.handling.enter(asked)]

    async def change_engineer(
        self, body: Happening, engineer_id: str, *commands: engineer.Command
    ) -> Entered:
        by = self.by(body)
        return self._entered(await self.desk.handling.change_engineer(engineer_id, commands, by))

    async def hand_over(self, body: Happening, command: shifts.HandOver) -> Entered:
        return self._entered(await self.desk.handling.hand_over(command, self.by(body)))

    async def set_weights(self, command: SetWeights, by: By) -> Entered:
        return self._entered(await self.desk.handling.set_weights(command, by))

    async def register_unit(self, body: Happening, command: unit.Register) -> Entered:
        return self._entered(await self.desk.handling.register_unit(command, self.by(body)))

    async def register_partner(self, body: Happening, command: partner.Register) -> Entered:
        return self._entered(await self.desk.handling.register_partner(command, self.by(body)))

    async def enter_plan(self, body: Happening, entry: PlanEntered) -> Entered:
        return self._entered(await self.desk.handling.enter_plan(entry, self.by(body)))

    async def register_depot(self, body: Happening, entry: DepotRegistered) -> Entered:
        return self._entered(await self.desk.handling.register_depot(entry, self.by(body)))

    async def set_safety_stock(self, body: Happening, command: safety_stock.SetLevels) -> Entered:
        return self._entered(await self.desk.handling.set_safety_stock(command, self.by(body)))

    def _entered(self, done: Outcome) -> Entered:
        set_position(self._response, done.position)
        return Entered(id=done.identifier, position=done.position, changed=done.changed)

    def _lent(self, done: Outcome) -> LoanDone:
        set_position(self._response, done.position)
        return LoanDone(
            loan_id=done.identifier,
            status=done.status,
            position=done.position,
            changed=done.changed,
        )


Calling = Annotated[Call, Depends(Call)]
