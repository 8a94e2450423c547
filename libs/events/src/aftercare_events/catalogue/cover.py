"""Whether somebody is there all the time, where a contract or some work asks for it (DP-18)."""

from datetime import date
from typing import Literal

import msgspec

from .registry import event_type

Cover = Literal["resident", "senior"]


class _CoverEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`cover_id` names what is watched: `resident-{contract}` or `senior-{case}`."""

    cover_id: str


@event_type("aftercare.cover.gap_found.v1")
class CoverGapFound(_CoverEvent, frozen=True, kw_only=True, omit_defaults=True):
    """On these of the coming days nobody is there: no resident of the customer, nobody senior."""

    what: Cover
    customer_id: str
    days: tuple[date, ...]
    contract_id: str | None = None
    case_id: str | None = None


@event_type("aftercare.cover.restored.v1")
class CoverRestored(_CoverEvent, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody is there on all of the coming days, or nobody is asked for any more."""

    what: Cover
