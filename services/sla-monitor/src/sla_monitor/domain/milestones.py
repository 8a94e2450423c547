"""Which milestone meets which clock, and which shows that nobody will come any more."""

ORDER = (
    "assigned",
    "contacted",
    "responded",
    "diagnosed",
    "arrived",
    "restored",
    "resolved",
    "signed_off",
    "closed",
)
CALLED_BACK = "called_back"
_NEVER_IMPLIED = frozenset({"assigned", "arrived"})


def _met_by(milestone: str) -> frozenset[str]:
    """A later milestone meets the earlier clocks too; an arrival alone implies an assignment."""
    earlier = ORDER[: ORDER.index(milestone)]
    implied = {name for name in earlier if name not in _NEVER_IMPLIED}
    if milestone == "arrived":
        implied.add("assigned")
    return frozenset({milestone, *implied})


MEETS: dict[str, frozenset[str]] = {
    **{milestone: _met_by(milestone) for milestone in ORDER},
    CALLED_BACK: frozenset({CALLED_BACK}),
}
"""The `met_by` of the clocks that a milestone meets."""

CLEARS: dict[str, frozenset[str]] = dict.fromkeys(ORDER[ORDER.index("restored") :], _NEVER_IMPLIED)
"""The `met_by` of the clocks that a milestone cancels when they are not met: the fault was
cleared without a visit, or with nobody assigned."""
