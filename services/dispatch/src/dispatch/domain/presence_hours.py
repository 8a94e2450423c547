"""In which hours somebody has to be there, where presence is promised (DP-18)."""

from collections.abc import Mapping
from typing import Any

from aftercare_events.official_days import CN
from aftercare_events.opening_hours import FULL_DAY, CalendarSpec

from .contract_terms import ContractTerms

OPTION = "presence_hours"
ALL_ROUND = "24x7"
ZONE = "Asia/Shanghai"
HOUR = 3600

AROUND_THE_CLOCK = CalendarSpec(time_zone=ZONE, week=((FULL_DAY,),) * 7)
# 5×8, as ordinary on-site work: 整年驻现场 and 不间断 name no hours of their own.
USUAL = CalendarSpec(time_zone=ZONE, week=(((9 * HOUR, 17 * HOUR),),) * 5 + ((), ()), official=CN)


def presence_hours(terms: ContractTerms, options: Mapping[str, Any]) -> CalendarSpec:
    """Around the clock where the contract agrees so, else its policy's hours, else 5×8."""
    if options.get(OPTION) == ALL_ROUND:
        return AROUND_THE_CLOCK
    return terms.presence or USUAL
