"""A mail as a page that cannot hurt: no scripts, no forms, nothing loaded from elsewhere."""

from base64 import b64encode
from email import message_from_bytes
from email.message import Message

import nh3

from .limits import check_limits
from .parse import content_of

POLICY = "sandbox allow-popups; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""For the answer that carries the page, beside the cleaning: one of the two may have a hole."""
_TAGS = nh3.ALLOWED_TAGS - {"map", "area"}
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
MOST_PICTURE_BYTES = 4 << 20
_HEAD = (
    '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
    "<style>pre{white-space:pre-wrap}</style>"
)


def page_of(raw: bytes) -> str:
    """The body of a mail as HTML, cleaned. Raises LimitBroken."""
    check_limits(raw)
    message = message_from_bytes(raw)
    pictures = _pictures(message)
    return _HEAD + "".join(safe(part, pictures) for part in content_of(message).markup)


def safe(markup: str, pictures: dict[str, str]) -> str:
    """Markup without what acts, loads or tracks; `pictures` are those sent along, by their id."""

    def shown(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("img", "src"):
            return pictures.get(value.removeprefix("cid:"))
        return None if value.startswith("cid:") or attribute == "cite" else value

    return nh3.clean(markup, tags=_TAGS, url_schemes=_SCHEMES, attribute_filter=shown)


def _pictures(message: Message) -> dict[str, str]:
    found: dict[str, str] = {}
    left = MOST_PICTURE_BYTES
    for part in message.walk():
        kind, name = part.get_content_type(), str(part.get("Content-ID", "")).strip(" <>")
        content = part.get_payload(decode=True) if kind in _PICTURES and name else None
        if isinstance(content, bytes) and len(content) <= left:
            left -= len(content)
            found[name] = f"data:{kind};base64,{b64encode(content).decode()}"
    return found
