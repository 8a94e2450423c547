"""Which rung of the support ladder a case is on, as contract and history have it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from .domain import support
from .domain.case_state import CaseState
from .reading import Reading
from .stockroom import Stockroom, contract_of
from .tables import staff_complaints

# Who complained about staff within a year, and does so again, was not satisfied.
REMEMBERED = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Ladder:
    reading: Reading
    stockroom: Stockroom

    async def demanded(self, case: CaseState) -> support.Demanded | None:
        """Why somebody has to go on site at once; None where each rung is tried in turn (DP-02)."""
        report = case.report
        if report is None or case.onsite_required or case.stage != "open":
            return None
        terms = await self.stockroom.terms(report)
        return support.demanded(report, terms, await self._unsettled(case))

    async def sent_at_once(self, case: CaseState) -> bool:
        """Whether the contract takes the case up at once, as it is now."""
        report = case.report
        return report is not None and support.sent_at_once(
            report, await self.stockroom.terms(report)
        )

    async def critical(self, case: CaseState) -> bool:
        """Whether it is a fault of the contract's worst severity."""
        report = case.report
        return report is not None and support.is_critical(
            report, await self.stockroom.terms(report)
        )

    async def critical_of(self, states: Mapping[str, CaseState]) -> Set[str]:
        """Which of these cases are; each contract is looked up once."""
        reports = {key: state.report for key, state in states.items() if state.report}
        terms = await self.stockroom.terms_of(reports.values())
        return {
            key for key, one in reports.items() if support.is_critical(one, terms[contract_of(one)])
        }

    async def level(self, case: CaseState) -> int:
        """How senior whoever is sent should be (DP-16)."""
        if case.report is None or case.report.kind != "supervision_complaint":
            return 1
        terms = await self.stockroom.terms(case.report)
        return support.wanted_level(case.report, terms, await self._unsettled(case))

    async def _unsettled(self, case: CaseState) -> int:
        """How often this customer complained about staff in vain: reopened, or once more."""
        report, since = case.report, case.reported_at
        if report is None or since is None or report.kind != "supervision_complaint":
            return 0
        table = staff_complaints
        query = (
            select(func.count().label("earlier"))
            .where(table.c.customer_id == report.customer_id, table.c.case_id != report.case_id)
            .where(table.c.reported_at.between(since - REMEMBERED, since))
        )
        earlier = (await self.reading.rows(query))[0]["earlier"] if report.customer_id else 0
        return earlier + case.cycle - 1
