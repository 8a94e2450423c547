"""By which weights engineers are chosen (DP-04): versions, each set by somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from aftercare_events.catalogue.choosing import ChoosingWeights, WeightsSet

CHOOSING = "choosing"


class Weighed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Version 0 is what is shipped; nobody has set it."""

    version: int = 0
    weights: ChoosingWeights = ChoosingWeights()
    by: str | None = None
    reason: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWeights:
    weights: ChoosingWeights
    by: str
    reason: str | None = None


INITIAL = Weighed()


def decide(command: SetWeights, state: Weighed) -> Sequence[WeightsSet]:
    if command.weights == state.weights:
        return []
    return [
        WeightsSet(
            weights_id=CHOOSING,
            version=state.version + 1,
            weights=command.weights,
            by=command.by,
            reason=command.reason,
        )
    ]


def evolve(state: Weighed, fact: WeightsSet, at: datetime) -> Weighed:
    return msgspec.structs.replace(
        state,
        version=fact.version,
        weights=fact.weights,
        by=fact.by,
        reason=fact.reason,
        since=at,
    )
