"""Mails that went out. Mails that came in are among the arrivals of intake."""

import msgspec

from .registry import event_type


class _Acknowledgement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to whoever opened a case, whom `person_id` names as the vault does.

    `mail_id` follows from the Message-ID, and that from the case: an answer to it finds the case.
    """

    mail_id: str
    case_id: str


@event_type("aftercare.mail.sent.v1")
class MailSent(_Acknowledgement, frozen=True, kw_only=True, omit_defaults=True):
    """The mail server took it. `promised`: it told the times that the contract promises."""

    person_id: str
    promised: bool = False


@event_type("aftercare.mail.given_up.v1")
class MailGivenUp(_Acknowledgement, frozen=True, kw_only=True, omit_defaults=True):
    """It was not sent and will not be, for `reason`, a stable code."""

    reason: str
