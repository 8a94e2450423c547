"""What stands in the depots, counted: against what they keep, and against whom they serve."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy import func, select

from aftercare_events.decider import Refused

from .aggregates import UNIT
from .domain import safety_stock, stock_plan
from .domain.safety_stock import Kept, SafetyState
from .plan import Plan
from .reading import Reading
from .stockroom import place_in
from .tables import contracts, depots, devices, sites, units

_covers = msgspec.json.Decoder(tuple[frozenset[str], frozenset[str]])


class DepotStock:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def set_levels(self, command: safety_stock.SetLevels) -> Plan:
        """Raises Refused."""
        known = await self._reading.depot(command.depot_id)
        if known.state is None:
            raise Refused("unknown-depot", f"no depot {command.depot_id}", "depot_id")
        loaded = await self._reading.safety_stock(command.depot_id)
        return Plan(safety_stock.decide(command, loaded.state), [loaded], "set")

    async def watch(self, depot_id: str) -> Plan:
        """Tell ops what runs short, or does no longer."""
        loaded = await self._reading.safety_stock(depot_id)
        if not loaded.state.levels and not loaded.state.low:
            return Plan([], [loaded], "watched")
        await self._reading.catch_up()
        free = await self.free(depot_id, loaded.state)
        command = safety_stock.Watch(depot_id=depot_id, free=free)
        return Plan(safety_stock.decide(command, loaded.state), [loaded], "watched")

    async def free(self, depot_id: str, state: SafetyState) -> Mapping[Kept, int]:
        """How many units are free of whatever the depot keeps, or ran short of."""
        query = (
            select(units.c.model, units.c.category, func.count().label("number"))
            .where(units.c.depot_id == depot_id, units.c.is_free)
            .group_by(units.c.model, units.c.category)
        )
        rows = await self._reading.rows(query)
        watched = {safety_stock.kept(one) for one in (*state.levels, *state.low)}
        return {
            what: sum(
                row["number"]
                for row in rows
                if (what.model is not None and row["model"] == what.model)
                or (what.category is not None and row["category"] == what.category)
            )
            for what in watched
        }

    async def proposal(self, today: date) -> Sequence[stock_plan.Share]:
        """Stock in proportion to the devices under contract in each depot's district (DP-28)."""
        rows = await self._reading.rows(select(depots).order_by(depots.c.depot_id))
        known = [
            stock_plan.Depot(
                depot_id=row["depot_id"], district=row["district"], where=place_in(row)
            )
            for row in rows
        ]
        return stock_plan.propose(known, await self._served(today), await self._held())

    async def _held(self) -> Mapping[tuple[str, str], int]:
        """Units by depot and category, lent ones too; what is written off or unknown is none."""
        query = select(units.c.depot_id, units.c.category, units.c.state).where(
            units.c.category.is_not(None), units.c.depot_id.is_not(None)
        )
        held: Counter[tuple[str, str]] = Counter()
        for row in await self._reading.rows(query):
            if not UNIT.decoder.decode(row["state"]).written_off:
                held[row["depot_id"], row["category"]] += 1
        return held

    async def _served(self, today: date) -> Sequence[stock_plan.Served]:
        covered = await self._contracts(today)
        query = (
            select(devices, sites.c.city, sites.c.latitude, sites.c.longitude)
            .join(sites, sites.c.site_id == devices.c.site_id, isouter=True)
            .where(devices.c.category.is_not(None))
            .order_by(devices.c.device_id)
        )
        return [
            stock_plan.Served(
                category=row["category"],
                quantity=row["quantity"] or 1,
                city=row["city"],
                where=place_in(row),
            )
            for row in await self._reading.rows(query)
            if any(
                _covered(named, row["device_id"], row["site_id"])
                for named in covered.get(row["customer_id"], ())
            )
        ]

    async def _contracts(
        self, today: date
    ) -> Mapping[str, Sequence[tuple[frozenset[str], frozenset[str]]]]:
        """What contracts in force cover, by customer."""
        query = select(contracts).where(
            contracts.c.starts_on <= today,
            contracts.c.ends_on.is_(None) | (contracts.c.ends_on >= today),
        )
        found: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
        for row in await self._reading.rows(query):
            found.setdefault(row["customer_id"], []).append(_covers.decode(row["covers"]))
        return found


def _covered(
    named: tuple[frozenset[str], frozenset[str]], device_id: str, site_id: str | None
) -> bool:
    """A contract that names neither devices nor sites covers everything of its customer."""
    of_devices, of_sites = named
    return not (of_devices or of_sites) or device_id in of_devices or site_id in of_sites
