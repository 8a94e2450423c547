"""Whether two cases are probably one (IN-14): a proposal with reasons, for a person to decide."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from aftercare_events.catalogue.case import Channel

WINDOW = timedelta(hours=24)
# Of the same device a few common words are enough; of the same site many devices may be meant.
ALIKE_ON_DEVICE = 0.2
ALIKE_AT_SITE = 0.5
Sameness = Literal["device", "site"]
_NOISE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a case was reported as; without a `summary` where nobody put it into words."""

    channel: Channel
    summary: str | None
    reported_at: datetime
    device_id: str | None = None
    site_id: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """The same device or site, told through another channel, or faxed again; `score` from 0 to 1
    is how alike the words are, 0 where there are none."""

    score: float
    same: Sameness


def likeness(one: Told, other: Told, window: timedelta = WINDOW) -> Likeness | None:
    """None unless the two are probably the same problem: told through two channels, or faxed twice,
    for whoever doubts that a fax arrived sends it again."""
    if abs(one.reported_at - other.reported_at) > window:
        return None
    if one.channel == other.channel != "fax":
        return None
    same = _same_thing(one, other)
    if same is None:
        return None
    if one.summary is None or other.summary is None:
        return Likeness(0.0, same) if same == "device" else None
    alike = similarity(one.summary, other.summary)
    if alike < (ALIKE_ON_DEVICE if same == "device" else ALIKE_AT_SITE):
        return None
    return Likeness(alike, same)


def similarity(one: str, other: str) -> float:
    """How many pairs of neighbouring characters two texts share (Dice): works for Chinese, where
    no spaces part the words, as for English."""
    mine, theirs = _bigrams(one), _bigrams(other)
    shared = len(mine & theirs)
    return 2 * shared / (len(mine) + len(theirs)) if shared else 0.0


def _same_thing(one: Told, other: Told) -> Sameness | None:
    if one.device_id and other.device_id:
        return "device" if one.device_id == other.device_id else None
    same_site = one.site_id is not None and one.site_id == other.site_id
    # Whoever does not know the device does not know its category either.
    same_category = one.category == other.category or None in (one.category, other.category)
    return "site" if same_site and same_category else None


def _bigrams(text: str) -> set[str]:
    plain = _NOISE.sub("", text.casefold())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
