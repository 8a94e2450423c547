"""Mails that no person wrote (RFC 3834): recorded, never made a case, never answered."""

from email.message import Message

_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_ROBOTS = ("mailer-daemon@", "postmaster@", "noreply-bounce@")


def automatic_reason(message: Message, sender: str, envelope_sender: str | None) -> str | None:
    """Why a mail counts as automatic, as a stable code; None when a person may have sent it.

    `envelope_sender` is "" for the null sender, None where there is no envelope.
    """
    submitted = _value(message, "Auto-Submitted")
    if submitted and submitted.partition(";")[0].strip() != "no":
        return "auto-submitted"
    if _value(message, "Precedence") in _BULK:
        return "precedence-bulk"
    if message.get_content_type() == "multipart/report":
        return "delivery-report"
    if envelope_sender == "" or _value(message, "Return-Path") == "<>":
        return "null-sender"
    if sender.startswith(_ROBOTS):
        return "mail-system"
    if _value(message, "X-Autoreply") or _value(message, "X-Autorespond"):
        return "auto-reply"
    return None


def _value(message: Message, name: str) -> str:
    return str(message.get(name, ""))[:200].strip().lower()
