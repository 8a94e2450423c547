"""By which weights engineers are chosen: read, and set by a named person (DP-04)."""

from datetime import datetime
from typing import Annotated

from msgspec.structs import asdict
from pydantic import BaseModel, Field, StringConstraints

from aftercare_events.catalogue.choosing import ChoosingWeights
from aftercare_http import Body, MinPosition, Router

from ..domain.weighing import SetWeights, Weighed
from .call import Calling, Desk, Entered, Happening, Reader, Reason

router = Router(prefix="/v1/weights", tags=["choosing"], dependencies=[MinPosition])

DAY_MIN = 24 * 60
Minutes = Annotated[int, Field(ge=0, le=DAY_MIN)]
Asked = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}(/[A-Za-z0-9_-]{1,64})?$")
]
Level = Annotated[int, Field(ge=1, le=9)]


class WeightsBody(Body):
    """Minutes of a journey that each soft rule is worth; what is left out has its shipped value.

    `levels` asks for an engineer's level by `policy` or `policy/severity`; `answer_min` is how
    long somebody may take to accept where the contract says nothing of it. When there are fewer
    engineers than cases, a minute less left is worth `time_left_percent` of a minute of the way.
    """

    speed_kmh: Annotated[float, Field(ge=1, le=1_000)] = 60.0
    unknown_distance_min: Minutes = 120
    open_case_min: Annotated[int, Field(ge=1, le=DAY_MIN)] = 30
    level_missing_min: Minutes = 240
    level_wasted_min: Minutes = 5
    device_known_min: Minutes = 20
    model_known_min: Minutes = 10
    score_point_min: Minutes = 10
    recent_case_min: Minutes = 2
    recent_days: Annotated[int, Field(ge=1, le=366)] = 7
    resident_min: Minutes = 60
    answer_min: Annotated[int, Field(ge=1, le=DAY_MIN)] = 15
    late_min: Minutes = 120
    time_left_percent: Annotated[int, Field(ge=0, le=100)] = 20
    levels: dict[Asked, Level] = Field(default_factory=dict, max_length=200)

    def weights(self) -> ChoosingWeights:
        return ChoosingWeights(**self.model_dump())


class SettingBody(Happening):
    weights: WeightsBody
    reason: Reason | None = None


class WeightsView(BaseModel):
    """Version 0 is what is shipped; `by` set the version, `since` then."""

    version: int
    weights: WeightsBody
    by: str | None
    reason: str | None
    since: datetime | None


@router.put("")
async def put_weights(call: Calling, body: SettingBody) -> Entered:
    """The whole set, as the next version; the same set again changes nothing."""
    by = call.by(body)
    command = SetWeights(weights=body.weights.weights(), by=by.actor, reason=body.reason)
    return await call.set_weights(command, by)


@router.get("")
async def show_weights(desk: Desk, _: Reader) -> WeightsView:
    return _view((await desk.reading.weights()).state)


def _view(state: Weighed) -> WeightsView:
    return WeightsView(
        version=state.version,
        weights=WeightsBody(**asdict(state.weights)),
        by=state.by,
        reason=state.reason,
        since=state.since,
    )
