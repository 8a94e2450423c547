"""Open cases: what the tables say of them, and the changes intake may make."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.decider import Basis, commit, see
from aftercare_events.envelope import Event
from aftercare_events.log import Expect, Log, whole
from aftercare_events.projector import Projector
from aftercare_events.redact import redact
from aftercare_http import Identity

from . import tables
from .case_rows import Row, state_of
from .domain.case import AddMessage, Attribute, CaseUnknown, Command, Merge, decide
from .domain.case_state import CaseState
from .opening import Said
from .sealing import Discretion

HOPS = 10
C = TypeVar("C", bound=Command)


class Cases:
    """Decides about cases at the position up to which their tables are known."""

    def __init__(
        self, log: Log, engine: AsyncEngine, projector: Projector, discretion: Discretion
    ) -> None:
        self._log = log
        self._engine = engine
        self._projector = projector
        self._discretion = discretion

    async def row(self, case_id: str) -> Row | None:
        return next(iter(await self._rows(tables.cases.c.case_id == case_id)), None)

    async def merged_into(self, case_id: str) -> Sequence[Row]:
        """The rows of all that goes on as this case, those merged by way of another too.

        Who reported first comes first.
        """
        found: dict[str, Row] = {}
        asked = {case_id}
        while asked:
            rows = await self._rows(tables.cases.c.merged_into.in_(asked))
            new = {row["case_id"]: row for row in rows if row["case_id"] not in found}
            found |= new
            asked = set(new)
        return sorted(found.values(), key=lambda row: (row["reported_at"], row["case_id"]))

    async def _rows(self, wanted: ColumnElement[bool]) -> Sequence[Row]:
        reports = tables.reports
        columns = (reports.c.reported_at, reports.c.report)
        statement = (
            select(tables.cases, *columns)
            .join(reports, reports.c.case_id == tables.cases.c.case_id)
            .where(wanted)
        )
        async with self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(statement)).mappings()]

    async def seen(self, case_id: str) -> Row | None:
        """The row, at least as new as what the log says of the case now; None: no such case."""
        try:
            return (await self.located(case_id))[1]
        except CaseUnknown:
            return None

    async def change(self, case_id: str, command: Command, said: Said) -> int:
        """Decide and append; the position after which the case is as commanded.

        A command that changes nothing is answered with the position of what it found. Its words
        stand in the log in clear, without numbers, addresses and the name of the contact.
        Raises Refused, Conflict, LogUnavailable.
        """

        async def as_given(_: Row) -> Command:
            return command

        return await self.change_by(case_id, as_given, said)

    async def merge(self, case_id: str, into: str, said: Said) -> int:
        """The position after which the case goes on as `into`.

        Raises Refused, Conflict, LogUnavailable.
        """
        found = 0

        async def load() -> Basis[tuple[Merge, CaseState]]:
            nonlocal found
            found, row = await self.located(case_id)
            position, other = await self._located_if_any(into)
            expect = [Expect(whole("case", into), position), Expect(whole("case", case_id), found)]
            return Basis((Merge(into=other), state_of(row)), expect)

        return await self._commit(load, said) or found

    async def change_by(
        self, case_id: str, command_for: Callable[[Row], Awaitable[Command]], said: Said
    ) -> int:
        """As `change`, where the command follows from what the case's row says at the time."""
        found = 0

        async def load() -> Basis[tuple[Command, CaseState]]:
            nonlocal found
            found, row = await self.located(case_id)
            command = await self._discreet(await command_for(row), row)
            return Basis((command, state_of(row)), [Expect(whole("case", case_id), found)])

        return await self._commit(load, said) or found

    async def _commit(
        self, load: Callable[[], Awaitable[Basis[tuple[C, CaseState]]]], said: Said
    ) -> int | None:
        def decided(basis: tuple[C, CaseState]) -> list[Event]:
            command, state = basis
            return [said.event(data) for data in decide(command, state)]

        return await commit(self._log, load, decided)

    async def _discreet(self, command: Command, row: Row) -> Command:
        """The command, its words without numbers, addresses and the name of the contact."""
        if isinstance(command, AddMessage | Merge | Attribute):
            return command
        names = await self._discretion.names_in(row["report"].get("contact"))
        words = {field: getattr(command, field, None) for field in ("reason", "category")}
        unnamed = {field: redact(text, *names) for field, text in words.items() if text}
        return replace(command, **unnamed)

    async def add_message(
        self, case_id: str, command: AddMessage, identity: Identity, said: Said
    ) -> int:
        """The position of the message; of the first one, where this is a repeat.

        Raises Refused, Problem 422 `idempotency-key-reused`, Conflict, LogUnavailable.
        """
        first: int | None = None

        async def load() -> Basis[CaseState]:
            nonlocal first
            position, row = await self.located(case_id)
            first = await self.said_before(case_id, identity)
            return Basis(state_of(row), [Expect(whole("case", case_id), position)])

        def decided(state: CaseState) -> list[Event]:
            return [] if first else [said.event(data) for data in decide(command, state)]

        position = await commit(self._log, load, decided)
        return cast("int", position or first)

    async def located(self, case_id: str) -> tuple[int, Row]:
        """Where the log stands about the case, and its row, at least as new. Raises CaseUnknown."""
        subject = whole("case", case_id)
        position = (await see(self._log, self._projector, subject))[subject]
        row = await self.row(case_id)
        if row is None:
            raise CaseUnknown("case-unknown", "There is no such case.")
        return position, row

    async def _located_if_any(self, case_id: str) -> tuple[int, CaseState]:
        try:
            position, row = await self.located(case_id)
        except CaseUnknown:
            return 0, CaseState()
        return position, state_of(row)

    async def said_before(self, case_id: str, identity: Identity) -> int | None:
        """The position of this very message, where it joined the case earlier.

        Raises Problem 422 `idempotency-key-reused`.
        """
        table = tables.messages
        statement = select(table.c.position, table.c.body_digest).where(
            table.c.case_id == case_id, table.c.identity == identity.identity
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            return None
        identity.compare(identity.identity, row.body_digest)
        return row.position

    async def goes_on_as(self, case_id: str) -> CaseState:
        """The case in which a follow-up belongs: where a merged one goes on, ended or not.

        A case opened a moment ago may not be in the tables yet: it is open.
        """
        state = CaseState(case_id=case_id)
        for _ in range(HOPS):
            row = await self.row(case_id)
            state = state_of(row) if row else CaseState(case_id=case_id)
            if state.merged_into is None:
                break
            case_id = state.merged_into
        return state
