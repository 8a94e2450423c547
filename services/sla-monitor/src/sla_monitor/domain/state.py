"""The clocks of one case: what happened to it, where its clocks stand, what was announced."""

from typing import Literal

import msgspec

from aftercare_events.catalogue.case import Step

from .facts import Fact, TermsKey
from .terms import Attributes

Outcome = Literal["met", "cancelled", "inapplicable"]


class ArmedStep(msgspec.Struct, frozen=True, array_like=True):
    """A step of a clock's ladder; `fire_at` is None while a pause holds it.

    `arm` counts how often a recalculation armed it again after it had fired.
    """

    step: Step
    fire_at: int | None
    arm: int
    fired: bool


class Clock(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """One promise to one case in one cycle; instants and spans in microseconds.

    `due_at` leaves an open pause out of account. `since` is when the clock was opened or last
    recalculated: nothing of it can fire or breach before. `breach_at` is when it breaches, or
    did, unless something comes before. `row` is the promise's place in the contract.
    """

    name: str
    cycle: int
    row: int
    started_at: int
    target: int
    due_at: int
    since: int
    breach_at: int
    steps: tuple[ArmedStep, ...]
    paused_since: int | None = None
    ended_at: int | None = None
    outcome: Outcome | None = None
    agreed: bool = False


class Pause(msgspec.Struct, frozen=True, array_like=True):
    begin: int
    end: int | None
    reason: str


class Reached(msgspec.Struct, frozen=True, array_like=True):
    """A milestone with the cycle it fell into."""

    at: int
    name: str
    cycle: int


class Course(msgspec.Struct, frozen=True, array_like=True):
    """Where a case stands: the fold of its facts in the order in which they happened.

    `stage` says which of the case's terms hold now; `team` are engineers called together for it.
    """

    at: int
    reported_at: int
    cycle_began: int
    attributes: Attributes
    clocks: tuple[Clock, ...] = ()
    pauses: tuple[Pause, ...] = ()
    reached: tuple[Reached, ...] = ()
    engineer: str | None = None
    cycle: int = 1
    onsite_required_at: int | None = None
    ended: bool = False
    stage: int = 0
    team: tuple[str, ...] = ()


class RaisedAlert(msgspec.Struct, frozen=True, array_like=True):
    """An alert of the history. `seen` is how many facts were known when it was raised.

    `rung_at` is when it rang last, of `reminders` times beside the first, `unanswered` of them
    since somebody last acknowledged it. `holder` is whoever did, and still has it, until the
    time `promised`, if one was. Instants in microseconds.
    """

    clock: str
    cycle: int
    step: Step
    arm: int
    fire_at: int
    seen: int
    resolved: bool
    rung_at: int = 0
    reminders: int = 0
    unanswered: int = 0
    holder: str | None = None
    promised: int | None = None


class AnnouncedBreach(msgspec.Struct, frozen=True, array_like=True):
    """A breach of the history that was not withdrawn; `at` its moment, `penalty` in per cent."""

    clock: str
    cycle: int
    at: int
    penalty: float | None = None


class CaseClocks(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything the clocks need to know of one case.

    `facts` stand in the order of the log, `course` is their fold in the order in which they
    happened: a fact that is told late is judged by its own time. `alerts` and `breaches` are
    what was announced meanwhile, which no later fact makes unsaid; so is `promised`, that its due
    times were. `policy`, `policy_version` and `editions` are those it was reported under.
    """

    case_id: str
    policy: str
    policy_version: int
    reported_at: int
    reported: Attributes
    course: Course
    customer_id: str | None = None
    contract_id: str | None = None
    facts: tuple[Fact, ...] = ()
    alerts: tuple[RaisedAlert, ...] = ()
    breaches: tuple[AnnouncedBreach, ...] = ()
    editions: tuple[tuple[str, int], ...] = ()
    moved_to: tuple[TermsKey, ...] = ()
    promised: bool = False

    @property
    def governing(self) -> str:
        """The policy that the case stands under now."""
        return self.stages[-1].policy or self.policy

    @property
    def stages(self) -> tuple[TermsKey, ...]:
        """The terms the case was reported under, then each it was moved to, as the log has them."""
        return (TermsKey(self.policy_version, self.editions), *self.moved_to)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(CaseClocks)


def to_bytes(state: CaseClocks) -> bytes:
    return _encoder.encode(state)


def from_bytes(data: bytes) -> CaseClocks:
    """Raises msgspec.MsgspecError."""
    return _decoder.decode(data)
