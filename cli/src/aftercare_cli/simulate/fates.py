"""What became of each case of the day, as the history tells it and not as the plan had it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from .history import Line

Fate = Literal["repaired", "assigned", "escalated", "lent to", "explained"]
# What may happen to a case before its end, and is counted once for each case.
STATION = {
    "case.assigned": "assigned",
    "case.declined": "declined",
    "case.unattended": "nobody could be sent",
    "case.alert_raised": "alerted",
    "case.escalated_to_expert": "passed to experts",
    "case.restored": "restored",
    "case.resolved": "resolved",
    "case.loan_requested": "waited for a spare",
    "case.loan_reserved": "lent to",
    "case.scope_asked": "out of scope",
    "case.defect_claimed": "claimed a defect",
    "case.costs_recorded": "costed",
    "case.incident_linked": "in a major incident",
}


@dataclass(slots=True)
class Tale:
    """A case as far as it was told. `ended` and `unattended` say why nobody is with it."""

    last: str = "nothing"
    engineer_id: str | None = None
    repaired: bool = False
    escalated: bool = False
    loans: set[str] = field(default_factory=set[str])
    ended: str | None = None
    unattended: str | None = None
    stations: set[str] = field(default_factory=set[str])

    @property
    def fate(self) -> Fate | None:
        """How it stands at the end; None is a case that everybody forgot."""
        fates: Mapping[Fate, object] = {
            "repaired": self.repaired and self.ended is None,
            "assigned": self.engineer_id and self.ended is None,
            "escalated": self.escalated and self.ended is None,
            "lent to": self.loans and self.ended is None,
            "explained": self.ended or self.unattended,
        }
        return next((fate for fate, holds in fates.items() if holds), None)


@dataclass(slots=True)
class Fates:
    """Follows the history of `cases`."""

    cases: Mapping[str, Tale]

    @classmethod
    def of(cls, case_ids: Iterable[str]) -> "Fates":
        return cls({case_id: Tale() for case_id in case_ids})

    def hear(self, line: Line) -> None:
        tale = self.cases.get(line.data.get("case_id", ""))
        if tale is not None and line.name.startswith("case."):
            tell(tale, line)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many cases came to each end."""
        ended = Counter(tale.fate for tale in self.cases.values())
        return {fate: ended[fate] for fate in get_args(Fate)}

    @property
    def on_the_way(self) -> Counter[str]:
        """Through what how many cases went."""
        return Counter(one for tale in self.cases.values() for one in tale.stations)

    @property
    def explanations(self) -> Counter[str]:
        told = (tale for tale in self.cases.values() if tale.fate == "explained")
        return Counter(tale.ended or tale.unattended or "" for tale in told)

    @property
    def forgotten(self) -> list[str]:
        """A sentence for each case of which nothing came."""
        return [
            f"case {case_id} came to nothing: the last that is told of it is {tale.last}"
            for case_id, tale in self.cases.items()
            if tale.fate is None
        ]


def tell(tale: Tale, line: Line) -> None:
    """Fold one event into what is known of its case."""
    tale.last = line.name
    if line.name in STATION:
        tale.stations.add(STATION[line.name])
    if line.name.startswith("case.loan_"):
        _tell_loan(tale, line)
        return
    match line.name:
        case "case.assigned":
            tale.engineer_id, tale.unattended = line.data["engineer_id"], None
        case "case.declined" | "case.engineer_rejected":
            tale.engineer_id = None
        case "case.unattended":
            tale.unattended = _why_nobody(line.data)
        case "case.alert_raised" | "case.escalated_to_expert":
            tale.escalated = True
        case "case.restored" | "case.resolved" | "case.closed":
            tale.repaired = True
        case "case.reopened":
            tale.repaired, tale.engineer_id = False, None
        case "case.withdrawn" | "case.merged":
            tale.ended = line.name.partition(".")[2]
        case _:
            return


def _tell_loan(tale: Tale, line: Line) -> None:
    match line.name:
        case "case.loan_reserved":
            tale.loans.add(line.data["loan_id"])
        case "case.loan_ended":
            tale.loans.discard(line.data["loan_id"])
        case _:
            return


def _why_nobody(data: Mapping[str, Any]) -> str:
    """`left_out` counts the engineers by the rule that kept each of them away."""
    left_out = ", ".join(f"{count} {rule}" for rule, count in data.get("left_out", {}).items())
    return f"nobody could be sent: {left_out}" if left_out else "nobody could be sent"
