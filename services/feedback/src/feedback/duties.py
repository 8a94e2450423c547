"""What feedback owes a case by itself: a callback to schedule or to cancel, or to be closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aftercare_events.todo import Item

from .domain.callback import Callback, callback_id_of, why_obsolete
from .domain.case import Case
from .domain.closing import may_close
from .folding import Fact

SCHEDULE = "schedule_callback"
CANCEL = "cancel_callback"
CLOSE = "close_case"
"""The last loan for which the case waited has ended; the key is the case."""


@dataclass(frozen=True, slots=True)
class Duties:
    """To-do items that must stand on the list, and the keys of those that must not."""

    owed: Sequence[Item]
    settled: Sequence[tuple[str, str]]


def duties(case_id: str, case: Case, callbacks: Iterable[Callback], since: Fact) -> Duties:
    """Everything owed to one case with these callbacks, at once, `since` that happened to it."""
    owed: list[Item] = []
    settled: list[tuple[str, str]] = []

    def owe(kind: str, key: str, wanted: bool) -> None:
        if wanted:
            owed.append(Item(kind, key, due_at=since.at, position=since.position, payload={}))
        else:
            settled.append((kind, key))

    known = {callback.callback_id: callback for callback in callbacks}
    missing = callback_id_of(case_id, case.cycle) not in known
    owe(SCHEDULE, case_id, case.status == "resolved" and missing)
    owe(CLOSE, case_id, may_close(case))
    for callback in known.values():
        obsolete = callback.status == "open" and why_obsolete(case, callback) is not None
        owe(CANCEL, callback.callback_id, obsolete)
    return Duties(owed, settled)
