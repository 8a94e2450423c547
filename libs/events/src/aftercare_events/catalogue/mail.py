"""Mails that went out. Mails that came in are among the arrivals of intake."""

import msgspec

from .registry import event_type


class _Outgoing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """To whoever opened a case: its acknowledgement, or the notice that `notice_id` names.

    `mail_id` follows from the Message-ID, and that from the case: an answer to it finds the case.
    """

    mail_id: str
    case_id: str
    notice_id: str | None = None


@event_type("aftercare.mail.sent.v1")
class MailSent(_Outgoing, frozen=True, kw_only=True, omit_defaults=True):
    """The mail server took it. `person_id` names the reader as the vault does.

    `promised`: it told the times that the contract promises.
    """

    person_id: str
    promised: bool = False


@event_type("aftercare.mail.given_up.v1")
class MailGivenUp(_Outgoing, frozen=True, kw_only=True, omit_defaults=True):
    """It was not sent and will not be, for `reason`, a stable code."""

    reason: str
