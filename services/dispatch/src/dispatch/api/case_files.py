"""The pictures of a case: photos of the work, and the customer's signature (DP-07, DP-08)."""

from typing import Annotated

from fastapi import Path, Response

from aftercare_http import Id, MinPosition, Problem, Router, not_found

from ..aggregates import CASE
from ..domain import commands as cmd
from ..domain.case_state import CaseState
from ..tables import cases
from .call import Calling, Desk, Done, Happening, Reader
from .pictures import Base64, kept_photo

router = Router(prefix="/v1/cases/{case_id}", tags=["cases"], dependencies=[MinPosition])

CaseId = Annotated[Id, Path(examples=["4F7K-Q2M9"])]


class PhotoBody(Happening):
    """`photo`: JPEG, PNG or WebP in base64, at most 700 KB of picture."""

    photo: Base64


@router.post("/photos")
async def add_photo(case_id: CaseId, call: Calling, body: PhotoBody) -> Done:
    """A picture for the maintenance record, kept sealed (DP-08)."""
    photo = await kept_photo(call, case_id, body.photo)
    return await call.change_case(
        body, lambda at: cmd.AddPhoto(case_id=case_id, at=at, photo=photo)
    )


@router.get(
    "/photos/{number}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}, "image/png": {}, "image/webp": {}}}},
)
async def show_photo(
    case_id: CaseId, number: Annotated[int, Path(ge=1, le=1000)], desk: Desk, _: Reader
) -> Response:
    photos = (await _state(desk, case_id)).photos
    name = photos[number - 1] if number <= len(photos) else None
    return await _shown(desk, name, f"{case_id}/{number}")


@router.get(
    "/signature",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}, "image/png": {}, "image/webp": {}}}},
)
async def show_signature(case_id: CaseId, desk: Desk, _: Reader) -> Response:
    """What the customer drew on the screen at the last sign-off."""
    return await _shown(desk, (await _state(desk, case_id)).signature, case_id)


async def _state(desk: Desk, case_id: str) -> CaseState:
    return CASE.decoder.decode((await desk.reading.entry(cases, case_id))["state"])


async def _shown(desk: Desk, name: str | None, called: str) -> Response:
    """Raises Problem 404, and 410 where it was erased with the person whose it was."""
    if name is None:
        raise not_found("picture", called)
    found = await desk.files.get(name)
    if found is None:
        raise Problem(410, "erased", "Erased", "this person's data was erased")
    headers = {"Content-Security-Policy": "sandbox"}
    return Response(found.content, media_type=found.media_type, headers=headers)
