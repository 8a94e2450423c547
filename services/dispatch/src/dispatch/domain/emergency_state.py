"""The emergency plans that a case is handled by, as its facts have left them (DP-27)."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.emergency import (
    PlanActivated,
    PlanStepDone,
    TeamCalled,
    TeamRole,
)

Fact = PlanActivated | PlanStepDone | TeamCalled


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    text: str
    done_by: str | None = None
    done_at: datetime | None = None
    note: str | None = None


class Emergency(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One plan under way; the team is empty until it is called together."""

    plan_id: str
    title: str
    activated_by: str
    activated_at: datetime
    steps: tuple[Step, ...]
    team: tuple[TeamRole, ...] = ()
    called_at: datetime | None = None


Emergencies = tuple[Emergency, ...]


def evolve(plans: Emergencies, fact: Fact, at: datetime) -> Emergencies:
    match fact:
        case PlanActivated():
            begun = Emergency(
                plan_id=fact.plan_id,
                title=fact.title,
                activated_by=fact.activated_by,
                activated_at=at,
                steps=tuple(Step(text=text) for text in fact.steps),
            )
            return (*plans, begun)
        case PlanStepDone():
            return _changed(plans, fact.plan_id, lambda one: _ticked(one, fact, at))
        case TeamCalled():
            return _changed(
                plans, fact.plan_id, lambda one: replace(one, team=fact.team, called_at=at)
            )
        case _:
            assert_never(fact)


def _changed(
    plans: Emergencies, plan_id: str, change: Callable[[Emergency], Emergency]
) -> Emergencies:
    return tuple(change(one) if one.plan_id == plan_id else one for one in plans)


def _ticked(one: Emergency, fact: PlanStepDone, at: datetime) -> Emergency:
    steps = tuple(
        replace(step, done_by=fact.done_by, done_at=at, note=fact.note)
        if number == fact.step
        else step
        for number, step in enumerate(one.steps, start=1)
    )
    return replace(one, steps=steps)
