"""The soft rules of a choice (DP-04), all in minutes of a journey: the fewer, the better."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .need import Need, Work
from .staff import Flags, Numbers, Staff, distances_km
from .suitability import mentioned

Part = Literal["journey", "load", "level", "device", "scores", "fairness", "resident"]
# What most customers give; who is scored higher is preferred, who is scored lower is not.
USUAL_SCORE = 4.0


@dataclass(frozen=True, slots=True)
class Score:
    """Whole minutes, part by part and in sum; `late` by how many the visit misses its promise."""

    parts: Mapping[Part, Numbers]
    total: Numbers
    late: Numbers


def score(need: Need, staff: Staff, work: Work, journey: Numbers) -> Score:
    weights = need.weights
    gap = staff.level - need.level
    parts: dict[Part, Numbers] = {
        "journey": journey,
        "load": work.load * weights.open_case_min,
        "level": np.where(
            gap >= 0, gap * weights.level_wasted_min, -gap * weights.level_missing_min
        ),
        "device": _known(need, staff),
        "scores": np.nan_to_num(np.rint((USUAL_SCORE - work.scores) * weights.score_point_min)),
        "fairness": work.recent * weights.recent_case_min,
        "resident": _minus(
            staff.is_resident_at(need.customer_id, need.site_id), weights.resident_min
        ),
    }
    return Score(parts, np.sum(list(parts.values()), axis=0), _late(need, journey))


def journey_min(need: Need, staff: Staff, work: Work) -> Numbers:
    """Whole minutes to the site, from where they were last or from home; none to the hotline."""
    if need.mode != "onsite":
        return np.zeros(len(staff))
    if need.where is None:
        return np.full(len(staff), float(need.weights.unknown_distance_min))
    away = staff.distance_km(need.where)
    away[work.away] = distances_km(work.places, need.where)
    minutes = np.rint(away / need.weights.speed_kmh * 60)
    return np.where(np.isnan(minutes), need.weights.unknown_distance_min, minutes)


def _known(need: Need, staff: Staff) -> Numbers:
    """Who has worked on this very device finds the fault sooner, and on its model somewhat."""
    model = _minus(mentioned(staff, need.knows_model), need.weights.model_known_min)
    device = _minus(mentioned(staff, need.knows_device), need.weights.device_known_min)
    return np.minimum(model, device)


def _minus(flags: Flags, minutes: int) -> Numbers:
    return np.where(flags, -float(minutes), 0.0)


def _late(need: Need, journey: Numbers) -> Numbers:
    """A promise that has passed already, or that nobody made, tells nobody from another."""
    if need.mode != "onsite" or need.arrive_by is None or need.arrive_by <= need.at:
        return np.zeros(len(journey))
    left = (need.arrive_by - need.at).total_seconds() / 60
    return np.ceil(np.maximum(journey - left, 0.0))
