"""What stands in the depots, and what a case needs of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, Select, Table, select

from aftercare_events.catalogue.case import CaseReported
from aftercare_events.catalogue.engineer import Point
from aftercare_events.catalogue.loan import LoanCause

from .aggregates import CASE, LOAN
from .domain.case_state import CaseState
from .domain.contract_terms import ContractTerms, rank
from .domain.geography import Direction, direction
from .domain.loan import LoanState
from .domain.stock import Spare, Wish
from .domain.waiting_queue import Waiting
from .reading import Reading
from .tables import cases, depots, devices, loans, sites, units

# Far more than any choice needs, and few enough to hold.
MOST_SPARES = 5_000
MOST_WAITING = 1_000
NO_RANK = 1_000
LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRequest:
    """What is asked for; whatever is left out follows from the case's own device.

    `wait`: with no fitting unit free it waits for one.
    """

    loan_id: str
    case_id: str
    unit_id: str | None = None
    model: str | None = None
    grade: int | None = None
    depot_id: str | None = None
    same_look: bool = False
    due_back: date | None = None
    automatic: bool = False
    cause: LoanCause = "asked"
    wait: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapRequest:
    """The unit of a loan fails: it is taken back in this `condition` and another goes out."""

    loan_id: str
    condition: str
    unit_id: str | None = None


class Make(NamedTuple):
    """What a device is: others of its category and grade, or a higher one, may stand in."""

    model: str | None = None
    category: str | None = None
    grade: int | None = None
    family: str | None = None


Contract = tuple[str, int | None]
"""The policy and version by which a contract is looked up; without a version, the newest."""


def contract_of(report: CaseReported) -> Contract:
    return report.policy, report.policy_version


class Stockroom:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def wish(self, request: LoanRequest, case: CaseState) -> Wish:
        """The request in terms of units: a model's category and grade say what may stand in."""
        report = case.report
        where = await self.place_of(report.site_id if report else None)
        wish = Wish(
            unit_id=request.unit_id,
            model=request.model,
            grade=request.grade,
            same_look=request.same_look,
            depot_id=request.depot_id,
            where=where,
        )
        if wish.unit_id is not None:
            return wish
        known = await self._make_of(request.model, report.device_id if report else None)
        model = wish.model or known.model
        return replace(
            wish,
            model=model,
            category=known.category,
            family=await self._family_of(model),
            grade=known.grade if wish.grade is None else wish.grade,
        )

    async def free(self, wishes: Sequence[Wish]) -> Sequence[Spare]:
        """Free units that may fit one of these, with where they stand."""
        if not wishes:
            return []
        rows = await self._reading.rows(_free_units(wishes))
        return [
            Spare(
                unit_id=row["unit_id"],
                depot_id=row["depot_id"],
                model=row["model"],
                category=row["category"],
                grade=row["grade"],
                family=row["family"],
                where=place_in(row),
            )
            for row in rows
        ]

    async def waiting(self) -> Sequence[Waiting]:
        """The loans that wait for a unit, with how severe their cases are now."""
        query = (
            select(loans.c.state, cases.c.state.label("case_state"))
            .join(cases, cases.c.case_id == loans.c.case_id)
            .where(loans.c.stage == "waiting")
            .order_by(loans.c.loan_id)
            .limit(MOST_WAITING)
        )
        found = [
            (LOAN.decoder.decode(row["state"]), CASE.decoder.decode(row["case_state"]).report)
            for row in await self._reading.rows(query)
        ]
        reports = [report for _, report in found if report]
        # Many wait, at few places and under few contracts: each of these is looked up once.
        places = {site: await self.place_of(site) for site in {one.site_id for one in reports}}
        contracts = {_contract(one): one for one in reports}
        terms = {key: await self.terms(one) for key, one in contracts.items()}
        return [
            _waiting(state, report, places[report.site_id], terms[_contract(report)])
            for state, report in found
            if report
        ]

    async def newcomer(self, loan_id: str, wish: Wish, case: CaseState) -> Waiting:
        """A loan as it would stand at the end of the queue, among cases as severe."""
        report = case.report
        worth = rank(await self.terms(report), report.severity) if report else NO_RANK
        return Waiting(loan_id=loan_id, case_id="", wish=wish, rank=worth, since=LAST)

    async def terms(self, report: CaseReported) -> ContractTerms:
        """What the contract of a case says, in the version it began with."""
        return await self._reading.terms(report.policy, report.policy_version)

    async def terms_of(self, reports: Iterable[CaseReported]) -> Mapping[Contract, ContractTerms]:
        """The same of many cases; each contract is looked up once."""
        by_contract = {contract_of(report): report for report in reports}
        return {one: await self.terms(report) for one, report in by_contract.items()}

    async def place_of(self, site_id: str | None) -> Direction | None:
        if site_id is None:
            return None
        query = select(sites.c.latitude, sites.c.longitude).where(sites.c.site_id == site_id)
        rows = await self._reading.rows(query)
        return place_in(rows[0]) if rows else None

    async def device(self, device_id: str | None) -> Make:
        """What a device of the archive is; blank where it is unknown."""
        return await self._make(devices, devices.c.device_id == device_id)

    async def _make_of(self, model: str | None, device_id: str | None) -> Make:
        device = await self.device(device_id)
        if model is None or device.model == model:
            return device
        for table in (units, devices):
            if (make := await self._make(table, table.c.model == model)) != Make():
                return make
        return Make()

    async def _make(self, table: Table, condition: ColumnElement[bool]) -> Make:
        query = select(table.c.model, table.c.category, table.c.grade).where(condition).limit(1)
        rows = await self._reading.rows(query)
        return Make(**rows[0]) if rows else Make()

    async def _family_of(self, model: str | None) -> str | None:
        query = select(units.c.family).where(units.c.model == model, units.c.family.is_not(None))
        rows = await self._reading.rows(query.order_by(units.c.unit_id).limit(1))
        return rows[0]["family"] if rows else None


def _contract(report: CaseReported) -> tuple[str, int | None]:
    return report.policy, report.policy_version


def _waiting(
    state: LoanState, report: CaseReported, where: Direction | None, terms: ContractTerms
) -> Waiting:
    request = state.request
    if request is None or state.requested_at is None:
        raise ValueError("a loan that waits was requested for a case")
    wish = Wish(
        model=request.model,
        category=request.category,
        grade=request.grade,
        family=request.family,
        same_look=request.same_look,
        depot_id=request.depot_id,
        where=where,
    )
    return Waiting(
        loan_id=request.loan_id,
        case_id=request.case_id,
        wish=wish,
        rank=rank(terms, report.severity),
        since=state.requested_at,
    )


def _free_units(wishes: Sequence[Wish]) -> Select[Any]:
    models = {wish.model for wish in wishes if wish.model is not None}
    categories = {wish.category for wish in wishes if wish.category is not None}
    fitting = units.c.model.in_(models) | units.c.category.in_(categories)
    return (
        select(units, depots.c.latitude, depots.c.longitude)
        .join(depots, depots.c.depot_id == units.c.depot_id, isouter=True)
        .where(units.c.is_free, fitting)
        .order_by(units.c.unit_id)
        .limit(MOST_SPARES)
    )


def place_in(row: RowMapping) -> Direction | None:
    """Where a row with a latitude and a longitude is."""
    if row["latitude"] is None or row["longitude"] is None:
        return None
    return direction(Point(latitude=row["latitude"], longitude=row["longitude"]))
