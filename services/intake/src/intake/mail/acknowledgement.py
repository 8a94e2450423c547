"""What an acknowledgement says, and how it says that a program wrote it (RFC 3834)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

from aftercare_events.catalogue.sla import PromisedTime
from aftercare_http.i18n import Catalogue, Language, load, local_time, translate
from aftercare_http.pages import HERE as SHARED

from .automatic import LOOP_HEADER, LOOP_TAG

WORDS = load([SHARED, Path(__file__).parents[1]])
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """One answer. `answers` is the Message-ID of the mail that opened the case, if one did.

    Nothing that the customer wrote is repeated: whoever forges a sender must not make us carry
    words to somebody else.
    """

    case_id: str
    message_id: str
    to: str
    language: Language
    times: Sequence[PromisedTime]
    link: str
    answers: str | None = None


def is_address(text: str) -> bool:
    """Whether a mail can be sent there, and nowhere else."""
    return _ADDRESS.fullmatch(text) is not None


def language_of(text: str) -> Language:
    """The language that somebody writes in who never told us which she reads."""
    return "zh" if _CHINESE.search(text) else "en"


def compose(said: Acknowledgement, sender: str, at: datetime) -> EmailMessage:
    words = WORDS[said.language]
    message = EmailMessage(policy=SMTP)
    user, _, domain = sender.rpartition("@")
    message["From"] = Address(words["acknowledgement.from"], user, domain)
    message["To"] = said.to
    message["Subject"] = translate(words, "acknowledgement.subject", {"case": said.case_id})
    message["Date"] = at
    message["Message-ID"] = f"<{said.message_id}>"
    if said.answers:
        message["In-Reply-To"] = message["References"] = f"<{said.answers}>"
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message[LOOP_HEADER] = LOOP_TAG
    paragraphs = _paragraphs(said, words, at)
    message.set_content("\n\n".join(paragraphs) + "\n")
    rich = "".join(f"<p>{escape(one).replace(chr(10), '<br>')}</p>" for one in paragraphs)
    message.add_alternative(f'<html lang="{said.language}"><body>{rich}</body></html>', "html")
    return message


def _paragraphs(said: Acknowledgement, words: Catalogue, at: datetime) -> list[str]:
    times = [_line(time, said.language) for time in said.times if time.due_at > at]
    return [
        words["acknowledgement.greeting"],
        translate(words, "acknowledgement.received", {"case": said.case_id}),
        *(["\n".join([words["acknowledgement.promised"], *times])] if times else []),
        translate(words, "acknowledgement.follow", {"link": said.link}),
        words["acknowledgement.more"],
        words["acknowledgement.automatic"],
    ]


def _line(time: PromisedTime, language: Language) -> str:
    """A customer's own contract may have a clock that no catalogue names."""
    words = WORDS[language]
    clock = words.get(f"clock.{time.clock}", time.clock)
    provisional = words["acknowledgement.provisional"] if time.provisional else ""
    return f"- {clock}: {local_time(time.due_at, language)}{provisional}"
