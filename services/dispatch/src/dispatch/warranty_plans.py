"""What repairs mean for warranty: read how the device fared, and decide (DP-13, DP-14, DP-15)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from typing import Any

from sqlalchemy import select

from aftercare_events.catalogue.warranty import RepairMade

from .aggregates import CASE
from .domain import guarantee, warranty
from .domain.case_state import CaseState
from .domain.contract_terms import ContractTerms
from .domain.loan_dates import LOCAL
from .plan import Plan
from .reading import Loaded, Reading, Unknown
from .stockroom import Stockroom
from .tables import cases, devices

# A device that fails more often than this has told enough.
MOST_CASES = 500


@dataclass(slots=True)
class _Judgement:
    """What is known so far of one case and its device."""

    case_id: str
    case: CaseState
    device_id: str
    terms: ContractTerms
    held: Loaded[warranty.WarrantyState]
    said: list[warranty.Fact] = field(default_factory=list[warranty.Fact])


class WarrantyPlans:
    def __init__(self, reading: Reading, stockroom: Stockroom) -> None:
        self._reading = reading
        self._stockroom = stockroom

    async def judge(self, case_id: str) -> Plan:
        """Whatever follows from a case as it stands, and was not said yet. Raises Unknown."""
        case = await self._reading.case(case_id)
        report = case.state.report
        if report is None or report.device_id is None or report.kind != "fault":
            return Plan([], [case], "judged")
        one = _Judgement(
            case_id,
            case.state,
            report.device_id,
            await self._stockroom.terms(report),
            await self._reading.warranty(report.device_id),
        )
        _judge_waits(one)
        _judge_replacements(one)
        proposals, basis = await self._propose(one)
        return Plan([*proposals, *one.said], [one.held, *basis], "judged")

    async def decide(self, command: guarantee.Accept | guarantee.Refuse, at: datetime) -> Plan:
        """The work is free, and a new device begins a new warranty. Raises Unknown, Refused."""
        loaded = await self._reading.guarantee(command.guarantee_id)
        if loaded.state.proposal is None:
            raise Unknown("guarantee", command.guarantee_id)
        facts = guarantee.decide(command, loaded.state)
        after = reduce(guarantee.evolve, facts, loaded.state)
        proposal = loaded.state.proposal
        case = await self._reading.case(proposal.case_id)
        facts = [*guarantee.free(facts, case.state.work.costs), *facts]
        if after.remedy not in ("exchange", "replacement"):
            return Plan(facts, [loaded, case], after.stage)
        device = await self._reading.warranty(proposal.device_id)
        restart = warranty.Restart(
            device_id=proposal.device_id,
            case_id=proposal.case_id,
            starts_on=_day(at),
            cause="guarantee",
        )
        new = warranty.decide(restart, device.state)
        return Plan([*new, *facts], [loaded, case, device], after.stage)

    async def _propose(
        self, one: _Judgement
    ) -> tuple[Sequence[guarantee.Fact], Sequence[Loaded[Any]]]:
        failed_at = one.case.failed_at
        if one.terms.guarantees is None or failed_at is None or one.case.works_again:
            return [], []
        failure = guarantee.Failure(
            case_id=one.case_id,
            cycle=one.case.cycle,
            device_id=one.device_id,
            failed_on=_day(failed_at),
            counted_from=await self._counted_from(one),
            repairs=await self._repairs(one.device_id, failed_at),
        )
        facts: list[guarantee.Fact] = []
        basis: list[Loaded[Any]] = []
        for said in guarantee.recognise(one.terms.guarantees, failure):
            known = await self._reading.guarantee(said.guarantee_id)
            facts.extend(guarantee.decide(guarantee.Propose(said=said), known.state))
            basis.append(known)
        return facts, basis

    async def _counted_from(self, one: _Judgement) -> date | None:
        """The day of acceptance, or a later one on which the device was replaced."""
        query = select(devices).where(devices.c.device_id == one.device_id)
        rows = await self._reading.rows(query)
        named = ("warranty_from", "accepted_on", "preliminarily_accepted_on")
        accepted = next((rows[0][name] for name in named if rows and rows[0][name]), None)
        days = [day for day in (accepted, one.held.state.restarted_on) if day is not None]
        return max(days, default=None)

    async def _repairs(self, device_id: str, before: datetime) -> Sequence[RepairMade]:
        query = select(cases.c.case_id, cases.c.state).where(cases.c.device_id == device_id)
        rows = await self._reading.rows(query.order_by(cases.c.case_id).limit(MOST_CASES))
        states = [(row["case_id"], CASE.decoder.decode(row["state"])) for row in rows]
        return [
            RepairMade(case_id=case_id, repaired_on=_day(repair.ended))
            for case_id, state in states
            if state.report is not None and state.report.kind == "fault"
            for repair in state.repairs
            if repair.ended <= before
        ]


def _judge_waits(one: _Judgement) -> None:
    if (rule := one.terms.waiting) is None:
        return
    for repair in one.case.repairs:
        command = warranty.Extend(
            device_id=one.device_id,
            case_id=one.case_id,
            began=repair.began,
            ended=repair.ended,
            rule=rule,
        )
        _say(one, command)


def _judge_replacements(one: _Judgement) -> None:
    """What the maintenance record says was replaced, from the day the device works again."""
    since, record = one.case.works_again_since, one.case.record
    if not one.terms.replaced_starts_anew or since is None or record is None:
        return
    for replaced in record.replaced:
        command = warranty.restart_of(replaced, one.device_id, one.case_id, _day(since))
        if command is not None:
            _say(one, command)


def _say(one: _Judgement, command: warranty.Command) -> None:
    state = reduce(warranty.evolve, one.said, one.held.state)
    one.said.extend(warranty.decide(command, state))


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()
