"""A mail or fax that opened no case is worked off by a clerk: it becomes one, or nothing is done.

It is in quarantine, or no person wrote it: programs, too, say that something is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

import msgspec

from aftercare_events.catalogue.intake import (
    ArrivalChannel,
    ArrivalDismissed,
    ArrivalReleased,
    Disposition,
    FaxReceived,
    MailReceived,
)
from aftercare_events.decider import Decider, Refused

PUT_ASIDE: frozenset[Disposition] = frozenset(("quarantined", "automatic"))


@dataclass(frozen=True, slots=True)
class ArrivalState:
    """`put_aside`: it opened no case as it came. `released_into` is the case that it became."""

    arrival_id: str = ""
    channel: ArrivalChannel = "email"
    put_aside: bool = False
    sealed_for: str | None = None
    released_into: str | None = None
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """It asks for something after all: the case with this number is opened for it."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Dismiss:
    reason: str


Command = Release | Dismiss


def decide(command: Command, state: ArrivalState) -> Sequence[msgspec.Struct]:
    """The events that follow; a dismissal is mended by a release. Raises Refused."""
    if not state.put_aside:
        raise Refused("not-quarantined", "It belongs to a case as it came.")
    match command:
        case Release():
            return [] if state.released_into else [_released(command, state)]
        case Dismiss():
            if state.released_into:
                raise Refused("arrival-released", f"It became the case {state.released_into}.")
            return [] if state.dismissed else [_dismissed(command, state)]
        case _:
            assert_never(command)


def _released(command: Release, state: ArrivalState) -> ArrivalReleased:
    return ArrivalReleased(
        arrival_id=state.arrival_id,
        channel=state.channel,
        case_id=command.case_id,
        sealed_for=state.sealed_for,
    )


def _dismissed(command: Dismiss, state: ArrivalState) -> ArrivalDismissed:
    return ArrivalDismissed(
        arrival_id=state.arrival_id, channel=state.channel, reason=command.reason
    )


def evolve(state: ArrivalState, event: Any) -> ArrivalState:
    match event:
        case MailReceived():
            return _received(event.mail_id, "email", event)
        case FaxReceived():
            return _received(event.fax_id, "fax", event)
        case ArrivalReleased():
            return replace(state, released_into=event.case_id)
        case ArrivalDismissed():
            return replace(state, dismissed=True)
        case _:
            return state


def _received(
    arrival_id: str, channel: ArrivalChannel, event: MailReceived | FaxReceived
) -> ArrivalState:
    return ArrivalState(
        arrival_id,
        channel,
        put_aside=event.disposition in PUT_ASIDE,
        sealed_for=event.sender.person if event.sender else None,
    )


DECIDER: Decider[Command, ArrivalState, msgspec.Struct] = Decider(ArrivalState(), decide, evolve)
