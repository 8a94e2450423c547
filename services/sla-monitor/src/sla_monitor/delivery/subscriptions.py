"""The register of webhook subscriptions: addresses and secrets sealed, and how each one fares."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue import record
from aftercare_events.catalogue.subscription import (
    SubscriptionFilter,
    SubscriptionRegistered,
)
from aftercare_events.clock import Clock
from aftercare_events.decider import Basis, commit, see
from aftercare_events.envelope import Event
from aftercare_events.log import Expect, Log
from aftercare_events.projector import Projector
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault

from ..domain.subscription import register, remove
from ..tables import deliveries, subscriptions, waiting
from .addresses import checked_url
from .subscribers import KIND, entry_of
from .webhook import Endpoint

SERVICE = "sla"
_FINGERPRINT_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody registers, in clear."""

    subscription_id: str
    endpoint: Endpoint
    filter: SubscriptionFilter
    active: bool


@dataclass(frozen=True, slots=True)
class Faring:
    """How a subscription stands. `failing_since` is the time of the oldest movement that could
    not be brought so far; `error` tells why, `attempts` how often it was tried."""

    waiting: int
    failing_since: datetime | None
    attempts: int
    error: str | None
    delivered_at: datetime | None
    given_up: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """`url` is None since its key was erased."""

    entry: SubscriptionRegistered
    url: str | None
    active: bool
    disabled_reason: str | None
    faring: Faring


class Subscriptions:
    def __init__(
        self, log: Log, engine: AsyncEngine, projector: Projector, vault: Vault, clock: Clock
    ) -> None:
        self._log = log
        self._engine = engine
        self._projector = projector
        self._vault = vault
        self._clock = clock

    async def put(self, wanted: Wanted, *, by: str) -> int:
        """The position at which the entry stands; the old one if nothing changed.

        Raises Conflict, LogUnavailable.
        """
        branch = _branch(wanted.subscription_id)
        seen = 0

        async def read() -> Basis[tuple[SubscriptionRegistered, Any]]:
            nonlocal seen
            seen, row = await self._look(wanted.subscription_id)
            known = entry_of(row.entry) if row else None
            entry = await self._entry(wanted, known.endpoint if known else None)
            return Basis((entry, row), [Expect(branch, seen)])

        def decide(state: tuple[SubscriptionRegistered, Any]) -> Sequence[Event]:
            entry, row = state
            known = entry_of(row.entry) if row else None
            facts = register(entry, known, disabled=bool(row and row.disabled_reason))
            return [record(f, service=SERVICE, time=self._clock.now(), actor=by) for f in facts]

        return await commit(self._log, read, decide) or seen

    async def remove(self, subscription_id: str, *, by: str) -> int | None:
        """The position of the removal; None for one that is not registered."""

        async def read() -> Basis[Any]:
            seen, row = await self._look(subscription_id)
            return Basis(row, [Expect(_branch(subscription_id), seen)])

        def decide(row: Any) -> Sequence[Event]:
            facts = remove(subscription_id, registered=row is not None)
            return [record(f, service=SERVICE, time=self._clock.now(), actor=by) for f in facts]

        return await commit(self._log, read, decide)

    async def page(self, after: str, limit: int) -> Sequence[Subscription]:
        """By id, those after `after`."""
        query = select(subscriptions).where(subscriptions.c.subscription_id > after)
        return await self._fetch(query.order_by(subscriptions.c.subscription_id).limit(limit))

    async def one(self, subscription_id: str) -> Subscription | None:
        named = subscriptions.c.subscription_id == subscription_id
        found = await self._fetch(select(subscriptions).where(named))
        return found[0] if found else None

    async def _look(self, subscription_id: str) -> tuple[int, Any]:
        """The log's position on the subscription, and the row that knows it."""
        branch = _branch(subscription_id)
        position = (await see(self._log, self._projector, branch))[branch]
        named = subscriptions.c.subscription_id == subscription_id
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(subscriptions).where(named))).one_or_none()
        return position, row

    async def _entry(self, wanted: Wanted, known: Sealed | None) -> SubscriptionRegistered:
        secrets = wanted.endpoint.secrets
        return SubscriptionRegistered(
            subscription_id=wanted.subscription_id,
            host=checked_url(wanted.endpoint.url).host,
            endpoint=await self._sealed(wanted, known),
            fingerprints=tuple(map(fingerprint, secrets)),
            filter=wanted.filter,
            active=wanted.active,
        )

    async def _sealed(self, wanted: Wanted, known: Sealed | None) -> Sealed:
        """The box we have where it holds the same already: an unchanged entry stays equal."""
        holds = {"url": wanted.endpoint.url, "secrets": list(wanted.endpoint.secrets)}
        if known is not None and await self._vault.open(known) == holds:
            return known
        person = self._vault.person_id("subscription", wanted.subscription_id)
        return await self._vault.seal(person, holds)

    async def _fetch(self, query: Select[Any]) -> Sequence[Subscription]:
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
            fared = (await connection.execute(_faring([r.subscription_id for r in rows]))).all()
        faring = {row.subscription_id: row for row in fared}
        return [await self._shown(row, faring[row.subscription_id]) for row in rows]

    async def _shown(self, row: Any, fared: Any) -> Subscription:
        entry = entry_of(row.entry)
        opened = await self._vault.open(entry.endpoint)
        url = opened["url"] if opened else None
        _, *figures = fared
        return Subscription(entry, url, row.active, row.disabled_reason, Faring(*figures))


def fingerprint(secret: str) -> str:
    """Tells one secret from another without telling it."""
    return hashlib.sha256(secret.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def filter_of(fields: dict[str, Any]) -> SubscriptionFilter:
    return msgspec.convert(fields, SubscriptionFilter)


def _branch(subscription_id: str) -> str:
    return f"ac.{SERVICE}.subscription.{subscription_id}"


def _faring(ids: Sequence[str]) -> Select[Any]:
    """One row of figures for each subscription, in the order of `Faring`."""
    named = subscriptions.c.subscription_id
    waits = (waiting.c.kind == KIND, waiting.c.receiver == named)
    tried = (deliveries.c.kind == KIND, deliveries.c.receiver == named)
    failing = (*tried, deliveries.c.state == "failing")
    oldest = (
        select(func.min(waiting.c.moved_at))
        .join(deliveries, deliveries.c.lane == waiting.c.lane)
        .where(*waits, *failing)
    )
    error = select(deliveries.c.error).where(*failing).order_by(deliveries.c.position.desc())
    delivered = select(func.max(deliveries.c.attempted_at)).where(
        *tried, deliveries.c.state == "delivered"
    )
    figures: list[Any] = [
        select(func.count()).select_from(waiting).where(*waits).scalar_subquery(),
        oldest.scalar_subquery(),
        select(func.coalesce(func.max(deliveries.c.attempt), 0)).where(*failing).scalar_subquery(),
        error.limit(1).scalar_subquery(),
        delivered.scalar_subquery(),
        select(func.count())
        .select_from(deliveries)
        .where(*tried, deliveries.c.state == "given_up")
        .scalar_subquery(),
    ]
    columns: list[Any] = [named, *figures]
    return cast("Select[Any]", select(*columns).where(named.in_(ids)))
