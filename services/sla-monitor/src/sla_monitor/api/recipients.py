"""Who answers for a rank, when, and where they are told (SL-03)."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request, Response
from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from aftercare_events.catalogue.case import Step
from aftercare_events.catalogue.duty import QuietHours, RecipientRegistered
from aftercare_http import (
    Body,
    Cursor,
    Id,
    Limit,
    Line,
    MinPosition,
    Page,
    Principal,
    Router,
    Weekly,
    decode_cursor,
    encode_cursor,
    not_found,
    requires,
    set_position,
    unprocessable,
)

from ..alerts import RANKS
from ..delivery.channels import is_channel
from ..monitor import Monitor, monitor_of
from ..recipients import Entry

router = Router(prefix="/v1/recipients", tags=["recipients"])
Reader = Annotated[Principal, Depends(requires("sla:read"))]
Registrar = Annotated[Principal, Depends(requires("admin"))]


def _once(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _by_rank(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step for step in RANKS if step in steps)


def _sometimes(hours: Weekly) -> Weekly:
    """Hours that say one thing: around the clock, or at least one span."""
    if hours.around_the_clock == bool(hours.spans):
        raise PydanticCustomError("spans-or-around-the-clock", "give spans, or around the clock")
    return hours


def _reachable(channel: str) -> str:
    if not is_channel(channel):
        raise PydanticCustomError("channel", "no message can be sent to such an address")
    return channel


Hours = Annotated[Weekly, AfterValidator(_sometimes)]
Ranks = Annotated[tuple[Step, ...], Field(max_length=20), AfterValidator(_by_rank)]
Customers = Annotated[tuple[Id, ...], Field(max_length=1000), AfterValidator(_once)]
Address = Annotated[Line, StringConstraints(pattern=r"^[a-zA-Z][a-zA-Z0-9+.-]*://\S+$")]
Channel = Annotated[Address, AfterValidator(_reachable)]
Addresses = Annotated[tuple[Channel, ...], Field(max_length=20), AfterValidator(_once)]


class Quiet(Body):
    """When somebody is not to be rung, unless one of `except_steps` fires."""

    hours: Hours
    except_steps: Ranks = ("executive",)


class RecipientEntry(Body):
    """The whole entry as it stands from now on; `name` and `channels` are kept sealed.

    `steps` are the ranks that are told, `customers` limits that to some. `duty` of none means
    always; who is off duty is stood in for by `deputy`. `channels` are addresses as URLs.
    """

    name: Line | None = None
    channels: Addresses = ()
    steps: Ranks = ()
    customers: Customers = ()
    deputy: Id | None = None
    duty: Hours | None = None
    quiet: Quiet | None = None
    active: bool = True

    def person(self) -> dict[str, Any]:
        given = {"name": self.name, "channels": list(self.channels)}
        return {field: value for field, value in given.items() if value}

    def event(self, recipient_id: str) -> RecipientRegistered:
        quiet = self.quiet
        return RecipientRegistered(
            recipient_id=recipient_id,
            steps=self.steps,
            customers=self.customers,
            deputy=self.deputy,
            duty=self.duty.duty() if self.duty else None,
            quiet=QuietHours(hours=quiet.hours.duty(), except_steps=quiet.except_steps)
            if quiet
            else None,
            active=self.active,
            channels=len(self.channels),
        )


class RecipientView(BaseModel):
    """`channels` are shown to `admin` only: whoever knows one can write to it."""

    recipient_id: str
    name: str | None
    channels: list[str] | None
    steps: list[Step] = []
    customers: list[str] = []
    deputy: str | None = None
    duty: Weekly | None = None
    quiet: Quiet | None = None
    active: bool = True
    position: int


@router.put("/{recipient_id}")
async def register(
    request: Request, response: Response, recipient_id: Id, body: RecipientEntry, who: Registrar
) -> RecipientView:
    """Enter somebody, or replace the whole entry; an unchanged one records nothing."""
    if body.deputy == recipient_id:
        raise unprocessable("deputy", "own-deputy", "nobody stands in for themselves")
    monitor, entry = monitor_of(request), body.event(recipient_id)
    position = await monitor.recipients.register(
        entry, body.person(), by=who.name, at=monitor.clock.now()
    )
    set_position(response, position)
    return _view(Entry(entry, position), body.person(), who)


@router.get("", dependencies=[MinPosition])
async def list_recipients(
    request: Request, who: Reader, limit: Limit = 50, cursor: Cursor = None
) -> Page[RecipientView]:
    """By id."""
    key = decode_cursor(cursor, tuple[str])
    monitor = monitor_of(request)
    found = await monitor.recipients.page(key[0] if key else "", limit)
    following = encode_cursor((found[-1].said.recipient_id,)) if len(found) == limit else None
    return Page(items=[await _opened(monitor, entry, who) for entry in found], next=following)


@router.get("/{recipient_id}", dependencies=[MinPosition])
async def show_recipient(request: Request, recipient_id: Id, who: Reader) -> RecipientView:
    monitor = monitor_of(request)
    entry = await monitor.recipients.one(recipient_id)
    if entry is None:
        raise not_found("recipient", recipient_id)
    return await _opened(monitor, entry, who)


async def _opened(monitor: Monitor, entry: Entry, who: Principal) -> RecipientView:
    return _view(entry, await monitor.recipients.person(entry.said), who)


def _view(entry: Entry, person: Mapping[str, Any], who: Principal) -> RecipientView:
    return RecipientView.model_validate(
        {
            **msgspec.to_builtins(entry.said),
            "name": person.get("name"),
            "channels": person.get("channels", []) if who.may("admin") else None,
            "position": entry.position,
        }
    )
