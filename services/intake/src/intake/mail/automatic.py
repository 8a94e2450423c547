"""Mails that must not be answered: those no person wrote (RFC 3834), and those sent to many.

An automatic mail is recorded and opens no case. A person's mail that came over a list, or asks for
no automatic reply, is a case like any other and is not acknowledged.
"""

import re
from email.message import Message

LOOP_HEADER, LOOP_TAG = "X-Loop", "aftercare"
"""Marks what we send, in case it comes back."""
_BULK = frozenset({"bulk", "junk", "auto_reply"})
_ROBOTS = ("mailer-daemon@", "postmaster@", "noreply-bounce@")
_LISTS = ("List-Id", "List-Post", "List-Unsubscribe")
# Only with a colon or in brackets, as programs write it: people, too, are out of office.
_REPLY_WORDS = (
    r"自动(?:回复|答复|回覆)|自動(?:回覆|回復|答覆)|外出(?:自动回复)?|休假(?:自动回复)?|不在办公室"
    r"|auto(?:matic)?[ -]?repl(?:y|ies)|auto[ -]?response|out[ -]of[ -](?:the[ -])?office"
    r"|abwesenheitsnotiz|réponse automatique"
)
_AUTO_REPLY = re.compile(
    rf"\s*(?:(?:{_REPLY_WORDS})\s*[:：]|[\[【](?:{_REPLY_WORDS})[\]】])", re.IGNORECASE
)


def automatic_reason(
    message: Message, sender: str, envelope_sender: str | None, subject: str = ""
) -> str | None:
    """Why a mail counts as automatic, as a stable code; None when a person may have sent it.

    `envelope_sender` is "" for the null sender, None where there is no envelope.
    """
    submitted = _value(message, "Auto-Submitted")
    if _value(message, LOOP_HEADER) == LOOP_TAG:
        return "loop"
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
    return "auto-reply" if _AUTO_REPLY.match(subject) else None


def unanswered_reason(message: Message, sender: str) -> str | None:
    """Why a person's mail gets no automatic answer, as a stable code."""
    if any(message.get(name) for name in _LISTS) or _value(message, "Precedence") == "list":
        return "mailing-list"
    if _value(message, "X-Auto-Response-Suppress") not in ("", "none"):
        return "suppressed"
    local = sender.partition("@")[0]
    return (
        "no-reply" if local.replace("-", "").replace("_", "") in ("noreply", "donotreply") else None
    )


def _value(message: Message, name: str) -> str:
    return str(message.get(name, ""))[:200].strip().lower()
