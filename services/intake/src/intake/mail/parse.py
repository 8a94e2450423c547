"""One raw RFC 5322 message as its parts. Runs in a process of its own, under a time limit."""

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from hashlib import sha256
from html import escape
from itertools import islice
from typing import cast

from aftercare_events.attachments import Attachment

from .automatic import automatic_reason, unanswered_reason
from .limits import check_limits
from .text import clean, decoded, header_text, html_text, unflowed

# What the event carries, sealed; the whole message lies in the object store.
MAX_TEXT = 30_000
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
_REFERENCES = 30
_ADDRESS = re.compile(r"[^\s<>,;:\"()]{1,100}@[^\s<>,;:\"()]{1,100}")
_RECIPIENTS = 20
MAIL = "message/rfc822"
_HEADER = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a message says. `references` are the ids it answers to, nearest first.

    `fingerprint` is of what its writer wrote, which no way it takes changes. `unanswered` says why
    a mail gets no automatic answer although a person wrote it.
    """

    message_id: str | None
    sender: str
    sender_name: str
    subject: str
    text: str
    references: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    fingerprint: str
    automatic: str | None
    unanswered: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """The body of a message to be read as text, or shown as markup, and the files."""

    plain: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def __add__(self, other: "Content") -> "Content":
        return Content(
            self.plain + other.plain,
            self.markup + other.markup,
            self.attachments + other.attachments,
        )


def read(raw: bytes, envelope_sender: str | None = None) -> Mail:
    """Read a message; whatever is broken in it is read as well as it goes. Raises LimitBroken."""
    check_limits(raw)
    message = message_from_bytes(raw)
    name, sender = parseaddr(_header(message, "From"))
    sender = clean(sender.strip().lower() or (envelope_sender or "").lower())
    subject = header_text(_header(message, "Subject"))
    content = content_of(message)
    text = "\n".join(content.plain).strip()
    ids = _MESSAGE_ID.findall(_header(message, "Message-ID"))
    return Mail(
        message_id=ids[0] if ids else None,
        sender=sender,
        sender_name=header_text(name),
        subject=subject,
        text=text[:MAX_TEXT],
        references=_references(message),
        attachments=content.attachments,
        fingerprint=_fingerprint(sender, subject, text, content.attachments),
        automatic=automatic_reason(message, sender, envelope_sender, subject),
        unanswered=unanswered_reason(message, sender),
        recipients=_recipients(message),
    )


def _recipients(message: Message) -> tuple[str, ...]:
    """To whom it was written, and where it was delivered: one of them may be a line of its own."""
    headers = (_header(message, name) for name in ("Delivered-To", "X-Original-To", "To", "Cc"))
    found = (clean(address) for header in headers for address in _ADDRESS.findall(header))
    return tuple(islice(found, _RECIPIENTS))


def content_of(message: Message) -> Content:
    """What a message holds; of several versions of one thing the plainest is its text, and the
    richest, which comes last, is shown."""
    if not message.is_multipart():
        return _leaf(message)
    parts = [content_of(part) for part in cast("Sequence[Message]", message.get_payload())]
    whole = sum(parts, Content())
    if message.get_content_type() != "multipart/alternative":
        return whole
    plain = next((part.plain for part in parts if "".join(part.plain).strip()), ())
    markup = next((part.markup for part in reversed(parts) if part.markup), ())
    return Content(plain, markup, whole.attachments)


def _leaf(part: Message) -> Content:
    content = _payload(part)
    kind = part.get_content_type()
    if _is_attachment(part, kind):
        return Content(attachments=(Attachment(_file_name(part, kind), kind, content),))
    text = decoded(content, part.get_content_charset())
    if kind == "text/html":
        return Content((html_text(text),), (text,))
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unflowed(text, delsp=str(part.get_param("delsp", "")).lower() == "yes")
    return Content((text,), (f"<pre>{escape(text)}</pre>",))


def _header(message: Message, name: str) -> str:
    """A header as it came, as far as an honest one goes: decoding takes more than linear time."""
    wanted = name.lower()
    values = (value for key, value in message.raw_items() if key.lower() == wanted)
    return str(next(values, ""))[:_HEADER]


def _references(message: Message) -> tuple[str, ...]:
    nearest = _MESSAGE_ID.findall(_header(message, "In-Reply-To"))
    chain = _MESSAGE_ID.findall(str(message.get("References", ""))[-_HEADER * 4 :])
    return tuple(dict.fromkeys([*nearest, *reversed(chain)]))[:_REFERENCES]


def _fingerprint(sender: str, subject: str, text: str, files: tuple[Attachment, ...]) -> str:
    said = [part.encode("utf-8", "replace") for part in (sender, subject, " ".join(text.split()))]
    parts = [*said, *(attachment.content for attachment in files)]
    return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()


def _payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _is_attachment(part: Message, kind: str) -> bool:
    return (
        kind not in ("text/plain", "text/html")
        or part.get_content_disposition() == "attachment"
        or bool(_raw_file_name(part))
    )


def _file_name(part: Message, kind: str) -> str:
    # A name is shown and offered for saving: never a path.
    name = clean(_raw_file_name(part).replace("\\", "/").rpartition("/")[2])[:200]
    return name or f"attachment{mimetypes.guess_extension(kind) or ''}"


def _raw_file_name(part: Message) -> str:
    """As its writer meant it, whichever of three ways it was written in."""
    named = part.get_param("filename", None, "content-disposition") or part.get_param("name")
    if isinstance(named, tuple):
        # RFC 2231: the value holds bytes of that charset, each as one letter.
        charset, _, value = named
        return decoded(value.encode("latin-1", "replace"), charset or None)
    return header_text(str(named or ""))
