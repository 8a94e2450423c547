"""What intake reads from a published contract policy: its severities and its warranty."""

from typing import Literal

import msgspec

from aftercare_events.catalogue.case import Channel, Kind

WarrantyStart = Literal["acceptance", "final_acceptance", "preliminary_acceptance"]
Charge = Literal["at_cost", "discount", "contract_price"]
Discounted = Literal["expert_visit"]


class Warranty(msgspec.Struct, frozen=True):
    """How long devices of `category` are in warranty; without one, all others."""

    years: int
    starts: WarrantyStart = "acceptance"
    category: str | None = None


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a policy that decides at intake.

    `charge` is how service out of warranty is charged, `discounted` names what has a price of
    its own then, and `free` what stays free of charge. An empty scale takes any severity.
    `connect_rate` is the share of calls to be answered, in per cent (IN-03).
    """

    policy: str
    version: int
    severities: tuple[str, ...] = ()
    warranty: tuple[Warranty, ...] = ()
    charge: Charge | None = None
    discounted: tuple[Discounted, ...] = ()
    free: frozenset[str] = frozenset()
    connect_rate: float | None = None

    def is_free(self, kind: Kind, channel: Channel) -> bool:
        """Whether the contract promises this free of charge, in or out of warranty."""
        return "phone_advice" in self.free and kind == "question" and channel == "phone"

    def warranty_of(self, category: str | None) -> Warranty | None:
        """The rule for a category of device, else the rule for all others; the last of several."""
        others = None
        for rule in reversed(self.warranty):
            if rule.category == category:
                return rule
            if rule.category is None and others is None:
                others = rule
        return others
