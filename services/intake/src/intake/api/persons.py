"""Erasing a person, as the law and a customer may demand (R10)."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel, model_validator

from aftercare_events.vault import Leftover
from aftercare_http import (
    Body,
    Id,
    Line,
    Principal,
    Problem,
    Router,
    not_found,
    requires,
    set_position,
)

from ..erasing import Known
from ..parts import Intake, intake_of
from ..people import Person

router = Router(prefix="/v1/persons", tags=["persons"])
Officer = Annotated[Principal, Depends(requires("admin"))]


class Wanted(Body):
    """By number or address, which have no place in the address of a page."""

    phone: Line | None = None
    email: Line | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Wanted":
        if (self.phone is None) == (self.email is None):
            raise ValueError("one of phone and email must be there")
        return self


class PersonView(BaseModel):
    """`person_id` is a pseudonym; `keys` counts what an erasure would destroy."""

    person_id: str
    contact_id: str | None
    customer_id: str | None
    keys: int
    erased_at: datetime | None


class EraseBody(Body):
    reason: Line
    actor: Id | None = None


class Erased(BaseModel):
    """`keys` were destroyed; 0 when that had been done before.

    `left_in` names where in the files of the database copies may be left: ask again later.
    """

    person_id: str
    keys: int
    erased_at: datetime
    left_in: list[Leftover]


@router.post("/find")
async def find(body: Wanted, _: Officer, request: Request) -> PersonView:
    """Who has this number or address."""
    person = Person(reference="", phone=body.phone, email=body.email)
    known = await (await _caught_up(request)).erasure.find(person)
    if known is None:
        raise Problem(404, "not-found", "Not found", "nobody is known by this number or address")
    return _view(known)


@router.get("/{person_id}")
async def show(person_id: Id, _: Officer, request: Request) -> PersonView:
    """By the id of a contact or of a member of staff, or by pseudonym."""
    return _view(await _known(await _caught_up(request), person_id))


@router.post("/{person_id}/erase")
async def erase(
    person_id: Id, body: EraseBody, who: Officer, request: Request, response: Response
) -> Erased:
    """Destroy the keys of a person; the history stays, and can no longer be read about them."""
    intake = await _caught_up(request)
    known = await _known(intake, person_id)
    said = intake.said(body.actor or who.name)
    left = await intake.erasure.erase(known, body.reason, said)
    intake.discretion.forget()
    after = await _known(intake, known.person_id)
    set_position(response, after.position)
    return Erased(
        person_id=known.person_id,
        keys=len(known.keys),
        erased_at=after.erased_at or said.time,
        left_in=list(left),
    )


async def _caught_up(request: Request) -> Intake:
    """Intake, once its rows show all that was said of anybody before this was asked."""
    intake = intake_of(request)
    if not await intake.projector.wait_for(await intake.log.end()):
        raise Problem(503, "not-caught-up", "Not caught up", "the rows are behind: ask again")
    return intake


async def _known(intake: Intake, person_id: str) -> Known:
    known = await intake.erasure.known(person_id)
    if known is None:
        raise not_found("person", person_id)
    return known


def _view(known: Known) -> PersonView:
    return PersonView(
        person_id=known.person_id,
        contact_id=known.contact.contact_id if known.contact else None,
        customer_id=known.contact.customer_id if known.contact else None,
        keys=len(known.keys),
        erased_at=known.erased_at,
    )
