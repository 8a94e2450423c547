"""How a mail of ours looks, and how it says that a program wrote it (RFC 3834)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path
from typing import Literal

from aftercare_http.i18n import Language, load
from aftercare_http.pages import HERE as SHARED

from .automatic import LOOP_HEADER, LOOP_TAG

WORDS = load([SHARED, Path(__file__).parents[1]])
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail before it is put into its form; `answers` is the Message-ID it replies to."""

    message_id: str
    to: str
    language: Language
    subject: str
    paragraphs: Sequence[str]
    submitted: Literal["auto-replied", "auto-generated"]
    answers: str | None = None


def is_address(text: str) -> bool:
    """Whether a mail can be sent there, and nowhere else."""
    return _ADDRESS.fullmatch(text) is not None


def language_of(text: str) -> Language:
    """The language that somebody writes in who never told us which she reads."""
    return "zh" if _CHINESE.search(text) else "en"


def put_in_form(letter: Letter, sender: str, at: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    user, _, domain = sender.rpartition("@")
    message["From"] = Address(WORDS[letter.language]["acknowledgement.from"], user, domain)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = at
    message["Message-ID"] = f"<{letter.message_id}>"
    if letter.answers:
        message["In-Reply-To"] = message["References"] = f"<{letter.answers}>"
    message["Auto-Submitted"] = letter.submitted
    message["X-Auto-Response-Suppress"] = "All"
    message[LOOP_HEADER] = LOOP_TAG
    message.set_content("\n\n".join(letter.paragraphs) + "\n")
    rich = "".join(f"<p>{escape(one).replace(chr(10), '<br>')}</p>" for one in letter.paragraphs)
    message.add_alternative(f'<html lang="{letter.language}"><body>{rich}</body></html>', "html")
    return message
