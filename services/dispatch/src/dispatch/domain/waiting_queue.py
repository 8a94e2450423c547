"""Who gets the unit that came free: the most severe case, then the one that waits longest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .stock import Choice, Spare, Wish, choose


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """`rank` is 0 for the worst severity of the case's contract."""

    loan_id: str
    case_id: str
    wish: Wish
    rank: int
    since: datetime

    @property
    def order(self) -> tuple[int, datetime, str]:
        return self.rank, self.since, self.loan_id


def serve(waiting: Iterable[Waiting], spares: Iterable[Spare]) -> Mapping[str, Choice]:
    """For each loan that can be served now, the unit it gets; no unit is given twice."""
    left = list(spares)
    served: dict[str, Choice] = {}
    for one in sorted(waiting, key=lambda one: one.order):
        if (choice := choose(one.wish, left)) is not None:
            served[one.loan_id] = choice
            left.remove(choice.spare)
    return served
