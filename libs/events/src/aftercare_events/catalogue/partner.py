"""Manufacturers, authorised services and partner firms (DP-26), and the cases handed to them."""

from datetime import date, datetime
from typing import Literal

import msgspec

from ..sealing import Sealed
from .registry import event_type

PartnerKind = Literal["manufacturer", "authorised_service", "partner"]


class PartnerPromise(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the agreement (三方技术服务协议) says, good through the day `valid_until`.

    Minutes count from the hand-over, around the clock.
    """

    agreement: str
    valid_until: date
    answer_minutes: int
    onsite_minutes: int | None = None


@event_type("aftercare.partner.registered.v1")
class PartnerRegistered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The whole entry as it stands from now on; `contact` seals name, phone and mail.

    The partner serves the `models`, and every model of the `categories`.
    """

    partner_id: str
    kind: PartnerKind
    name: str
    promise: PartnerPromise
    contact: Sealed | None = None
    categories: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    active: bool = True


class _CaseEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    case_id: str
    partner_id: str


@event_type("aftercare.case.partner_asked.v1")
class PartnerAsked(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The case was handed to a partner, who promised to answer, and to be on site, by then."""

    kind: PartnerKind
    agreement: str
    answer_by: datetime
    onsite_by: datetime | None = None


@event_type("aftercare.case.partner_accepted.v1")
class PartnerAccepted(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The partner took the case, under their own number `reference`."""

    reference: str


@event_type("aftercare.case.partner_silent.v1")
class PartnerSilent(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """No answer in the promised time: the case is back on the list."""


@event_type("aftercare.case.partner_absent.v1")
class PartnerAbsent(_CaseEvent, frozen=True, kw_only=True, omit_defaults=True):
    """The partner took the case and was not on site `onsite_by`: it is back on the list."""

    onsite_by: datetime
