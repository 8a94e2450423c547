"""An emergency plan (DP-27) as it was entered last."""

from collections.abc import Sequence

import msgspec

from aftercare_events.catalogue.emergency import PlanEntered


class PlanState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    entry: PlanEntered | None = None


INITIAL = PlanState()


def decide(entry: PlanEntered, state: PlanState) -> Sequence[PlanEntered]:
    return [] if entry == state.entry else [entry]


def evolve(_: PlanState, fact: PlanEntered) -> PlanState:
    return PlanState(entry=fact)
