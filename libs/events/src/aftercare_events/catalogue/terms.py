"""What changes the terms of cases that run already: official days, and newer contracts."""

from datetime import date
from typing import Literal

import msgspec

from .registry import event_type

TermsCause = Literal["calendar", "policy"]


@event_type("aftercare.calendar.published.v1", key="name")
class CalendarPublished(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An edition of a set of official days, whole (SL-02); `number` counts from 1 for each name.

    The years it names take the place of what contracts say of them; other years stay theirs.
    """

    name: str
    number: int
    edition: str
    years: tuple[int, ...]
    off: tuple[date, ...] = ()
    on: tuple[date, ...] = ()


@event_type("aftercare.case.terms_changed.v1")
class TermsChanged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A running case goes on under another version of its contract or other official days.

    Each clock that is not met is recalculated from its original start, as by a change of severity
    (SL-08). `calendar_editions` has the number of the edition of each set that was published.
    """

    case_id: str
    policy: str
    policy_version: int
    cause: TermsCause
    reason: str
    by: str
    calendar_editions: dict[str, int] = {}
