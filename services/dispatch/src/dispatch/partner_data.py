"""What the board shows of partners for a chosen case: their promises, and why they fit (DP-26)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aftercare_events.catalogue.partner import PartnerRegistered

from .api.call import Dispatch
from .api.partners import partners_for
from .api.sealing import opened
from .domain.case_state import CaseState
from .domain.partner import SERVING, Fit

MOST_PARTNERS = 30
# Whoever may not be asked at all is refused.
UNASKED: frozenset[Fit] = frozenset({"inactive", "agreement_expired"})


@dataclass(frozen=True, slots=True)
class Partner:
    """Whoever of theirs is to be reached is opened for this reader."""

    entry: PartnerRegistered
    fit: Fit
    person: str | None
    phone: str | None

    @property
    def serves(self) -> bool:
        return self.fit in SERVING

    @property
    def may_be_asked(self) -> bool:
        return self.fit not in UNASKED


async def partners_of(desk: Dispatch, case: CaseState) -> Sequence[Partner]:
    """Those who fit first, by their promise."""
    looks = (await partners_for(desk, case))[:MOST_PARTNERS]
    reached = await asyncio.gather(*(opened(desk.vault, one.contact) for one, _ in looks))
    return [
        Partner(entry, fit, (contact or {}).get("name"), (contact or {}).get("phone"))
        for (entry, fit), contact in zip(looks, reached, strict=True)
    ]
