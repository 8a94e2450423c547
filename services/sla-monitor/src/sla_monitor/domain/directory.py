"""Who is told when a step fires: the person on duty who answers for the rank (SL-03)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aftercare_events.catalogue.case import Step
from aftercare_events.catalogue.duty import RecipientRegistered
from aftercare_events.duty import ALWAYS, on_duty
from aftercare_events.rota import deputy_of, handed_over_to

from .staff import Staff, is_on_duty

DUTY_DESK = "duty-desk"


@dataclass(frozen=True, slots=True)
class Directory:
    """The registers of recipients, by id, and of engineers at one moment."""

    recipients: Mapping[str, RecipientRegistered] = field(
        default_factory=dict[str, RecipientRegistered]
    )
    staff: Staff = field(default_factory=Staff)


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
    recipients entered for that customer, else by those for all. Who is off duty or absent is
    stood in for: in an absence by the deputy named for it, then by whoever took the duty over,
    then by the deputy entered.
    """
    found = (_on_hand(directory, first, occasion.at) for first in _asked(directory, occasion))
    return next((someone for someone in found if someone), _last_resort(occasion))


def resolve_again(directory: Directory, occasion: Occasion, unanswered: int) -> str:
    """Who is told when `unanswered` reminders brought nothing: the deputies one by one (SL-06)."""
    first = resolve(directory, occasion)
    line = [first, *present_deputies(directory, first, occasion.at)]
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
    return next(present_deputies(directory, first, at), None)


def present_deputies(directory: Directory, absent: str, at: datetime) -> Iterator[str]:
    """Who stands in, each once: those named by somebody themselves before those named by these.

    They are known, active and on duty.
    """
    line = [absent]
    for one in line:
        for deputy in _named(directory, one, at):
            if deputy not in line:
                line.append(deputy)
                if _is_known(directory, deputy) and is_there(directory, deputy, at):
                    yield deputy


def _named(directory: Directory, someone: str, at: datetime) -> Iterator[str]:
    """Who does the work in an absence, whose duty it became, and the deputy for all times."""
    rotas = directory.staff.rotas
    rota, entry = rotas.get(someone), directory.recipients.get(someone)
    taken = handed_over_to(rota, at) if rota else None
    deputies = (
        deputy_of(someone, rotas, at),
        deputy_of(taken, rotas, at) if taken else None,
        entry.deputy if entry else None,
    )
    yield from filter(None, deputies)


def _is_known(directory: Directory, someone: str) -> bool:
    return someone in directory.recipients or someone in directory.staff.rotas


def is_there(directory: Directory, someone: str, at: datetime) -> bool:
    """Active and on duty by every register where somebody is entered."""
    staff = directory.staff
    answers = _answers(directory, directory.recipients.get(someone), at)
    return answers and (someone not in staff.rotas or is_on_duty(staff, someone, at))


def _answers(directory: Directory, entry: RecipientRegistered | None, at: datetime) -> bool:
    if entry is None:
        return True
    return entry.active and on_duty(entry.duty or ALWAYS, at, directory.staff.days)
