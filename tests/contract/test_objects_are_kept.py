import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from aftercare_events.jetstream import JetStreamLog
from aftercare_events.objects import MemoryObjects, ObjectMissing, ObjectStore
from support.servers import Server


@pytest.fixture(params=["memory", "jetstream"])
async def objects(request: pytest.FixtureRequest) -> AsyncIterator[ObjectStore]:
    if request.param == "memory":
        yield MemoryObjects()
        return
    log = await JetStreamLog.connect(request.getfixturevalue("nats_url"), name="contract")
    yield log.objects()
    await log.close()


@pytest.mark.parametrize("size", [0, 1, 131_072, 1_000_000])
async def test_an_object_comes_back_by_the_name_of_its_content(
    objects: ObjectStore, size: int
) -> None:
    data = bytes(n % 251 for n in range(size))
    name = await objects.put(data)
    assert name == sha256(data).hexdigest()
    assert await objects.exists(name)
    assert await objects.get(name) == data


async def test_the_same_bytes_are_the_same_object(objects: ObjectStore) -> None:
    names = await asyncio.gather(*(objects.put(b"page one") for _ in range(8)))
    assert len(set(names)) == 1
    assert await objects.get(names[0]) == b"page one"


async def test_an_unknown_name_is_missing(objects: ObjectStore) -> None:
    assert not await objects.exists("0" * 64)
    with pytest.raises(ObjectMissing):
        await objects.get("0" * 64)


async def test_a_kept_object_survives_a_killed_server(
    log: JetStreamLog, nats_server: Server
) -> None:
    data = b"x" * 300_000
    name = await log.objects().put(data)
    nats_server.kill()
    reading = asyncio.ensure_future(log.objects().get(name))
    nats_server.restart()
    assert await reading == data
