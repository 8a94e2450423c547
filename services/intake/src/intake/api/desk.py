"""The clerk's desk: who is this, what do they own, is it already open?"""

from collections.abc import Sequence
from typing import Annotated, Any, get_args

from fastapi import Depends, Form, Request, Response
from starlette.responses import RedirectResponse

from aftercare_events.catalogue.archive import ContactRecorded
from aftercare_events.catalogue.case import Kind
from aftercare_http import Cursor, Id, MinPosition, Principal, Router, not_found, public

from ..domain.progress import Step
from ..finding import Finding, find
from ..holdings import Standing, standing_of
from ..parts import Intake, intake_of
from .case_views import show
from .desk_frame import SCOPE, Clerk, on_desk
from .device_history import history, known_device
from .pages import pages

router = Router(include_in_schema=False)
KINDS: tuple[Kind, ...] = get_args(Kind)
STEPS: tuple[Step, ...] = get_args(Step)
PAGE = 50


@router.get("/", dependencies=[Depends(public())])
async def entrance(request: Request) -> Response:
    """The desk for clerks; whoever else comes is shown the way to the report form."""
    principal: Principal | None = request.scope["principal"]
    if principal is None or principal.missing((SCOPE,)):
        return pages.render(request, "entrance.html", title="entrance.title")
    return await on_desk(
        request, "desk_home.html", title="desk.title", asked="", finding=None, kinds=KINDS
    )


@router.get("/desk/search")
async def begin_again(_: Clerk) -> Response:
    """What was searched for stands in no address, so it cannot be shown again."""
    return RedirectResponse("/", 303)


@router.post("/desk/search")
async def search(request: Request, _: Clerk, q: Annotated[str, Form(max_length=200)]) -> Response:
    """Posted, so that a caller's number stands in no address and no list of addresses."""
    asked = q.replace("\x00", "").strip()
    finding = await find(intake_of(request), asked) if asked else Finding()
    if finding.only:
        return RedirectResponse(finding.only, 303)
    return await on_desk(
        request, "desk_home.html", title="desk.title", asked=asked, finding=finding, kinds=KINDS
    )


@router.get("/desk/customers/{customer_id}", dependencies=[MinPosition])
async def customer(
    customer_id: Id, request: Request, _: Clerk, contact: Id | None = None, device: Id | None = None
) -> Response:
    intake = intake_of(request)
    standing = await standing_of(
        intake.engine, intake.archive, customer_id, intake.clock.now(), device
    )
    if standing is None:
        raise not_found("customer", customer_id)
    return await on_desk(
        request,
        "desk_customer.html",
        title="desk.customer",
        standing=standing,
        people=await _people(intake, standing.contacts, contact),
        device_id=device,
        serial=_serial_of(standing, device),
        kinds=KINDS,
    )


@router.get("/desk/devices/{device_id}", dependencies=[MinPosition])
async def device(device_id: Id, request: Request, _: Clerk, cursor: Cursor = None) -> Response:
    intake = intake_of(request)
    known = await known_device(intake, device_id)
    page = await history(intake, known, PAGE, cursor, for_staff=True)
    return await on_desk(
        request,
        "desk_device.html",
        title="desk.device",
        device=known,
        history=page.items,
        next=page.next,
        steps=STEPS,
    )


@router.get("/desk/cases/{case_id}", dependencies=[MinPosition])
async def case(case_id: Id, request: Request, who: Clerk) -> Response:
    shown = await show(case_id, who, request)
    return await on_desk(request, "desk_case.html", title="desk.case", case=shown, kinds=KINDS)


def _serial_of(standing: Standing, device_id: str | None) -> str:
    serials = {one.device.device_id: one.device.serial for one in standing.holdings}
    return serials.get(device_id or "") or ""


async def _people(
    intake: Intake, contacts: Sequence[ContactRecorded], asking: str | None
) -> list[dict[str, Any]]:
    """Contacts as the clerk may read them, the one who asks before the others."""
    people = [
        {"entry": contact, "details": await intake.vault.open(contact.details)}
        for contact in contacts
    ]
    return sorted(people, key=lambda person: person["entry"].contact_id != asking)
