"""Penalties and claimed losses as they are read, with what of each counts (SL-10)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, RowMapping, Table, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_http.i18n import LOCAL_ZONE

from .domain.liability import Accrual, Charge, Liable, Sum, charged, summed
from .tables import cases, contracts, losses, penalties, policies


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose penalties; None is everybody's."""

    case: str | None = None
    customer: str | None = None
    contract: str | None = None


@dataclass(frozen=True, slots=True)
class Price:
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Priced:
    """A charge, the price of its contract where the archive has one, and its policy's time zone."""

    charge: Charge
    price: Price | None
    zone: ZoneInfo


async def find(engine: AsyncEngine, wanted: Wanted, *, after: int, limit: int) -> Sequence[Priced]:
    """Penalties with a position greater than `after`, in the order of the log."""
    page = select(penalties).where(penalties.c.position > after, *_of(penalties, wanted))
    async with engine.connect() as connection:
        found = await connection.execute(page.order_by(penalties.c.position).limit(limit))
        shown = [_accrual(row) for row in found.mappings()]
        charges = await _charges(connection, shown)
        prices = await _prices(connection, [accrual.contract_id for accrual in shown])
        zones = await _zones(connection)
    return [
        Priced(
            charge,
            prices.get(charge.accrual.contract_id),
            zones.get((charge.accrual.policy, charge.accrual.policy_version), LOCAL_ZONE),
        )
        for charge in charges
    ]


async def _charges(connection: AsyncConnection, shown: Sequence[Accrual]) -> list[Charge]:
    """What of each counts, which depends on those recorded before under the same contracts."""
    if not shown:
        return []
    named = {accrual.contract_id for accrual in shown if accrual.contract_id}
    nameless = {accrual.customer_id or "" for accrual in shown if not accrual.contract_id}
    contract, customer = penalties.c.contract_id, func.coalesce(penalties.c.customer_id, "")
    rows = await connection.execute(
        select(penalties)
        .where(or_(contract.in_(named), contract.is_(None) & customer.in_(nameless)))
        .where(penalties.c.position <= shown[-1].position)
        .order_by(penalties.c.position)
    )
    positions = {accrual.position for accrual in shown}
    charges = charged(_accrual(row) for row in rows.mappings())
    return [charge for charge in charges if charge.accrual.position in positions]


@dataclass(frozen=True, slots=True)
class Claimed:
    """Losses claimed under one contract in one currency."""

    currency: str
    amount: Decimal
    claims: int


@dataclass(frozen=True, slots=True)
class Liability:
    """Penalties of one contract and the losses claimed beside them."""

    liable: Liable
    sum: Sum
    price: Price | None
    losses: Sequence[Claimed]


async def liabilities(engine: AsyncEngine, wanted: Wanted) -> list[Liability]:
    """By contract; those with a claimed loss and no penalty too."""
    query = select(penalties).where(*_of(penalties, wanted)).order_by(penalties.c.position)
    async with engine.connect() as connection:
        rows = await connection.execute(query)
        sums = summed(charged(_accrual(row) for row in rows.mappings()))
        claimed = await _claimed(connection, wanted)
        liable = sorted(sums.keys() | claimed.keys(), key=_in_order)
        prices = await _prices(connection, [of.contract_id for of in liable])
    return [
        Liability(of, sums.get(of, Sum()), prices.get(of.contract_id), claimed.get(of, ()))
        for of in liable
    ]


def _in_order(liable: Liable) -> tuple[str, ...]:
    return tuple(part or "" for part in liable)


async def _claimed(
    connection: AsyncConnection, wanted: Wanted
) -> Mapping[Liable, Sequence[Claimed]]:
    policy = case((losses.c.contract_id.is_(None), cases.c.policy))
    whose = (losses.c.contract_id, losses.c.customer_id, policy, losses.c.currency)
    rows = await connection.execute(
        select(*whose, func.sum(losses.c.amount), func.count())
        .join(cases, cases.c.case_id == losses.c.case_id)
        .where(*_of(losses, wanted))
        .group_by(*whose)
        .order_by(losses.c.currency)
    )
    claimed: defaultdict[Liable, list[Claimed]] = defaultdict(list)
    for contract_id, customer_id, of_policy, currency, total, count in rows:
        claimed[Liable(contract_id, customer_id, of_policy)].append(Claimed(currency, total, count))
    return claimed


async def _prices(
    connection: AsyncConnection, contract_ids: Iterable[str | None]
) -> dict[str | None, Price]:
    wanted = {contract_id for contract_id in contract_ids if contract_id}
    rows = await connection.execute(
        select(contracts).where(contracts.c.contract_id.in_(wanted), contracts.c.price.is_not(None))
    )
    return {row.contract_id: Price(row.price, row.currency) for row in rows}


async def _zones(connection: AsyncConnection) -> dict[tuple[str | None, int | None], ZoneInfo]:
    zone = policies.c.document["time_zone"].astext
    rows = await connection.execute(select(policies.c.name, policies.c.version, zone))
    return {(name, version): ZoneInfo(of) for name, version, of in rows}


def _accrual(row: RowMapping) -> Accrual:
    values: dict[str, Any] = {str(name): value for name, value in row.items()}
    for name in ("percent", "max_percent"):
        values[name] = Decimal(str(values[name]))
    return Accrual(**values)


def _of(table: Table, wanted: Wanted) -> list[ColumnElement[bool]]:
    given = {
        table.c.case_id: wanted.case,
        table.c.customer_id: wanted.customer,
        table.c.contract_id: wanted.contract,
    }
    return [column == value for column, value in given.items() if value is not None]
