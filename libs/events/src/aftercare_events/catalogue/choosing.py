"""By which weights an engineer is chosen."""

import msgspec

from .registry import event_type


class ChoosingWeights(msgspec.Struct, frozen=True, kw_only=True):
    """What the soft rules of a choice weigh (DP-04): minutes of a journey, unless named otherwise.

    Each value stands in the log, so that a later default changes no earlier choice. `levels` asks
    for a level by `policy/severity`, or by `policy` alone. A score is a customer's, 1 to 5.
    `late_min` is what an arrival after the promise costs; of a case with less time left, each
    minute less is worth `time_left_percent` hundredths of a minute of a longer way.
    """

    speed_kmh: float = 60.0
    unknown_distance_min: int = 120
    open_case_min: int = 30
    level_missing_min: int = 240
    level_wasted_min: int = 5
    device_known_min: int = 20
    model_known_min: int = 10
    score_point_min: int = 10
    recent_case_min: int = 2
    recent_days: int = 7
    resident_min: int = 60
    answer_min: int = 15
    late_min: int = 120
    time_left_percent: int = 20
    levels: dict[str, int] = {}


@event_type("aftercare.weights.set.v1")
class WeightsSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From here on engineers are chosen by these weights; versions count from 1."""

    weights_id: str
    version: int
    weights: ChoosingWeights
    by: str
    reason: str | None = None
