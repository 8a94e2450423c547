"""What a waiting case needs, and who could come: for the machine and for the board alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from aftercare_events.catalogue.case import Lack

from .aggregates import CASE
from .domain.assignment import Need, Obstacle, Proposal, Ranking, looked_at, rank
from .domain.case_state import CaseState
from .domain.competence import Demand, lacks
from .domain.staff import Staff
from .ladder import Ladder
from .reading import Reading
from .staff_index import Present, StaffIndex
from .stockroom import Make, Stockroom
from .tables import cases, rejections

NO_CHANGE_IN_SIGHT = timedelta(hours=1)
COMPANY_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Choosing:
    reading: Reading
    stockroom: Stockroom
    index: StaffIndex
    ladder: Ladder

    async def rank(
        self,
        case: CaseState,
        at: datetime,
        limit: int = 1,
        waived: frozenset[Obstacle] = frozenset(),
    ) -> Ranking:
        """The best engineers for a case that looks for somebody, as of `at`."""
        present = await self.index.present()
        need = replace(await self._need(case, at, present), waived=waived)
        return rank(need, present.staff, present.workload, limit)

    async def look_at(
        self, case: CaseState, at: datetime, engineer_ids: Iterable[str]
    ) -> Sequence[Proposal]:
        """What would come of sending each of these, whatever speaks against it."""
        present = await self.index.present()
        need = await self._need(case, at, present)
        return looked_at(need, present.staff, present.workload, engineer_ids)

    async def next_look(self, at: datetime) -> datetime:
        """When time alone may bring somebody: a duty begins, an absence or a visit ends.

        Whatever else brings somebody is said in the log, and wakes the list.
        """
        present = await self.index.present()
        start = present.staff.presence.next_start(at)
        ends = (slot.end for _, slot in present.workload.visits if slot.end > at)
        changes = [*ends, start] if start else [*ends]
        return min(changes, default=at + NO_CHANGE_IN_SIGHT)

    async def lacks(self, case: CaseState, engineer_id: str, at: datetime) -> Sequence[Lack]:
        """What somebody on site at `at` is short of for this fault (DP-25)."""
        report = case.report
        if report is None:
            return ()
        present = await self.index.present()
        device = await self.stockroom.device(report.device_id)
        demand = Demand(
            skill=_skill(present.staff, report.category, device),
            level=await self.ladder.level(case),
            today=at.astimezone(COMPANY_ZONE).date(),
        )
        return lacks((await self.reading.engineer(engineer_id)).state.entry, demand)

    async def _need(self, case: CaseState, at: datetime, present: Present) -> Need:
        report = case.report
        mode = case.wanted or (case.assignment.mode if case.assignment else None)
        if report is None or mode is None:
            raise ValueError("the case looks for nobody")
        device = await self.stockroom.device(report.device_id)
        return Need(
            at=at,
            today=at.astimezone(COMPANY_ZONE).date(),
            mode=mode,
            skill=_skill(present.staff, report.category, device),
            level=await self.ladder.level(case),
            where=await self.stockroom.place_of(report.site_id),
            customer_id=report.customer_id,
            site_id=report.site_id,
            excluded=await self._excluded(case, report.customer_id),
        )

    async def _excluded(self, case: CaseState, customer_id: str) -> frozenset[str]:
        """Whoever declined this case, and whom this customer rejected, on whatever case (DP-16)."""
        query = select(rejections.c.engineer_id).where(rejections.c.customer_id == customer_id)
        rejected = (row["engineer_id"] for row in await self.reading.rows(query))
        concerned = await self._concerned(case)
        return frozenset((*case.declined_by, *case.rejected, *rejected, *concerned))

    async def _concerned(self, case: CaseState) -> Sequence[str]:
        """Nobody is given a complaint about staff from a case that he had himself (IN-12)."""
        report = case.report
        if report is None or report.kind != "supervision_complaint" or not report.arises_from:
            return ()
        query = select(cases.c.state).where(cases.c.case_id == report.arises_from)
        states = [CASE.decoder.decode(row["state"]) for row in await self.reading.rows(query)]
        return [who for state in states for who in state.had_by]


def _skill(staff: Staff, category: str | None, device: Make) -> str | None:
    """The category of the case, else of its device; one that nobody has cannot be asked for."""
    for skill in (category, device.category):
        if skill is not None and skill in staff.skilled:
            return skill
    return None
