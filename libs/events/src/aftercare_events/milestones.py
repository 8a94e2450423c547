"""Which promised times a milestone of a case puts an end to.

A later milestone also meets the clocks of earlier ones, except that arrival is never implied and
assignment only by arrival.
"""

_ANSWERED = frozenset({"contact", "respond", "first_reply"})
_DIAGNOSED = _ANSWERED | {"diagnose"}
_ARRIVED = _DIAGNOSED | {"dispatch", "onsite", "onsite_limit"}
# A fault cleared without a visit cancels what was promised about the visit.
_RESTORED = _ARRIVED | {"restore", "report"}

MET_BY: dict[str, frozenset[str]] = {
    "assigned": frozenset({"dispatch"}),
    "contacted": frozenset({"contact"}),
    "responded": _ANSWERED,
    "diagnosed": _DIAGNOSED,
    "arrived": _ARRIVED,
    "restored": _RESTORED,
    "resolved": _RESTORED | {"resolve"},
    "signed_off": _RESTORED | {"resolve"},
}
