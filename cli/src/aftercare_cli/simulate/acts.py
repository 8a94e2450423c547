"""What somebody does about a case, each `after` seconds of the day since the act before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

MINUTE = 60.0
CallbackOutcome = Literal["satisfied", "unsatisfied", "unsolved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitEngineer(_Act):
    """Wait until somebody is sent; with nobody free a dispatcher sends number `by_hand`."""

    onsite: bool = False
    by_hand: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(_Act):
    """One of the case's commands at dispatch, such as `arrive`."""

    command: str
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(_Act):
    """The customer writes again: by mail where the request was one, else through the desk."""

    text: str
    resent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Classify(_Act):
    """The desk reads what came in writing, or corrects itself: kind or severity."""

    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(_Act):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lend(_Act):
    """A spare unit is asked for, like the device at fault; there may be none."""

    model: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLoans(_Act):
    """Everything lent for the case is shipped, received, swapped or given back."""

    command: Literal["ship", "receive", "swap", "return"]
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack(_Act):
    """The call after resolution: `attempts` that bring nothing, then the answers."""

    officer_id: str
    attempts: tuple[str, ...]
    attempt_gap_s: float
    outcome: CallbackOutcome
    scores: Mapping[str, int]
    suggestions: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutRight(_Act):
    """What the customer complained of is put right, and verified with her."""

    owner_id: str
    measures: str
    officer_id: str


Act = (
    AwaitEngineer
    | Milestone
    | FollowUp
    | Classify
    | Withdraw
    | Lend
    | MoveLoans
    | CallBack
    | PutRight
)
