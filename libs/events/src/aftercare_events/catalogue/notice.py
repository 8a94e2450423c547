"""What a customer is told of a case without having asked."""

import msgspec

from .registry import event_type


@event_type("aftercare.case.notice_issued.v1")
class NoticeIssued(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Intake shows it on the status page and mails it to the reporter, to one person once.

    The same `notice_id` for several cases is one word to all of them.
    """

    case_id: str
    notice_id: str
    zh: str
    en: str
