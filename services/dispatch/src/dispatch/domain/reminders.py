"""What a customer is reminded of."""

from datetime import datetime

from aftercare_events.catalogue.notice import NoticeIssued


def to_change_passwords(case_id: str, at: datetime) -> NoticeIssued:
    """After remote access, which ended at `at`: one notice for each time (DP-03)."""
    return NoticeIssued(
        case_id=case_id,
        notice_id=f"PW-{case_id}-{at:%Y%m%dT%H%M%S}",
        zh="远程维护已结束。请立即更改我们在远程维护期间使用过的所有密码。",
        en=(
            "Our remote access to your system has ended. "
            "Please change every password that was used for it now."
        ),
    )
