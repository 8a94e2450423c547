"""Which group handles a request (IN-04): the first row of the table that fits.

The groups are those that the contracts name: the customer service response centre (S4), customer
service and technical support, which watch one another, and the business lead (S2), the technical
service centre (S3), and the emergency team for what stands still (S4).
"""

from dataclasses import dataclass

from aftercare_events.catalogue import business
from aftercare_events.catalogue.case import Group, Kind, PlannedWork

# What each contract's scale calls the worst: there a team is put together at once.
WORST = frozenset({"1", "system_down", "catastrophic", "urgent"})
PROJECTS: frozenset[PlannedWork] = frozenset({"installation", "commissioning", "expansion"})


@dataclass(frozen=True, slots=True)
class Row:
    """None fits anything."""

    group: Group
    kinds: frozenset[Kind] | None = None
    categories: frozenset[str] | None = None
    severities: frozenset[str] | None = None
    works: frozenset[PlannedWork] | None = None


def _kinds(*kinds: Kind) -> frozenset[Kind]:
    return frozenset(kinds)


# Complaints lead: whatever else is said of them, the technical departments never handle their own.
TABLE: tuple[Row, ...] = (
    Row("response_centre", _kinds("supervision_complaint")),
    Row("customer_service", _kinds("complaint", "suggestion")),
    Row(business.LEAD, _kinds(business.KIND), categories=frozenset({business.CATEGORY})),
    Row("technical_support", works=PROJECTS),
    Row("emergency_team", _kinds("fault"), severities=WORST),
    Row("technical_support", _kinds("fault"), categories=frozenset({"software"})),
    Row("technical_service_centre", _kinds("fault", "maintenance", "inspection")),
    Row("technical_support", _kinds("upgrade", "training")),
)
OTHERWISE: Group = "response_centre"


def group_of(
    kind: Kind, category: str | None, severity: str | None, work: PlannedWork | None
) -> Group:
    for row in TABLE:
        if (
            (row.kinds is None or kind in row.kinds)
            and (row.categories is None or category in row.categories)
            and (row.severities is None or severity in row.severities)
            and (row.works is None or work in row.works)
        ):
            return row.group
    return OTHERWISE
