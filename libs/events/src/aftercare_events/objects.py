"""Fax pages, attachments and recordings: whole files beside the log, named by their content."""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Protocol, TypeVar

from nats import errors
from nats.aio.client import Client
from nats.js.api import ObjectStoreConfig, StorageType
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError, ObjectNotFoundError
from nats.js.object_store import ObjectStore as Bucket

from .log import Log, LogUnavailable

BUCKET = "aftercare-objects"
_ATTEMPT_SECONDS = 5.0
_RETRY_SECONDS = 0.1

T = TypeVar("T")


class ObjectMissing(KeyError):
    """No object has this name."""


class ObjectStore(Protocol):
    """Objects are named by the sha-256 of their bytes (hex), so the same bytes are kept once."""

    async def put(self, data: bytes) -> str:
        """Keep `data`; its name comes back once it is on disk. Raises LogUnavailable."""
        ...

    async def get(self, name: str) -> bytes:
        """Raises ObjectMissing, LogUnavailable."""
        ...

    async def exists(self, name: str) -> bool: ...


class LogWithObjects(Log, Protocol):
    """A log, and the files kept beside it."""

    def objects(self) -> ObjectStore: ...


async def _name_of(data: bytes) -> str:
    """In a thread: a large file takes longer than others may have to wait."""
    return await asyncio.to_thread(lambda: sha256(data).hexdigest())


class JetStreamObjects:
    """A JetStream object store; any NATS tool can read it."""

    def __init__(self, client: Client, *, replicas: int, patience: float) -> None:
        self._context = client.jetstream(timeout=_ATTEMPT_SECONDS)
        self._replicas, self._patience = replicas, patience
        self._bucket: Bucket | None = None

    async def put(self, data: bytes) -> str:
        name = await _name_of(data)
        if not await self.exists(name):
            await self._patiently(lambda bucket: bucket.put(name, data))
        return name

    async def get(self, name: str) -> bytes:
        try:
            result = await self._patiently(lambda bucket: bucket.get(name))
        except ObjectNotFoundError as error:
            raise ObjectMissing(name) from error
        return result.data or b""

    async def exists(self, name: str) -> bool:
        try:
            await self._patiently(lambda bucket: bucket.get_info(name))
        except ObjectNotFoundError:
            return False
        return True

    async def _patiently(self, operation: Callable[[Bucket], Awaitable[T]]) -> T:
        """Every operation may be repeated: a name never means other bytes."""
        deadline = asyncio.get_running_loop().time() + self._patience
        while True:
            try:
                async with asyncio.timeout(_ATTEMPT_SECONDS):
                    return await operation(await self._opened())
            except ObjectNotFoundError:
                raise
            except (errors.Error, JetStreamError, TimeoutError) as error:
                if asyncio.get_running_loop().time() > deadline:
                    raise LogUnavailable(f"object store: {error or 'no answer'}") from error
            await asyncio.sleep(_RETRY_SECONDS)

    async def _opened(self) -> Bucket:
        if self._bucket is None:
            try:
                self._bucket = await self._context.object_store(BUCKET)
            except NotFoundError:
                config = ObjectStoreConfig(storage=StorageType.FILE, replicas=self._replicas)
                self._bucket = await self._context.create_object_store(BUCKET, config)
        return self._bucket


class MemoryObjects:
    """The twin for tests."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}

    async def put(self, data: bytes) -> str:
        name = await _name_of(data)
        self._objects[name] = data
        return name

    async def get(self, name: str) -> bytes:
        if name not in self._objects:
            raise ObjectMissing(name)
        return self._objects[name]

    async def exists(self, name: str) -> bool:
        return name in self._objects
