"""Pictures from the engineer's phone: checked by their bytes, kept sealed in the object store."""

import binascii
from base64 import b64decode
from typing import Annotated

from pydantic import StringConstraints

from aftercare_events.attachments import Attachment
from aftercare_events.media_type import media_type_of
from aftercare_events.sealing import Sealed
from aftercare_http import unprocessable

from .call import Call

# Phones make a photo smaller before they send it; a whole request is refused beyond 1 MB.
MOST_BYTES = 700 << 10
MOST_SIGNATURE_BYTES = 200 << 10
TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}

Base64 = Annotated[str, StringConstraints(min_length=1, max_length=1 << 20)]


async def kept_photo(call: Call, case_id: str, sent: str) -> str:
    """The name of the file, sealed for the case's contact. Raises Problem 422."""
    picture = _picture("photo", sent, MOST_BYTES)
    report = await call.report(case_id)
    contact, vault = report.contact, call.desk.vault
    owner = contact.person if isinstance(contact, Sealed) else vault.person_id("case", case_id)
    return await call.desk.files.put(owner, picture)


async def kept_signature(call: Call, sent: str | None, signed_by: Sealed | None) -> str | None:
    """The name of the file, sealed for who signed. Raises Problem 422."""
    if sent is None:
        return None
    if signed_by is None:
        raise unprocessable("signed_by", "missing", "whose signature is it?")
    picture = _picture("signature", sent, MOST_SIGNATURE_BYTES)
    return await call.desk.files.put(signed_by.person, picture)


def _picture(field: str, sent: str, most: int) -> Attachment:
    try:
        content = b64decode(sent, validate=True)
    except (binascii.Error, ValueError):
        raise unprocessable(field, "not-base64", "is not base64") from None
    if len(content) > most:
        raise unprocessable(field, "too-large", f"is larger than {most >> 10} KB")
    media_type = media_type_of(content)
    if media_type not in TYPES:
        raise unprocessable(field, "not-a-picture", "is neither JPEG, PNG nor WebP")
    return Attachment(f"{field}.{TYPES[media_type]}", media_type, content)
