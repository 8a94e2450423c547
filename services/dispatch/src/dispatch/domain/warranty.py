"""How repairs change the warranty of one device (DP-13, DP-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.case import Replacement
from aftercare_events.catalogue.warranty import RestartCause, WarrantyExtended, WarrantyRestarted

from .contract_terms import WaitingRule

Fact = WarrantyExtended | WarrantyRestarted
DAY = timedelta(days=1)


class WarrantyState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whatever was said about it, oldest first."""

    extensions: tuple[WarrantyExtended, ...] = ()
    restarts: tuple[WarrantyRestarted, ...] = ()

    @property
    def restarted_on(self) -> date | None:
        """When the device itself, not a part of it, began a new warranty last."""
        return max((one.starts_on for one in self.restarts if one.part is None), default=None)


INITIAL = WarrantyState()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    """The device was waited for from `began` to `ended`."""

    device_id: str
    case_id: str
    began: datetime
    ended: datetime
    rule: WaitingRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """The device, or with `part` a key part of it, was replaced."""

    device_id: str
    case_id: str
    starts_on: date
    cause: RestartCause
    part: str | None = None
    serial: str | None = None


Command = Extend | Restart


def decide(command: Command, state: WarrantyState) -> Sequence[Fact]:
    """Nothing where it is not so, or was said already."""
    match command:
        case Extend():
            return extend(command, state)
        case Restart():
            return restart(command, state)
        case _:
            assert_never(command)


def extend(command: Extend, state: WarrantyState) -> Sequence[Fact]:
    """By a multiple of the whole waiting time, once it is longer than the contract allows."""
    waited = command.ended - command.began
    said = any(
        (one.case_id, one.waited_from) == (command.case_id, command.began)
        for one in state.extensions
    )
    if said or waited <= command.rule.over_days * DAY:
        return []
    return [
        WarrantyExtended(
            device_id=command.device_id,
            case_id=command.case_id,
            waited_from=command.began,
            waited_until=command.ended,
            over_days=command.rule.over_days,
            factor=command.rule.factor,
            days=ceil(command.rule.factor * (waited / DAY)),
        )
    ]


def restart(command: Restart, state: WarrantyState) -> Sequence[Fact]:
    """Once for each piece and day."""
    said = any(
        (one.case_id, one.part, one.starts_on) == (command.case_id, command.part, command.starts_on)
        for one in state.restarts
    )
    if said:
        return []
    return [
        WarrantyRestarted(
            device_id=command.device_id,
            case_id=command.case_id,
            starts_on=command.starts_on,
            cause=command.cause,
            part=command.part,
            serial=command.serial,
        )
    ]


def restart_of(
    replaced: Replacement, device_id: str, case_id: str, starts_on: date
) -> Restart | None:
    """Devices and key parts start anew; wear parts do not."""
    if replaced.what == "part":
        return None
    is_part = replaced.what == "key_part"
    return Restart(
        device_id=device_id,
        case_id=case_id,
        starts_on=starts_on,
        cause="replaced",
        part=(replaced.name or "key part") if is_part else None,
        serial=replaced.serial,
    )


def evolve(state: WarrantyState, fact: Fact) -> WarrantyState:
    match fact:
        case WarrantyExtended():
            return replace(state, extensions=(*state.extensions, fact))
        case WarrantyRestarted():
            return replace(state, restarts=(*state.restarts, fact))
        case _:
            assert_never(fact)
