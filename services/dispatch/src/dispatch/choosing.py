"""Who could come to a waiting case: for the machine and for the board alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aftercare_events.catalogue.case import Lack, Mode

from .domain.assignment import Proposal, Ranking, looked_at, rank
from .domain.case_state import CaseState
from .domain.competence import Demand, lacks
from .domain.need import Need, Obstacle
from .domain.support import number_agreed
from .domain.together import MOST_TOGETHER, assign_together
from .domain.urgency import urgency
from .ladder import Ladder
from .needs import Asking, Needs, as_of
from .staff_index import Present, StaffIndex

NO_CHANGE_IN_SIGHT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Choosing:
    needs: Needs
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
        present = await self.index.present(at)
        need = replace(await self._need(_asking(case), at, present), waived=waived)
        return rank(need, present.staff, present.workload, limit)

    async def together(
        self, waiting: Mapping[str, CaseState], at: datetime
    ) -> Mapping[str, Ranking]:
        """The most urgent of these cases with the one engineer that each gets, or with nobody."""
        present = await self.index.present(at)
        first = sorted(waiting, key=lambda one: urgency(waiting[one], one, at))[:MOST_TOGETHER]
        needs = await self.needs.of([_asking(waiting[one]) for one in first], at, present)
        rankings = assign_together(needs, present.staff, present.workload)
        return dict(zip(first, rankings, strict=True))

    async def look_at(
        self, case: CaseState, at: datetime, engineer_ids: Iterable[str], mode: Mode | None = None
    ) -> Sequence[Proposal]:
        """What would come of sending each of these, whatever speaks against it."""
        present = await self.index.present(at)
        asking = Asking(case, mode) if mode else _asking(case)
        need = await self._need(asking, at, present)
        return looked_at(need, present.staff, present.workload, engineer_ids)

    async def reserve(self, at: datetime) -> Sequence[str]:
        """The reserve team (预备队伍, DP-17)."""
        staff = (await self.index.present(at)).staff
        return [one.engineer_id for one in staff.engineers if one.active and one.reserve]

    async def look_later(
        self, case: CaseState, starts: Mapping[str, datetime]
    ) -> Mapping[str, Proposal]:
        """The same of those who are busy until then: by what will be so at each one's start."""
        first = min(starts.values())
        present = await self.index.present(first)
        need = await self._need(_asking(case), first, present)
        return {
            who: proposal
            for who, start in starts.items()
            for proposal in looked_at(as_of(need, start), present.staff, present.workload, [who])
        }

    async def answer_by(self, case: CaseState, asked: datetime) -> datetime:
        """Until when whoever is asked now can answer (DP-05): the contract's time, or the usual."""
        agreed = number_agreed(case.report, "answer_min") if case.report else None
        usual = (await self.index.present(asked)).weighed.weights.answer_min
        return asked + timedelta(minutes=agreed or usual)

    async def next_look(self, at: datetime) -> datetime:
        """When time alone may bring somebody: a duty begins, an absence or a visit ends.

        Whatever else brings somebody is said in the log, and wakes the list.
        """
        present = await self.index.present(at)
        start = present.staff.presence.next_start(at)
        ends = (slot.end for _, slot in present.workload.visits if slot.end > at)
        changes = [*ends, start] if start else [*ends]
        return min(changes, default=at + NO_CHANGE_IN_SIGHT)

    async def lacks(self, case: CaseState, engineer_id: str, at: datetime) -> Sequence[Lack]:
        """What somebody on site at `at` is short of for this fault (DP-25)."""
        if case.report is None:
            return ()
        need = await self._need(Asking(case, "onsite"), at, await self.index.present(at))
        demand = Demand(skill=need.skill, level=need.level, today=need.today)
        return lacks((await self.needs.reading.engineer(engineer_id)).state.entry, demand)

    async def _need(self, asking: Asking, at: datetime, present: Present) -> Need:
        return (await self.needs.of([asking], at, present))[0]


def _asking(case: CaseState) -> Asking:
    mode = case.wanted or (case.assignment.mode if case.assignment else None)
    if mode is None:
        raise ValueError("the case looks for nobody")
    return Asking(case, mode)
