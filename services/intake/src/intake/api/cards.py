"""The service tracking card (IN-11) and the maintenance summary of a case, as pages and PDFs."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from sqlalchemy import select

from aftercare_events.sealing import Sealed
from aftercare_http import Id, MinPosition, Principal, Router, not_found, requires_any
from aftercare_http.i18n import Language, language_of

from .. import tables
from ..card.printing import print_sheet
from ..card.reading import read_card
from ..card.sheet import Names, Opened, People, Sheet, Told, sheet_of
from ..card.summary import summary_of
from ..domain.card import Card
from ..parts import Intake, intake_of
from .case_bodies import Merged
from .case_views import merged_from
from .desk_frame import SCOPE
from .pages import pages

router = Router(tags=["cases"], dependencies=[MinPosition])
# A card tells what happened; of whom, only those hear who deal with people.
SCOPES = (SCOPE, "history:read")
Reader = Annotated[Principal, Depends(requires_any(*SCOPES))]
Onlooker = Annotated[Principal, Depends(requires_any(*SCOPES, page=True))]
Printed = Annotated[Language, Query(description="The language of the card.")]


@router.get("/cards/{case_id}", include_in_schema=False)
async def page(case_id: Id, request: Request, who: Onlooker) -> Response:
    sheet = await _sheet(request, case_id, who, language_of(request), sheet_of)
    return pages.render(request, "card.html", title="card.title", sheet=sheet, paper="card")


@router.get("/summaries/{case_id}", include_in_schema=False)
async def summary_page(case_id: Id, request: Request, who: Onlooker) -> Response:
    sheet = await _sheet(request, case_id, who, language_of(request), summary_of)
    return pages.render(request, "card.html", title="summary.title", sheet=sheet, paper="summary")


@router.get(
    "/v1/cases/{case_id}/card",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def show_card(case_id: Id, request: Request, who: Reader, lang: Printed = "zh") -> Response:
    """The card as a PDF, to be printed. Without `intake:write` it names nobody."""
    return await _printed(request, "card", await _sheet(request, case_id, who, lang, sheet_of))


@router.get(
    "/v1/cases/{case_id}/summary",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def show_summary(
    case_id: Id, request: Request, who: Reader, lang: Printed = "zh"
) -> Response:
    """The maintenance summary for the customer as a PDF; a draft until it is signed off (DP-08)."""
    sheet = await _sheet(request, case_id, who, lang, summary_of)
    return await _printed(request, "summary", sheet)


async def _printed(request: Request, name: str, sheet: Sheet) -> Response:
    content = await intake_of(request).workshop.run(print_sheet, sheet)
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}-{sheet.case_id}.pdf"',
            "Cache-Control": "no-store",
        },
    )


async def _sheet(
    request: Request, case_id: str, who: Principal, language: Language, draw: Callable[..., Sheet]
) -> Sheet:
    intake = intake_of(request)
    card = await read_card(intake.log, case_id)
    if card is None:
        raise not_found("case", case_id)
    return draw(
        card,
        await _names(intake, card),
        await _people(intake, card, may_read=who.may(SCOPE)),
        t=pages.words(language),
        language=language,
        now=intake.clock.now(),
    )


async def _names(intake: Intake, card: Card) -> Names:
    report = card.report
    dossier = await intake.archive.dossier(report.customer_id) if report.customer_id else None
    site = dossier.sites.get(report.site_id or "") if dossier else None
    devices = tables.devices
    statement = select(devices.c.entry).where(devices.c.device_id == report.device_id)
    async with intake.engine.connect() as connection:
        device: dict[str, Any] = (await connection.execute(statement)).scalar_one_or_none() or {}
    return Names(
        customer=dossier.customer.name if dossier else "",
        site=site.name if site else "",
        device=" ".join(filter(None, (device.get("model"), device.get("serial")))),
    )


async def _people(intake: Intake, card: Card, *, may_read: bool) -> People:
    case_id = card.report.case_id
    told = _told(await merged_from(intake, case_id, opening=may_read), may_read=may_read)
    if not may_read:
        return People(contact=None, messages=None, signed_by=None, reported_by=None, merged=told)
    name_in = intake.vault.name_in
    return People(
        contact=await _opened(intake, card.report.contact),
        messages=[await _opened(intake, getattr(one.data, "text", None)) for one in card.messages],
        signed_by=await name_in(card.signed_off.signed_by if card.signed_off else None),
        reported_by=await name_in(card.record.reported_by if card.record else None),
        merged=told,
    )


def _told(merged: Sequence[Merged], *, may_read: bool) -> Sequence[Told]:
    """Each report with its files, and what followed it."""
    told: list[Told] = []
    for one in merged:
        files = len(one.attachments)
        said = one.contact if may_read else None
        told.append(
            Told(one.case_id, one.reported_at, one.channel, said, summary=one.summary, files=files)
        )
        told.extend(
            Told(one.case_id, each.added_at, each.channel, each.said if may_read else None)
            for each in one.messages
        )
    return told


async def _opened(intake: Intake, sealed: Sealed | None) -> Opened:
    """Empty where nothing was said, and since the person was erased."""
    return (await intake.vault.open(sealed) if sealed else None) or {}
