"""Who is told when a step fires: the person on duty who answers for the rank (SL-03)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aftercare_events.catalogue.case import Step
from aftercare_events.catalogue.dispatch import Duty
from aftercare_events.catalogue.duty import RecipientRegistered
from aftercare_events.duty import ALWAYS, on_duty

DUTY_DESK = "duty-desk"


@dataclass(frozen=True, slots=True)
class Employed:
    """An engineer as far as dispatch says; without a roster always on duty."""

    active: bool = True
    duty: Duty = ALWAYS


@dataclass(frozen=True, slots=True)
class Directory:
    """The registers of recipients and of engineers at one moment, by id."""

    recipients: Mapping[str, RecipientRegistered] = field(
        default_factory=dict[str, RecipientRegistered]
    )
    engineers: Mapping[str, Employed] = field(default_factory=dict[str, Employed])


NOBODY_ENTERED = Directory()


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is to be told, about whose case, and when (any zone)."""

    step: Step
    customer: str | None
    engineer: str | None
    at: datetime


def resolve(directory: Directory, occasion: Occasion) -> str:
    """The id of who is told now; where nobody answers, the duty desk or the rank itself.

    The engineer of the case is told, else the duty desk. Any other rank is answered for by the
    recipients entered for that customer, else by those for all. Who is off duty is stood in for
    by a deputy.
    """
    found = (_on_hand(directory, first, occasion.at) for first in _asked(directory, occasion))
    return next((someone for someone in found if someone), _last_resort(occasion))


def resolve_again(directory: Directory, occasion: Occasion, unanswered: int) -> str:
    """Who is told when `unanswered` reminders brought nothing: the deputies one by one (SL-06)."""
    first = resolve(directory, occasion)
    line = [first, *_present_deputies(directory, first, occasion.at)]
    return line[min(unanswered, len(line) - 1)]


def _asked(directory: Directory, occasion: Occasion) -> Iterator[str]:
    """Who is asked one after the other."""
    if occasion.step == "engineer":
        yield from (occasion.engineer,) if occasion.engineer else ()
        yield DUTY_DESK
        return
    of_rank = [
        entry
        for _, entry in sorted(directory.recipients.items())
        if entry.active and occasion.step in entry.steps
    ]
    # Somebody there comes before the deputy of somebody who is not.
    for group in (
        [entry for entry in of_rank if occasion.customer in entry.customers],
        [entry for entry in of_rank if not entry.customers],
    ):
        there = [e for e in group if is_there(directory, e.recipient_id, occasion.at)]
        yield from (entry.recipient_id for entry in there or group)


def _last_resort(occasion: Occasion) -> str:
    return DUTY_DESK if occasion.step == "engineer" else occasion.step


def _on_hand(directory: Directory, first: str, at: datetime) -> str | None:
    if is_there(directory, first, at):
        return first
    return next(_present_deputies(directory, first, at), None)


def _present_deputies(directory: Directory, absent: str, at: datetime) -> Iterator[str]:
    """The deputy, the deputy's deputy, each once; those who are entered somewhere and there."""
    seen, entry = {absent}, directory.recipients.get(absent)
    while entry and entry.deputy and entry.deputy not in seen:
        deputy = entry.deputy
        seen.add(deputy)
        entry = directory.recipients.get(deputy)
        if (entry or deputy in directory.engineers) and is_there(directory, deputy, at):
            yield deputy


def is_there(directory: Directory, someone: str, at: datetime) -> bool:
    """Active and on duty by every register where somebody is entered."""
    entry, employed = directory.recipients.get(someone), directory.engineers.get(someone)
    return _answers(entry, at) and _works(employed, at)


def _answers(entry: RecipientRegistered | None, at: datetime) -> bool:
    return entry is None or (entry.active and on_duty(entry.duty or ALWAYS, at))


def _works(employed: Employed | None, at: datetime) -> bool:
    return employed is None or (employed.active and on_duty(employed.duty, at))
