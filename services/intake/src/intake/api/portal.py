"""What the portal of one customer may: report, read how it goes, add files (IN-01)."""

from typing import Annotated, Any

from fastapi import Depends, File, Form, Request, Response, UploadFile

from aftercare_http import (
    Id,
    MinPosition,
    Principal,
    Problem,
    Router,
    Text,
    identity_of,
    not_found,
    requires,
    set_position,
    unprocessable,
)

from ..parts import Intake, intake_of
from ..web.uploads import BODY_LIMIT, FIELD, FILES, Uploads, take
from .bodies import RequestBody
from .case_bodies import Changed
from .status_bodies import Status, owner_of, status_of

Portal = Annotated[Principal, Depends(requires("intake:write", customers=True))]
BODY_LIMITS = {"/v1/requests/": BODY_LIMIT}
router = Router(prefix="/v1/requests", tags=["portals"])

# What the customer knows herself. When it was said, who says so, and all that staff decide are not
# hers to state: clocks and charges depend on it.
_HERS = frozenset(
    {"channel", "kind", "customer_id", "site_id", "device_serial", "contract_id", "severity"}
    | {"category", "summary", "description", "contact", "use_affected"}
)


def hold_to_customer(who: Principal, body: RequestBody) -> None:
    """Raises Problem 403 for another customer's request, 422 for what a portal may not state."""
    if who.customer_id is None:
        return
    if body.customer_id is None:
        raise unprocessable("customer_id", "missing", "a portal says whose request it is")
    if body.customer_id != who.customer_id:
        detail = "this token speaks for another customer"
        raise Problem(403, "other-customer", "Not allowed", detail, field="customer_id")
    if body.channel != "web":
        raise unprocessable("channel", "not-from-a-portal", "a portal reports over the web")
    for name in body.__struct_fields__:
        if name not in _HERS and getattr(body, name) is not None:
            raise unprocessable(name, "not-from-a-portal", "a portal cannot state this")


@router.get("/{case_id}/status", dependencies=[MinPosition])
async def show_status(case_id: Id, who: Portal, request: Request) -> Status:
    """What the customer's own page says: what is done now, who comes when, what was promised."""
    intake = intake_of(request)
    return await status_of(intake, await _case_of(intake, case_id, who))


@router.post("/{case_id}/attachments", status_code=201)
async def attach_files(
    case_id: Id,
    who: Portal,
    request: Request,
    response: Response,
    files: Annotated[list[UploadFile], File(description="Photos, logs, PDF or archives.")],
    text: Annotated[Text, Form(description="What there is to say about them.")] = "",
) -> Changed:
    """Files join the case (IN-14); once it ended they open another, which the answer names.

    The same key with the same text and files adds them once.
    """
    intake = intake_of(request)
    case = await _case_of(intake, case_id, who)
    uploads = await take(files)
    if uploads.error:
        raise _not_taken(uploads)
    # Two requests with the same parts differ in the line that separates them.
    identity = identity_of(request, f"{uploads.digest} {text}".encode())
    kept = await intake.counter.add(
        case_id, owner_of(intake, case), text, uploads.files, identity, intake.said(who.name)
    )
    set_position(response, kept.position)
    return Changed(case_id=kept.case_id, position=kept.position)


async def _case_of(intake: Intake, case_id: str, who: Principal) -> dict[str, Any]:
    """As new as the log. Raises Problem 404, also for a case of another customer."""
    case = await intake.cases.seen(case_id)
    if case is None or who.customer_id not in (None, case["report"].get("customer_id")):
        raise not_found("case", case_id)
    return case


def _not_taken(uploads: Uploads) -> Problem:
    code = (uploads.error or "").rpartition(".")[2].replace("_", "-")
    limits = "at most {most} files of {mb} MB, {together} MB together".format(**FILES)
    detail = f"photos, logs, PDF and archives are taken, {limits}"
    return unprocessable(FIELD, code, detail)
