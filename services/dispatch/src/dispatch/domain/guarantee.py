"""The three guarantees (三包, DP-15): recognised with their evidence, decided by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.warranty import (
    CaseGuaranteeGranted,
    GuaranteeAccepted,
    GuaranteeProposed,
    GuaranteeRefused,
    Remedy,
    RepairMade,
)
from aftercare_events.catalogue.work import CostsRecorded
from aftercare_events.decider import Refused

from .contract_terms import ThreeGuarantees

Stage = Literal["unknown", "proposed", "accepted", "refused"]
Fact = GuaranteeProposed | GuaranteeAccepted | GuaranteeRefused
REMEDIES: dict[str, tuple[Remedy, ...]] = {
    "exchange_or_repair": ("exchange", "repair"),
    "replacement": ("replacement",),
}


class GuaranteeState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    stage: Stage = "unknown"
    proposal: GuaranteeProposed | None = None
    remedy: Remedy | None = None
    reason: str | None = None


INITIAL = GuaranteeState()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A fault of a device, with what speaks for a guarantee.

    `counted_from` is the day of acceptance, or of the last replacement; `repairs` are those before
    this failure, of this case too when it was reopened.
    """

    case_id: str
    cycle: int
    device_id: str
    failed_on: date
    counted_from: date | None = None
    repairs: Sequence[RepairMade] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    said: GuaranteeProposed


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """`remedy` may be left out where only one is proposed."""

    guarantee_id: str
    remedy: Remedy | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    guarantee_id: str
    reason: str


Command = Propose | Accept | Refuse


def recognise(rule: ThreeGuarantees, failure: Failure) -> Sequence[GuaranteeProposed]:
    """What the contract grants for this failure, with the dates that prove it."""
    return [*_early(rule, failure), *_repaired_in_vain(rule, failure)]


def _early(rule: ThreeGuarantees, failure: Failure) -> Sequence[GuaranteeProposed]:
    """The day of acceptance itself is day 0."""
    if failure.counted_from is None:
        return []
    day = (failure.failed_on - failure.counted_from).days
    if not rule.first_day <= day <= rule.last_day:
        return []
    return [
        GuaranteeProposed(
            guarantee_id=f"G-{failure.case_id}-{failure.cycle}-E",
            case_id=failure.case_id,
            device_id=failure.device_id,
            ground="early_failure",
            remedy="exchange_or_repair",
            failed_on=failure.failed_on,
            counted_from=failure.counted_from,
            day=day,
        )
    ]


def _repaired_in_vain(rule: ThreeGuarantees, failure: Failure) -> Sequence[GuaranteeProposed]:
    """So many repairs, and the failure after them, all within one year from the first of these."""
    known = [
        one
        for one in failure.repairs
        if failure.counted_from is None or one.repaired_on >= failure.counted_from
    ]
    latest = sorted(known, key=lambda one: one.repaired_on)[-rule.repairs :]
    if len(latest) < rule.repairs or failure.failed_on > a_year_after(latest[0].repaired_on):
        return []
    return [
        GuaranteeProposed(
            guarantee_id=f"G-{failure.case_id}-{failure.cycle}-R",
            case_id=failure.case_id,
            device_id=failure.device_id,
            ground="two_repairs",
            remedy="replacement",
            failed_on=failure.failed_on,
            counted_from=failure.counted_from,
            repairs=tuple(latest),
        )
    ]


def a_year_after(day: date) -> date:
    """The same day of the next year; 28 February after a leap day."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year + 1, day.month, last)


def decide(command: Command, state: GuaranteeState) -> Sequence[Fact]:
    """Raises Refused: it was decided before, or that remedy was not proposed."""
    match command:
        case Propose():
            return [command.said] if state.stage == "unknown" else []
        case Accept():
            return accept(command, state)
        case Refuse():
            proposal = _proposed(state)
            return [
                GuaranteeRefused(
                    guarantee_id=command.guarantee_id,
                    case_id=proposal.case_id,
                    device_id=proposal.device_id,
                    reason=command.reason,
                )
            ]
        case _:
            assert_never(command)


def accept(command: Accept, state: GuaranteeState) -> Sequence[Fact]:
    proposal = _proposed(state)
    possible = REMEDIES[proposal.remedy]
    remedy = command.remedy or (possible[0] if len(possible) == 1 else None)
    if remedy is None or remedy not in possible:
        raise Refused("remedy-not-proposed", f"one of: {', '.join(possible)}", "remedy")
    return [
        GuaranteeAccepted(
            guarantee_id=command.guarantee_id,
            case_id=proposal.case_id,
            device_id=proposal.device_id,
            remedy=remedy,
            reason=command.reason,
        )
    ]


def free(
    granted: Sequence[Fact], entries: Sequence[CostsRecorded]
) -> Sequence[CaseGuaranteeGranted | CostsRecorded]:
    """What a granted guarantee makes of the costs of its case: only work out of scope is paid."""
    facts: list[CaseGuaranteeGranted | CostsRecorded] = []
    for one in granted:
        if isinstance(one, GuaranteeAccepted):
            facts.append(
                CaseGuaranteeGranted(
                    case_id=one.case_id, guarantee_id=one.guarantee_id, remedy=one.remedy
                )
            )
            facts.extend(
                replace(entry, charged=False)
                for entry in entries
                if entry.charged and entry.scope is None
            )
    return facts


def _proposed(state: GuaranteeState) -> GuaranteeProposed:
    if state.stage != "proposed" or state.proposal is None:
        raise Refused(f"guarantee-{state.stage}", f"the guarantee is {state.stage}")
    return state.proposal


def evolve(state: GuaranteeState, fact: Fact) -> GuaranteeState:
    match fact:
        case GuaranteeProposed():
            return GuaranteeState(stage="proposed", proposal=fact)
        case GuaranteeAccepted():
            return replace(state, stage="accepted", remedy=fact.remedy, reason=fact.reason)
        case GuaranteeRefused():
            return replace(state, stage="refused", reason=fact.reason)
        case _:
            assert_never(fact)
