"""What intake may still say about a case once it is open: a decider."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import msgspec

from aftercare_events.catalogue.case import (
    CaseMerged,
    CaseReclassified,
    CaseTookOver,
    CaseWithdrawn,
    Channel,
    Kind,
    MessageAdded,
    SeverityChanged,
)
from aftercare_events.catalogue.clerk import (
    CustomerAssigned,
)
from aftercare_events.decider import Decider, Refused
from aftercare_events.sealing import Sealed

from . import clerk
from .case_state import CaseState, evolve, require_open
from .policy import Terms
from .report import check_severity


class CaseUnknown(Refused):
    """Nothing was ever reported under this number."""


class CaseOver(Refused):
    """Nobody works on the case any more; `into` is the one as which it goes on, if it does."""

    def __init__(self, state: CaseState) -> None:
        self.into = state.merged_into
        if self.into is None:
            super().__init__("case-ended", f"This case was {state.ended} already.")
        else:
            super().__init__("case-merged", f"This case goes on as {self.into}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassify:
    """A named person corrects the classification (IN-07); None leaves an attribute alone."""

    reason: str
    severity: str | None = None
    category: str | None = None
    kind: Kind | None = None
    use_affected: bool | None = None
    terms: Terms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMessage:
    channel: Channel
    identity: str
    body_digest: str | None = None
    text: Sealed | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """This case is the same as `into` and goes on there."""

    into: CaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """Whose case it is became known, or which device it is about."""

    assigned: CustomerAssigned


Command = Reclassify | AddMessage | Withdraw | Merge | Attribute | clerk.Command


def decide(command: Command, state: CaseState) -> Sequence[msgspec.Struct]:
    """The events that follow. Raises Refused."""
    if not state.case_id:
        raise CaseUnknown("case-unknown", "There is no such case.")
    match command:
        case Reclassify():
            return _reclassify(command, state)
        case AddMessage():
            return [_message(command, state)]
        case Withdraw():
            return _withdraw(command, state)
        case Merge():
            return _merge(command, state)
        case Attribute():
            require_open(state)
            return [command.assigned]
        case clerk.Verify() | clerk.Reject() | clerk.DecideEntitlement() | clerk.DismissDuplicate():
            return clerk.decide(command, state)
        case _:
            assert_never(command)


DECIDER: Decider[Command, CaseState, msgspec.Struct] = Decider(CaseState(), decide, evolve)


def _reclassify(command: Reclassify, state: CaseState) -> list[msgspec.Struct]:
    require_open(state)
    check_severity(command.severity, command.terms)
    events: list[msgspec.Struct] = []
    if command.severity is not None and command.severity != state.severity:
        events.append(
            SeverityChanged(
                case_id=state.case_id,
                severity=command.severity,
                previous=state.severity,
                reason=command.reason,
            )
        )
    kind = command.kind if command.kind != state.kind else None
    category = command.category if command.category != state.category else None
    use_affected = command.use_affected if command.use_affected != state.use_affected else None
    if kind or category or use_affected is not None:
        events.append(
            CaseReclassified(
                case_id=state.case_id,
                kind=kind,
                category=category,
                use_affected=use_affected,
                reason=command.reason,
            )
        )
    return events


def _message(command: AddMessage, state: CaseState) -> MessageAdded:
    if state.ended is not None:
        raise CaseOver(state)
    return MessageAdded(
        case_id=state.case_id,
        channel=command.channel,
        identity=command.identity,
        body_digest=command.body_digest,
        text=command.text,
        attachments=command.attachments,
    )


def _withdraw(command: Withdraw, state: CaseState) -> list[CaseWithdrawn]:
    if state.ended == "withdrawn":
        return []
    require_open(state)
    return [CaseWithdrawn(case_id=state.case_id, reason=command.reason)]


def _merge(command: Merge, state: CaseState) -> list[msgspec.Struct]:
    """Said of both, so that neither can end or be merged itself in the same moment."""
    into = command.into
    if into.case_id and into.case_id == state.merged_into:
        return []
    require_open(state)
    if not into.case_id:
        raise Refused("case-unknown", "There is no case to merge into.", "into")
    if into.case_id == state.case_id:
        raise Refused("merge-into-itself", "A case cannot be merged into itself.", "into")
    if into.merged_into is not None:
        raise Refused("merge-into-merged", f"That case goes on as {into.merged_into}.", "into")
    if into.ended is not None:
        raise Refused("merge-into-ended", f"That case was {into.ended} already.", "into")
    return [
        CaseTookOver(case_id=into.case_id, other=state.case_id),
        CaseMerged(case_id=state.case_id, into=into.case_id),
    ]
