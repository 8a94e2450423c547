"""What a customer is reminded of."""

from datetime import date, datetime

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


def to_give_back(case_id: str, loan_id: str, model: str, due_back: date) -> NoticeIssued:
    """Two days before a loan is due back: one notice for each day it is due (DP-11)."""
    return NoticeIssued(
        case_id=case_id,
        notice_id=f"{loan_id}-{due_back:%Y%m%d}",
        zh=f"借用的备品（{model}，借用单 {loan_id}）请于 {due_back:%Y-%m-%d} 前归还。",
        en=f"Please give back the spare device {model} (loan {loan_id}) by {due_back:%Y-%m-%d}.",
    )
