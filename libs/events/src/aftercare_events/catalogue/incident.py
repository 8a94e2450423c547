"""Mass outages: many like faults in one area within a short time are one major incident (DP-17)."""

from datetime import datetime
from typing import Any

import msgspec

from .engineer import Point
from .registry import event_type


class _IncidentEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    incident_id: str


@event_type("aftercare.incident.proposed.v1")
class IncidentProposed(_IncidentEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The machine found these like cases; a person has yet to say that they are one matter.

    `centre` is the place of the newest; `why` holds the rule and the count that met it.
    """

    category: str
    case_ids: tuple[str, ...]
    since: datetime
    centre: Point | None = None
    city: str | None = None
    why: dict[str, Any] | None = None


@event_type("aftercare.incident.joined.v1")
class IncidentJoined(_IncidentEvent, frozen=True, kw_only=True, omit_defaults=True):
    """One more case belongs to it."""

    case_id: str


@event_type("aftercare.incident.confirmed.v1")
class IncidentConfirmed(_IncidentEvent, frozen=True, kw_only=True, omit_defaults=True):
    """`title` is what everybody calls it from now on."""

    title: str


@event_type("aftercare.incident.dismissed.v1")
class IncidentDismissed(_IncidentEvent, frozen=True, kw_only=True, omit_defaults=True):
    reason: str


@event_type("aftercare.incident.reserve_called.v1")
class ReserveCalled(_IncidentEvent, frozen=True, kw_only=True, omit_defaults=True):
    """These engineers of the reserve team (预备队伍) are called for it, until it ends."""

    engineer_ids: tuple[str, ...]


@event_type("aftercare.incident.announced.v1")
class IncidentAnnounced(_IncidentEvent, frozen=True, kw_only=True, omit_defaults=True):
    """One word to every customer concerned, in both languages."""

    announcement_id: str
    zh: str
    en: str


@event_type("aftercare.incident.ended.v1")
class IncidentEnded(_IncidentEvent, frozen=True, kw_only=True, omit_defaults=True):
    reason: str


@event_type("aftercare.case.incident_linked.v1")
class CaseIncidentLinked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Stands in one batch with what was said of the incident, so that the case shows it."""

    case_id: str
    incident_id: str
