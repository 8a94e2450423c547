"""What an acknowledgement says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from aftercare_events.catalogue.sla import PromisedTime
from aftercare_http.i18n import Catalogue, Language, local_time, translate

from .message import WORDS, Letter, put_in_form


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


def compose(said: Acknowledgement, sender: str, at: datetime) -> EmailMessage:
    words = WORDS[said.language]
    letter = Letter(
        message_id=said.message_id,
        to=said.to,
        language=said.language,
        subject=translate(words, "acknowledgement.subject", {"case": said.case_id}),
        paragraphs=_paragraphs(said, words, at),
        submitted="auto-replied",
        answers=said.answers,
    )
    return put_in_form(letter, sender, at)


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
