"""Manufacturers, authorised services and partner firms, and which of them fit a case (DP-26)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, Field
from sqlalchemy import RowMapping, select

from aftercare_events.catalogue.partner import PartnerKind, PartnerPromise, PartnerRegistered
from aftercare_http import Body, Cursor, Id, Limit, Line, MinPosition, Page, Router

from ..aggregates import PARTNER
from ..domain import partner
from ..domain.case_state import CaseState
from ..domain.loan_dates import LOCAL
from ..tables import devices, partners
from .call import Calling, Desk, Dispatch, Entered, Happening, Reader
from .case_bodies import CaseId
from .paging import page_of
from .sealing import opened, resealed

router = Router(prefix="/v1", tags=["partners"], dependencies=[MinPosition])

PartnerId = Annotated[Id, Path(examples=["P-SERVER-MAKER"])]
# Half a year: whoever promises less than that promises nothing.
Minutes = Annotated[int, Field(ge=1, le=60 * 24 * 183)]
Everybody = Annotated[bool, Query(alias="all", description="Those who do not fit, too.")]
Named = Annotated[tuple[Line, ...], Field(max_length=1000)]


class ContactBody(Body):
    name: Line | None = None
    phone: Line | None = None
    email: Line | None = None


class PromiseBody(Body):
    """By the agreement (三方技术服务协议), through `valid_until`; minutes around the clock."""

    agreement: Id
    valid_until: date
    answer_minutes: Minutes
    onsite_minutes: Minutes | None = None


class PartnerBody(Happening):
    """`contact` is kept sealed. Served are the `models`, and every model of the `categories`."""

    kind: PartnerKind
    name: Line
    contact: ContactBody = ContactBody()
    categories: Named = ()
    models: Named = ()
    promise: PromiseBody
    active: bool = True


class PromiseView(BaseModel):
    agreement: str
    valid_until: date
    answer_minutes: int
    onsite_minutes: int | None


class PartnerEntry(BaseModel):
    partner_id: str
    kind: PartnerKind
    name: str
    categories: list[str]
    models: list[str]
    promise: PromiseView


class FittingPartner(PartnerEntry):
    """`fit`: by what they serve the device, or why they do not."""

    fit: partner.Fit


class PartnerView(PartnerEntry):
    """`contact` is opened for this reader: name, phone, mail."""

    active: bool
    contact: Mapping[str, Any] | None
    position: int


@router.put("/partners/{partner_id}")
async def put_partner(partner_id: PartnerId, call: Calling, body: PartnerBody) -> Entered:
    """Enter a partner, or replace the whole entry."""
    known = (await call.desk.reading.partner(partner_id)).state.entry
    contact = await resealed(
        call.desk.vault,
        partner_id,
        body.contact.model_dump(exclude_none=True),
        known.contact if known else None,
        kind="partner",
    )
    entry = PartnerRegistered(
        partner_id=partner_id,
        kind=body.kind,
        name=body.name,
        promise=PartnerPromise(**body.promise.model_dump()),
        contact=contact,
        categories=tuple(sorted(set(body.categories))),
        models=tuple(sorted(set(body.models))),
        active=body.active,
    )
    return await call.register_partner(body, partner.Register(entry=entry))


@router.get("/partners")
async def list_partners(
    desk: Desk, _: Reader, limit: Limit = 50, cursor: Cursor = None
) -> Page[PartnerView]:
    rows, following = await page_of(desk.reading, partners, limit, cursor)
    return Page(items=[await _shown(desk, row) for row in rows], next=following)


@router.get("/partners/{partner_id}")
async def show_partner(partner_id: PartnerId, desk: Desk, _: Reader) -> PartnerView:
    return await _shown(desk, await desk.reading.entry(partners, partner_id))


@router.get("/cases/{case_id}/partners")
async def propose_partners(
    case_id: CaseId, desk: Desk, _: Reader, everybody: Everybody = False
) -> list[FittingPartner]:
    """Who serves the device under an agreement that is good today, the fastest promise first."""
    looks = await partners_for(desk, (await desk.reading.case(case_id)).state)
    return [
        FittingPartner(**_said(one), fit=fit)
        for one, fit in looks
        if everybody or fit in partner.SERVING
    ]


async def partners_for(
    desk: Dispatch, case: CaseState
) -> Sequence[tuple[PartnerRegistered, partner.Fit]]:
    """All partners, with why each fits the case or not; those who fit first."""
    rows = await desk.reading.rows(select(partners.c.state))
    if not rows:
        return []
    category, device_id = (
        (case.report.category, case.report.device_id) if case.report else (None, None)
    )
    found = await desk.reading.rows(select(devices).where(devices.c.device_id == device_id))
    device = found[0] if found else None
    return partner.looked_at(
        [_entry(row) for row in rows],
        category=category or (device["category"] if device else None),
        model=device["model"] if device else None,
        today=desk.clock.now().astimezone(LOCAL).date(),
    )


def _entry(row: RowMapping) -> PartnerRegistered:
    entry = PARTNER.decoder.decode(row["state"]).entry
    if entry is None:
        raise ValueError("a partner was never registered")
    return entry


async def _shown(desk: Dispatch, row: RowMapping) -> PartnerView:
    entry = _entry(row)
    return PartnerView(
        **_said(entry),
        active=entry.active,
        contact=await opened(desk.vault, entry.contact),
        position=row["position"],
    )


def _said(entry: PartnerRegistered) -> dict[str, Any]:
    promise = entry.promise
    return {
        "partner_id": entry.partner_id,
        "kind": entry.kind,
        "name": entry.name,
        "categories": list(entry.categories),
        "models": list(entry.models),
        "promise": PromiseView.model_validate(promise, from_attributes=True),
    }
