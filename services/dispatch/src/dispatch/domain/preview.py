"""What would come of sending somebody, before it is done: when, how late, what is against it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .assignment import Proposal
from .need import Obstacle
from .slot import Slot

ARRIVAL = frozenset({"onsite", "onsite_limit"})
# Who is booked is not sent at once but next, and who is no longer here cannot be sent at all.
WAITED_FOR: Obstacle = "booked"
FINAL: Obstacle = "inactive"


@dataclass(frozen=True, slots=True)
class Preview:
    """`behind` names the cases visited first; `late` is by how much a promise is missed."""

    proposal: Proposal
    slot: Slot | None
    behind: Sequence[str]
    arrives: datetime | None
    late: timedelta

    @property
    def engineer_id(self) -> str:
        return self.proposal.engineer.engineer_id

    @property
    def is_possible(self) -> bool:
        return FINAL not in self.proposal.obstacles

    @property
    def broken_rules(self) -> Sequence[Obstacle]:
        """What a named dispatcher has to give a reason for (DP-04)."""
        return [one for one in self.proposal.obstacles if one != WAITED_FOR]

    @property
    def minutes(self) -> int:
        return (
            0
            if self.slot is None
            else round((self.slot.end - self.slot.start).total_seconds() / 60)
        )

    @property
    def late_min(self) -> int:
        return -int(-self.late.total_seconds() // 60)


def preview(
    proposal: Proposal, visits: Mapping[str, Slot], promised: Mapping[str, datetime]
) -> Preview:
    """`visits` are those of the engineer, `promised` the instants by clock."""
    wanted = proposal.slot
    if wanted is None:
        return Preview(proposal, None, (), None, timedelta(0))
    slot, behind = first_free(wanted, visits)
    arrives = slot.start + timedelta(minutes=int(proposal.why["journey_min"]))
    return Preview(proposal, slot, behind, arrives, _late(arrives, promised))


def first_free(wanted: Slot, visits: Mapping[str, Slot]) -> tuple[Slot, Sequence[str]]:
    """The earliest span as long as `wanted` that overlaps nothing, and what comes before it."""
    length, slot, behind = wanted.end - wanted.start, wanted, list[str]()
    for case_id, taken in sorted(visits.items(), key=lambda visit: visit[1].start):
        if taken.overlaps(slot):
            behind.append(case_id)
            slot = Slot(taken.end, taken.end + length)
    return slot, behind


def as_then(look: Preview, then: Proposal) -> Preview:
    """What is against it once the visits before it are over, as the decider will see it."""
    return replace(look, proposal=replace(look.proposal, obstacles=then.obstacles))


def in_order(previews: Iterable[Preview]) -> Sequence[Preview]:
    """Who can simply go comes first, then whoever is on time, then the better score."""
    return sorted(
        previews,
        key=lambda one: (
            not one.is_possible,
            bool(one.broken_rules),
            bool(one.behind),
            one.late > timedelta(0),
            one.proposal.why["score_min"],
            one.engineer_id,
        ),
    )


def _late(arrives: datetime, promised: Mapping[str, datetime]) -> timedelta:
    due = min((at for clock, at in promised.items() if clock in ARRIVAL), default=None)
    return timedelta(0) if due is None else max(timedelta(0), arrives - due)
