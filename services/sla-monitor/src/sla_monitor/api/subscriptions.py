"""Webhook subscriptions over HTTP; secrets go in and never come out."""

import base64
import binascii
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import Depends, Request, Response
from pydantic import AfterValidator, BaseModel, Field, SecretStr
from pydantic_core import PydanticCustomError

from aftercare_events.catalogue.case import Step
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
    decode_cursor,
    encode_cursor,
    not_found,
    requires,
    set_position,
)

from ..delivery.addresses import MAX_URL, checked_url
from ..delivery.subscriptions import Subscription, Wanted, filter_of
from ..delivery.webhook import Endpoint
from ..monitor import monitor_of

router = Router(prefix="/v1/subscriptions", tags=["subscriptions"])
Admin = Annotated[Principal, Depends(requires("admin"))]
_PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)


def _webhook_url(url: str) -> str:
    try:
        checked_url(url)
    except ValueError as error:
        raise PydanticCustomError("webhook-url", "{why}", {"why": str(error)}) from None
    return url


def _signing_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    try:
        key = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not text.startswith(_PREFIX) or len(key) not in _KEY_BYTES:
        raise PydanticCustomError(
            "signing-secret", "must be whsec_ and the base64 of 24 to 64 random bytes"
        )
    return secret


Url = Annotated[str, Field(max_length=MAX_URL), AfterValidator(_webhook_url)]
Secret = Annotated[SecretStr, Field(max_length=100), AfterValidator(_signing_secret)]


class FilterBody(Body):
    """Every field that is given must agree; `audience` is a rank or one recipient."""

    steps: Annotated[tuple[Step, ...], Field(max_length=4)] = ()
    min_step: Step | None = None
    audience: Line | None = None
    policy: Line | None = None
    customer: Line | None = None


class Secrets(Body):
    """While a receiver changes its secret, messages are signed with both."""

    current: Secret
    previous: Secret | None = None

    def in_order(self) -> list[str]:
        both = (self.current, self.previous)
        return [secret.get_secret_value() for secret in both if secret is not None]


class SubscriptionBody(Body):
    subscription_id: Id
    url: Url
    secrets: Secrets
    filter: FilterBody = FilterBody()
    active: bool = True

    def wanted(self) -> Wanted:
        return Wanted(
            subscription_id=self.subscription_id,
            endpoint=Endpoint(self.url, self.secrets.in_order()),
            filter=filter_of(self.filter.model_dump(exclude_none=True)),
            active=self.active,
        )


class SubscriptionView(BaseModel):
    """`fingerprints` tell which secrets sign, the newest first. A subscription is `failing` while
    a message could not be brought: `failing_since` is when the oldest of those was to be told."""

    subscription_id: str
    url: str | None
    fingerprints: list[str]
    filter: FilterBody
    active: bool
    disabled_reason: str | None
    failing: bool
    waiting: int
    failing_since: datetime | None
    attempts: int
    error: str | None
    delivered_at: datetime | None
    given_up: int


@router.put("")
async def put(
    request: Request, response: Response, body: SubscriptionBody, who: Admin
) -> SubscriptionView:
    """Tell alerts to a receiver from now on, or replace its whole entry."""
    monitor = monitor_of(request)
    position = await monitor.subscriptions.put(body.wanted(), by=who.name)
    set_position(response, position)
    await monitor.projector.wait_for(position)
    return await _found(request, body.subscription_id)


@router.get("", dependencies=[MinPosition])
async def list_subscriptions(
    request: Request, _: Admin, limit: Limit = 50, cursor: Cursor = None
) -> Page[SubscriptionView]:
    """By id, with how each one fares."""
    key = decode_cursor(cursor, tuple[str])
    found = await monitor_of(request).subscriptions.page(key[0] if key else "", limit)
    following = encode_cursor((found[-1].entry.subscription_id,)) if len(found) == limit else None
    return Page(items=[_view(one) for one in found], next=following)


@router.get("/{subscription_id}", dependencies=[MinPosition])
async def show_subscription(request: Request, subscription_id: Id, _: Admin) -> SubscriptionView:
    return await _found(request, subscription_id)


@router.delete("/{subscription_id}", status_code=204)
async def remove(request: Request, response: Response, subscription_id: Id, who: Admin) -> None:
    """Tell it nothing more, not even what waits."""
    position = await monitor_of(request).subscriptions.remove(subscription_id, by=who.name)
    if position is None:
        raise not_found("subscription", subscription_id)
    set_position(response, position)


async def _found(request: Request, subscription_id: str) -> SubscriptionView:
    found = await monitor_of(request).subscriptions.one(subscription_id)
    if found is None:
        raise not_found("subscription", subscription_id)
    return _view(found)


def _view(one: Subscription) -> SubscriptionView:
    return SubscriptionView(
        subscription_id=one.entry.subscription_id,
        url=one.url,
        fingerprints=list(one.entry.fingerprints),
        filter=FilterBody.model_validate(msgspec.to_builtins(one.entry.filter)),
        active=one.active,
        disabled_reason=one.disabled_reason,
        failing=one.faring.failing_since is not None,
        **asdict(one.faring),
    )
