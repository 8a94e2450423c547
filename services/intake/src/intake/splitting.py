"""A follow-up that is a problem of its own goes on as a case of its own (IN-14)."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events import catalogue
from aftercare_events.catalogue.case import CaseReported, Kind
from aftercare_events.catalogue.clerk import CaseSplit
from aftercare_events.decider import Refused
from aftercare_events.envelope import Event
from aftercare_events.log import Conflict, Expect, Log, whole
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault
from aftercare_http import Identity

from . import tables
from .case_rows import Row
from .cases import Cases
from .lookup import Wanted
from .opening import Opened, Said, open_case, opened_before
from .people import Person
from .requests import Door, Request
from .sealing import Discretion

ATTEMPTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What the new case is about, as the clerk reads the follow-up."""

    kind: Kind
    summary: str
    severity: str | None = None
    category: str | None = None
    device_serial: str | None = None


class Splitter:
    """Opens the new case and says so on the old one, in one append."""

    def __init__(
        self,
        log: Log,
        engine: AsyncEngine,
        cases: Cases,
        door: Door,
        discretion: Discretion,
        vault: Vault,
    ) -> None:
        self._log = log
        self._engine = engine
        self._cases = cases
        self._door = door
        self._discretion = discretion
        self._vault = vault

    async def split(self, case_id: str, number: int, wanted: Split, said: Said) -> Opened:
        """The case that the `number`th follow-up (from 1) went on as; the same one ever after.

        Raises CaseUnknown, Refused, Conflict, LogUnavailable.
        """
        for _ in range(ATTEMPTS):
            try:
                return await self._split(case_id, number, wanted, said)
            except Conflict:
                continue
        raise Conflict(case_id)

    async def _split(self, case_id: str, number: int, wanted: Split, said: Said) -> Opened:
        position, row = await self._cases.located(case_id)
        message = await self._message(case_id, number)
        identity = Identity.of("split", case_id, str(message["position"]), body=b"")
        if (opened := await opened_before(self._log, identity)) is not None:
            return opened

        def beside(reported: CaseReported) -> Sequence[tuple[Event, Expect]]:
            split = CaseSplit(case_id=case_id, message=message["position"], into=reported.case_id)
            return [(said.event(split), Expect(whole("case", case_id), position))]

        report = await self._door.prepare(await self._request(row, message, wanted), identity)
        then = replace(said, time=message["added_at"])
        return await open_case(self._log, identity, report, then, beside)

    async def _files(self, case_id: str, position: int) -> tuple[str, ...]:
        """What came with the follow-up goes on with it."""
        said = self._log.read(position - 1, subject=whole("case", case_id), until=position)
        async with aclosing(said) as batches:
            found = [catalogue.decode(one.event) async for batch in batches for one in batch]
        return tuple(name for one in found for name in getattr(one, "attachments", ()))

    async def _message(self, case_id: str, number: int) -> RowMapping:
        table = tables.messages
        statement = (
            select(table)
            .where(table.c.case_id == case_id)
            .order_by(table.c.position)
            .offset(number - 1)
            .limit(1)
        )
        async with self._engine.connect() as connection:
            found = (await connection.execute(statement)).mappings().one_or_none()
        if found is None:
            raise Refused("message-unknown", "The case has no such follow-up.", "number")
        return found

    async def _request(self, row: Row, message: RowMapping, wanted: Split) -> Request:
        """Reported when the follow-up came, by whoever sent it, for the customer of the case."""
        sealed, report = message["text"], row["report"]
        text = await self._vault.open(msgspec.convert(sealed, Sealed)) if sealed else None
        words = text or {}
        person = Person(
            reference=f"{row['case_id']}/{message['position']}",
            name=words.get("name"),
            phone=words.get("phone"),
            email=words.get("email"),
        )
        return Request(
            channel=message["channel"],
            kind=wanted.kind,
            summary=wanted.summary,
            who=await self._discretion.recognise(person, sealed["person"] if sealed else None),
            reported_at=message["added_at"],
            wanted=Wanted(
                customer_id=row["customer_id"] or None,
                site_id=report.get("site_id"),
                device_serial=wanted.device_serial,
                strict=wanted.device_serial is not None,
            ),
            severity=wanted.severity,
            category=wanted.category,
            description=words.get("text"),
            attachments=await self._files(row["case_id"], message["position"]),
            split_from=row["case_id"],
        )
