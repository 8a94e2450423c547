"""One raw RFC 5322 message as its parts. Runs in a process of its own, under a time limit."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from .automatic import automatic_reason
from .limits import check_limits
from .text import clean, decoded, header_text, html_text

# What the event carries, sealed; the whole message lies in the object store.
MAX_TEXT = 30_000
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
_REFERENCES = 30
_HEADER = 4_000


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a message says. `references` are the ids it answers to, nearest first."""

    message_id: str | None
    sender: str
    sender_name: str
    subject: str
    text: str
    references: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    automatic: str | None


def read(raw: bytes, envelope_sender: str | None = None) -> Mail:
    """Read a message; whatever is broken in it is read as well as it goes. Raises LimitBroken."""
    check_limits(raw)
    message = message_from_bytes(raw)
    name, sender = parseaddr(_header(message, "From"))
    sender = sender.strip().lower() or (envelope_sender or "").lower()
    text, attachments = _content(message)
    ids = _MESSAGE_ID.findall(_header(message, "Message-ID"))
    return Mail(
        message_id=ids[0] if ids else None,
        sender=sender,
        sender_name=header_text(name),
        subject=header_text(_header(message, "Subject")),
        text=text[:MAX_TEXT],
        references=_references(message),
        attachments=attachments,
        automatic=automatic_reason(message, sender, envelope_sender),
    )


def _header(message: Message, name: str) -> str:
    """A header, as far as an honest one goes: decoding takes longer than linear time."""
    return str(message.get(name, ""))[:_HEADER]


def _references(message: Message) -> tuple[str, ...]:
    nearest = _MESSAGE_ID.findall(_header(message, "In-Reply-To"))
    chain = _MESSAGE_ID.findall(str(message.get("References", ""))[-_HEADER * 4 :])
    return tuple(dict.fromkeys([*nearest, *reversed(chain)]))[:_REFERENCES]


def _content(message: Message) -> tuple[str, tuple[Attachment, ...]]:
    plain: list[str] = []
    rich: list[str] = []
    attachments: list[Attachment] = []
    for part in message.walk():
        if part.is_multipart():
            continue
        content = _payload(part)
        kind = part.get_content_type()
        if _is_attachment(part, kind):
            attachments.append(Attachment(_file_name(part), kind, content))
        elif kind == "text/html":
            rich.append(html_text(decoded(content, part.get_content_charset())))
        else:
            plain.append(decoded(content, part.get_content_charset()))
    text = "\n".join(plain).strip() or "\n".join(rich).strip()
    return text, tuple(attachments)


def _payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _is_attachment(part: Message, kind: str) -> bool:
    return (
        kind not in ("text/plain", "text/html")
        or part.get_content_disposition() == "attachment"
        or part.get_filename() is not None
    )


def _file_name(part: Message) -> str:
    name = header_text(part.get_filename() or "")
    # A name is shown and offered for saving: never a path.
    return clean(name.replace("\\", "/").rpartition("/")[2])[:200] or "attachment"
