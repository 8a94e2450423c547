"""A clerk confirms or corrects what a fax is about; its case follows (IN-04, IN-16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue.case import Kind
from aftercare_events.decider import Basis, Refused, commit, see
from aftercare_events.envelope import Event
from aftercare_events.log import Expect, Log, whole
from aftercare_events.projector import Projector

from .. import tables
from ..archive import Archive
from ..case_rows import state_of
from ..cases import Cases
from ..domain.case import Attribute, CaseState, Command, Reclassify, evolve
from ..domain.case import decide as decide_case
from ..domain.fax import Check, FaxState
from ..domain.fax import decide as decide_fax
from ..domain.report import Found, decide_attribution
from ..lookup import Wanted, look_up
from ..opening import Said, subject_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What the clerk says of it; None leaves an attribute alone."""

    reason: str
    kind: Kind | None = None
    severity: str | None = None
    category: str | None = None
    customer_id: str | None = None
    device_serial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """`scale` has the severities of the contract it would stand under."""

    customer_id: str | None
    device_serial: str | None
    scale: Sequence[str]


class FaxChecking:
    """The clerk's word on a fax: events of its case and of the fax, appended together."""

    def __init__(
        self,
        log: Log,
        engine: AsyncEngine,
        projector: Projector,
        cases: Cases,
        archive: Archive,
        fallback_policy: str,
    ) -> None:
        self._log = log
        self._engine = engine
        self._projector = projector
        self._cases = cases
        self._archive = archive
        self._fallback_policy = fallback_policy

    async def row(self, fax_id: str) -> Row | None:
        """A fax that opened a case."""
        statement = select(tables.faxes).where(tables.faxes.c.fax_id == fax_id)
        async with self._engine.connect() as connection:
            found = (await connection.execute(statement)).mappings().one_or_none()
        return None if found is None else dict(found)

    async def suggested(
        self, report: Row, customer_id: str | None, device_id: str | None, at: datetime
    ) -> Suggested:
        """What a clerk finds filled in: the device proposed, the customer only where none is."""
        device_id = device_id or report.get("device_id")
        device = await self._archive.device(device_id) if device_id else None
        serial = device.serial if device else None
        customer_id = report.get("customer_id") or customer_id
        wanted = Wanted(customer_id=customer_id, device_serial=serial, strict=False)
        found = await look_up(self._archive, wanted, (), at, self._fallback_policy)
        scale = found.terms.severities if found.terms else ()
        return Suggested(customer_id=customer_id, device_serial=serial, scale=scale)

    async def check(self, fax: Row, correction: Correction, said: Said) -> int:
        """The position after which it stands as the clerk says.

        Raises Refused (unknown customer or device, no such severity, the case has ended),
        Conflict, LogUnavailable.
        """
        of_case, of_fax = whole("case", fax["case_id"]), subject_of("fax", fax["fax_id"])
        reported = await self._cases.seen(fax["case_id"])
        commands: Sequence[Command] = await self._commands(reported, correction) if reported else ()
        found = 0

        async def load() -> Basis[Sequence[Event]]:
            nonlocal found
            positions = await see(self._log, self._projector, of_case, of_fax)
            found = max(positions.values())
            case, now = await self._cases.row(fax["case_id"]), await self.row(fax["fax_id"])
            of_its_case = _decided(commands, state_of(case) if case else CaseState())
            of_itself = decide_fax(Check(), _state_of(now or fax))
            # An expectation may only stand where there is an event for it.
            spoken_of = ([of_case] if of_its_case else []) + ([of_fax] if of_itself else [])
            return Basis(
                [said.event(data) for data in (*of_its_case, *of_itself)],
                [Expect(subject, positions[subject]) for subject in spoken_of],
            )

        return await commit(self._log, load, lambda events: events) or found

    async def _commands(self, reported: Row, correction: Correction) -> Sequence[Command]:
        """What is to be done to the case, the contract it stands under before its severity."""
        found = await self._found(reported, correction)
        terms = found.terms if found else await self._archive.terms(reported["report"]["policy"])
        commands: list[Command] = []
        if found is not None:
            assigned = decide_attribution(
                reported["case_id"],
                found,
                kind=correction.kind or reported["kind"],
                channel="fax",
                reported_at=reported["reported_at"],
                reason=correction.reason,
            )
            commands.append(Attribute(assigned=assigned))
        if correction.kind or correction.severity or correction.category:
            reclassify = Reclassify(
                reason=correction.reason,
                kind=correction.kind,
                severity=correction.severity,
                category=correction.category,
                terms=terms,
            )
            commands.append(reclassify)
        return commands

    async def _found(self, reported: Row, correction: Correction) -> Found | None:
        """What the archive knows of the customer and the device, where they are new to the case."""
        if correction.customer_id is None and correction.device_serial is None:
            return None
        report = reported["report"]
        wanted = Wanted(
            customer_id=correction.customer_id or report.get("customer_id") or None,
            device_serial=correction.device_serial,
        )
        found = await look_up(
            self._archive, wanted, (), reported["reported_at"], self._fallback_policy
        )
        if found.customer_id is None:
            raise Refused("device-unknown", "No one customer has such a device.", "device_serial")
        device_id = found.device.device_id if found.device else report.get("device_id")
        before = (report.get("customer_id"), report.get("device_id"))
        return None if (found.customer_id, device_id) == before else found


def _decided(commands: Sequence[Command], case: CaseState) -> list[Any]:
    """Each command finds the case as the one before left it."""
    events: list[Any] = []
    for command in commands:
        for data in decide_case(command, case):
            events.append(data)
            case = evolve(case, data)
    return events


def _state_of(fax: Row) -> FaxState:
    return FaxState(fax["fax_id"], fax["case_id"], checked=fax["checked_at"] is not None)
