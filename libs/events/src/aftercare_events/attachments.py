"""Files of customers, kept whole in the object store and sealed like everything else of theirs."""

import asyncio
from base64 import b64decode
from dataclasses import dataclass

import msgspec

from .objects import ObjectStore
from .sealing import Sealed
from .vault import Vault


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content: bytes


class Attachments:
    """Puts files away and gets them back; the names of files are personal too."""

    def __init__(self, vault: Vault, objects: ObjectStore) -> None:
        self._vault = vault
        self._objects = objects

    async def put(self, person: str, attachment: Attachment) -> str:
        """The name under which it was kept, sealed for `person`. Raises LogUnavailable."""
        said = {
            "name": attachment.name,
            "media_type": attachment.media_type,
            "content": attachment.content,
        }
        sealed = await self._vault.seal(person, said, large=True)
        return await self._objects.put(await asyncio.to_thread(_packed, sealed))

    async def get(self, name: str) -> Attachment | None:
        """None when the person was erased. Raises ObjectMissing, LogUnavailable."""
        sealed = await asyncio.to_thread(_unpacked, await self._objects.get(name))
        opened = await self._vault.open(sealed, large=True)
        if opened is None:
            return None
        content = await asyncio.to_thread(b64decode, opened["content"])
        return Attachment(opened["name"], opened["media_type"], content)


def _packed(sealed: Sealed) -> bytes:
    return msgspec.msgpack.encode(sealed)


def _unpacked(kept: bytes) -> Sealed:
    return msgspec.msgpack.decode(kept, type=Sealed)
