"""Commercial questions are the business lead's (业务负责人), whoever reads the log (DP-29)."""

from .case import Group, Kind

LEAD: Group = "business_lead"
KIND: Kind = "question"
CATEGORY = "commercial"


def is_commercial(kind: str, category: str | None) -> bool:
    return (kind, category) == (KIND, CATEGORY)
