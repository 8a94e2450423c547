"""What each depot keeps at least, where it runs short, and what would be in proportion."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import select

from aftercare_events.catalogue.depot import SafetyLevel
from aftercare_http import Body, Line, MinPosition, Router

from ..aggregates import SAFETY
from ..domain import safety_stock
from ..domain.loan_dates import LOCAL
from ..tables import safety_stock as rows_of
from .call import Calling, Desk, Entered, Happening, Reader
from .stock import DepotId

router = Router(prefix="/v1", tags=["stock"], dependencies=[MinPosition])
MOST_LEVELS = 500


class LevelBody(Body):
    """Free units of a `model` or of a whole `category`; a `key_device` keeps two at least."""

    model: Line | None = None
    category: Line | None = None
    at_least: Annotated[int, Field(ge=0, le=100_000)]
    key_device: bool = False


class LevelsBody(Happening):
    levels: Annotated[list[LevelBody], Field(max_length=MOST_LEVELS)]


class LevelView(BaseModel):
    """`short` while fewer units are free than are to be kept, as ops were told."""

    model: str | None
    category: str | None
    at_least: int
    key_device: bool
    free: int
    short: bool


class SafetyStockView(BaseModel):
    depot_id: str
    levels: list[LevelView]


class ShareView(BaseModel):
    """Units of a category in a depot: those it `held`, and its `proposed` part of all of them."""

    depot_id: str
    category: str
    devices: int
    held: int
    proposed: int


class ProposalView(BaseModel):
    shares: list[ShareView]


@router.put("/depots/{depot_id}/safety-stock")
async def put_safety_stock(depot_id: DepotId, call: Calling, body: LevelsBody) -> Entered:
    """All levels of a depot; below one of them ops are alerted (DP-12)."""
    levels = tuple(
        SafetyLevel(
            model=one.model,
            category=one.category,
            at_least=one.at_least,
            key_device=one.key_device,
        )
        for one in body.levels
    )
    command = safety_stock.SetLevels(depot_id=depot_id, levels=levels)
    return await call.set_safety_stock(body, command)


@router.get("/depots/{depot_id}/safety-stock")
async def show_safety_stock(depot_id: DepotId, desk: Desk, _: Reader) -> SafetyStockView:
    """Empty where nothing was set for this depot."""
    query = select(rows_of.c.state).where(rows_of.c.depot_id == depot_id)
    found = await desk.reading.rows(query)
    state = SAFETY.decoder.decode(found[0]["state"]) if found else safety_stock.INITIAL
    free = await desk.depots.free(depot_id, state)
    low = {safety_stock.kept(one) for one in state.low}
    return SafetyStockView(
        depot_id=depot_id,
        levels=[
            LevelView(
                model=level.model,
                category=level.category,
                at_least=level.at_least,
                key_device=level.key_device,
                free=free.get(safety_stock.kept(level), 0),
                short=safety_stock.kept(level) in low,
            )
            for level in state.levels
        ],
    )


@router.get("/stock/proposal")
async def propose_stock(desk: Desk, _: Reader) -> ProposalView:
    """The stock of all depots, in proportion to the devices under contract that each serves."""
    today = desk.clock.now().astimezone(LOCAL).date()
    shares = await desk.depots.proposal(today)
    return ProposalView(
        shares=[ShareView.model_validate(one, from_attributes=True) for one in shares]
    )
