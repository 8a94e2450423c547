"""What waiting cases need of whoever comes, read for all of them at once."""

from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, select

from aftercare_events.catalogue.case import CaseReported, Mode

from .aggregates import CASE, INCIDENT
from .domain import support
from .domain.case_state import CaseState
from .domain.need import NOBODY, Need
from .domain.staff import Staff
from .domain.urgency import arrive_by
from .ladder import Ladder
from .reading import Reading
from .staff_index import Present
from .stockroom import place_in
from .tables import cases, devices, incidents, rejections, sites, worked_on

COMPANY_ZONE = ZoneInfo("Asia/Shanghai")


class Asking(NamedTuple):
    """A case that looks for somebody, and in which mode."""

    case: CaseState
    mode: Mode


@dataclass(frozen=True, slots=True)
class Archive:
    """What the tables say about some cases, by the ids that these name."""

    devices: Mapping[str, RowMapping]
    sites: Mapping[str, RowMapping]
    rejected: Mapping[str, frozenset[str]]
    on_device: Mapping[str, frozenset[str]]
    on_model: Mapping[str, frozenset[str]]
    concerned: Mapping[str, frozenset[str]]
    called: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Needs:
    reading: Reading
    ladder: Ladder

    async def of(self, asking: Sequence[Asking], at: datetime, present: Present) -> Sequence[Need]:
        incident_ids = {case.incident for case, _ in asking if case.incident}
        archive = await self._archive([_report(case) for case, _ in asking], incident_ids)
        senior = await gather(*(self.ladder.level(case) for case, _ in asking))
        return [
            _need(one, level, at, present, archive)
            for one, level in zip(asking, senior, strict=True)
        ]

    async def _archive(self, reports: Sequence[CaseReported], incident_ids: set[str]) -> Archive:
        device_ids = {report.device_id for report in reports if report.device_id}
        known = await self._by_id(devices, devices.c.device_id, device_ids)
        site_ids = {report.site_id for report in reports if report.site_id}
        customers = {report.customer_id for report in reports}
        by_customer = select(rejections.c.customer_id, rejections.c.engineer_id)
        by_customer = by_customer.where(rejections.c.customer_id.in_(customers))
        on_device = select(worked_on.c.device_id, worked_on.c.engineer_id)
        on_model = select(devices.c.model, worked_on.c.engineer_id).distinct()
        on_model = on_model.join(devices, devices.c.device_id == worked_on.c.device_id)
        models = {row["model"] for row in known.values() if row["model"]}
        return Archive(
            devices=known,
            sites=await self._by_id(sites, sites.c.site_id, site_ids),
            rejected=await self._groups(by_customer, customers),
            on_device=await self._groups(
                on_device.where(worked_on.c.device_id.in_(device_ids)), device_ids
            ),
            on_model=await self._groups(on_model.where(devices.c.model.in_(models)), models),
            concerned=await self._concerned(reports),
            called=await self._called(incident_ids),
        )

    async def _by_id(self, table: Any, key: Any, wanted: set[str]) -> Mapping[str, RowMapping]:
        if not wanted:
            return {}
        rows = await self.reading.rows(select(table).where(key.in_(wanted)))
        return {row[key.name]: row for row in rows}

    async def _groups(self, pairs: Any, wanted: set[str]) -> Mapping[str, frozenset[str]]:
        """The second column of `pairs` by the first."""
        groups: dict[str, set[str]] = {}
        for row in await self.reading.rows(pairs) if wanted else ():
            key, value = row.values()
            groups.setdefault(key, set()).add(value)
        return {key: frozenset(values) for key, values in groups.items()}

    async def _concerned(self, reports: Sequence[CaseReported]) -> Mapping[str, frozenset[str]]:
        """Nobody is given a complaint about staff from a case that he had himself (IN-12)."""
        origins = {report.arises_from for report in reports if _accuses(report)} - {None}
        if not origins:
            return {}
        query = select(cases.c.case_id, cases.c.state).where(cases.c.case_id.in_(origins))
        rows = await self.reading.rows(query)
        return {row["case_id"]: CASE.decoder.decode(row["state"]).had_by for row in rows}

    async def _called(self, incident_ids: set[str]) -> Mapping[str, frozenset[str]]:
        """The reserve team of each major incident that goes on (DP-17)."""
        rows = await self._by_id(incidents, incidents.c.incident_id, incident_ids)
        states = {key: INCIDENT.decoder.decode(row["state"]) for key, row in rows.items()}
        return {key: frozenset(state.reserve) for key, state in states.items()}


def as_of(need: Need, at: datetime) -> Need:
    """The same need at another instant."""
    return replace(need, at=at, today=at.astimezone(COMPANY_ZONE).date())


def _accuses(report: CaseReported) -> bool:
    return report.kind == "supervision_complaint"


def _report(case: CaseState) -> CaseReported:
    if case.report is None:
        raise ValueError("the case was never reported")
    return case.report


def _need(asking: Asking, senior: int, at: datetime, present: Present, archive: Archive) -> Need:
    case, mode = asking
    report, weighed = _report(case), present.weighed
    device = archive.devices.get(report.device_id or "")
    site = archive.sites.get(report.site_id or "")
    model = device["model"] if device else None
    concerned = archive.concerned.get(report.arises_from or "") if _accuses(report) else None
    return Need(
        at=at,
        today=at.astimezone(COMPANY_ZONE).date(),
        mode=mode,
        skill=_skill(present.staff, report.category, device["category"] if device else None),
        level=max(senior, support.asked_level(report, weighed.weights.levels)),
        where=place_in(site) if site else None,
        customer_id=report.customer_id,
        site_id=report.site_id,
        arrive_by=arrive_by(case),
        declined=frozenset(case.declined_by),
        rejected=frozenset(case.rejected) | archive.rejected.get(report.customer_id, NOBODY),
        concerned=concerned or NOBODY,
        knows_device=archive.on_device.get(report.device_id or "", NOBODY),
        called=archive.called.get(case.incident or "", NOBODY),
        knows_model=archive.on_model.get(model or "", NOBODY),
        weights=weighed.weights,
        version=weighed.version,
    )


def _skill(staff: Staff, *categories: str | None) -> str | None:
    """The category of the case, else of its device; one that nobody has cannot be asked for."""
    return next((one for one in categories if one is not None and one in staff.skilled), None)
