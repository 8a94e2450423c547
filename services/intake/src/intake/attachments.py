"""Files of customers, kept whole in the object store and sealed like everything else of theirs."""

from base64 import b64decode, b64encode

import msgspec

from aftercare_events.objects import ObjectStore
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault

from .mail.parse import Attachment


class Attachments:
    """Puts files away and gets them back; the names of files are personal too."""

    def __init__(self, vault: Vault, objects: ObjectStore) -> None:
        self._vault = vault
        self._objects = objects

    async def put(self, person: str, attachment: Attachment) -> str:
        """The name under which it was kept, sealed for `person`. Raises LogUnavailable."""
        sealed = await self._vault.seal(
            person,
            {
                "name": attachment.name,
                "media_type": attachment.media_type,
                "content": b64encode(attachment.content).decode(),
            },
        )
        return await self._objects.put(msgspec.msgpack.encode(sealed))

    async def get(self, name: str) -> Attachment | None:
        """None when the person was erased. Raises ObjectMissing, LogUnavailable."""
        sealed = msgspec.msgpack.decode(await self._objects.get(name), type=Sealed)
        opened = await self._vault.open(sealed)
        if opened is None:
            return None
        return Attachment(opened["name"], opened["media_type"], b64decode(opened["content"]))
