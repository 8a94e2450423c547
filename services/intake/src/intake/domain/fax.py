"""A fax after it came in: read by machine, a few times at most; then a clerk's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, assert_never

import msgspec

from aftercare_events.catalogue.intake import (
    FaxChecked,
    FaxProposal,
    FaxRead,
    FaxReadingFailed,
    FaxReceived,
)
from aftercare_events.decider import Decider
from aftercare_events.sealing import Sealed

ATTEMPTS = 3
RETRY_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class FaxState:
    """`attempts` to read it that failed; `wanted` while a machine should read it.

    `checked` once a clerk has looked at it: then no machine need."""

    fax_id: str = ""
    case_id: str = ""
    wanted: bool = False
    attempts: int = 0
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The machine read the first `pages` pages."""

    pages: int
    confidence: float
    text: Sealed
    proposal: FaxProposal


@dataclass(frozen=True, slots=True, kw_only=True)
class FailToRead:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A clerk looked at it."""


Command = Read | FailToRead | Check


def decide(command: Command, state: FaxState) -> Sequence[msgspec.Struct]:
    """The events that follow; none when somebody else was faster."""
    match command:
        case Check():
            if state.checked:
                return []
            return [FaxChecked(fax_id=state.fax_id, case_id=state.case_id)]
        case _ if not state.wanted:
            return []
        case Read():
            return [
                FaxRead(
                    fax_id=state.fax_id,
                    case_id=state.case_id,
                    pages=command.pages,
                    confidence=command.confidence,
                    text=command.text,
                    proposal=command.proposal,
                )
            ]
        case FailToRead():
            return [
                FaxReadingFailed(
                    fax_id=state.fax_id,
                    case_id=state.case_id,
                    attempt=state.attempts + 1,
                    reason=command.reason,
                )
            ]
        case _:
            assert_never(command)


def evolve(state: FaxState, event: Any) -> FaxState:
    match event:
        case FaxReceived():
            return FaxState(event.fax_id, event.case_id or "", event.case_id is not None)
        case FaxRead():
            return replace(state, wanted=False)
        case FaxReadingFailed():
            return replace(state, attempts=event.attempt, wanted=event.attempt < ATTEMPTS)
        case FaxChecked():
            return replace(state, wanted=False, checked=True)
        case _:
            return state


DECIDER: Decider[Command, FaxState, msgspec.Struct] = Decider(FaxState(), decide, evolve)
