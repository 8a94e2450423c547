"""R10: personal data is readable until its key is gone, and then nowhere."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable

import msgspec
import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.sealing import Sealed
from aftercare_events.sql import create_engine
from aftercare_events.vault import Vault, keys
from aftercare_events.vault.tables import person_keys

MASTER = b"k" * 32
HELLO = {"name": "李伟", "phone": "13800138000", "more": [1, None, {"a": 2.5}]}


@pytest.fixture
async def vault(engine: AsyncEngine) -> Vault:
    made = Vault(engine, MASTER)
    await made.prepare()
    return made


@pytest.fixture
async def elsewhere(database_url: str) -> AsyncIterator[Vault]:
    """The vault as another service sees it."""
    engine = create_engine(database_url, schema="other")
    yield Vault(engine, MASTER)
    await engine.dispose()


async def test_what_is_sealed_here_opens_elsewhere(vault: Vault, elsewhere: Vault) -> None:
    sealed = await vault.seal("P-1", HELLO)
    assert await elsewhere.open(sealed) == HELLO
    assert b"138" not in base64.b64decode(sealed.box)


async def test_same_words_look_different_each_time(vault: Vault) -> None:
    boxes = {(await vault.seal("P-1", HELLO)).box for _ in range(20)}
    assert len(boxes) == 20


async def test_new_person_gets_a_key_while_old_keys_are_renewed(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "GATHER_SECONDS", 0.0)
    began = keys.time.monotonic()
    await vault.seal("P-1", HELLO)
    for number in range(10):
        ageing = began + (number + 1) * 0.9 * keys.FRESH_SECONDS
        monkeypatch.setattr(keys.time, "monotonic", lambda at=ageing: at)
        await vault.seal("P-1", HELLO)
        # The renewal that this began looks for its keys at the very moment of the new question.
        sealed = await asyncio.create_task(vault.seal(f"P-new-{number}", HELLO))
        assert await vault.open(sealed) == HELLO


async def test_erased_person_is_unreadable_at_once_and_elsewhere_within_seconds(
    vault: Vault, elsewhere: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = await vault.seal("P-1", HELLO)
    other = await vault.seal("P-2", HELLO)
    assert await elsewhere.open(sealed) == HELLO
    assert await vault.erase("P-1")
    assert await vault.open(sealed) is None
    later = keys.time.monotonic() + keys.FRESH_SECONDS + 0.1
    monkeypatch.setattr(keys.time, "monotonic", lambda: later)
    assert await elsewhere.open(sealed) is None
    assert await elsewhere.open(other) == HELLO
    assert not await vault.erase("P-1")


async def test_keys_in_use_are_renewed_in_one_query_before_anybody_waits(
    vault: Vault, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = 0

    def count(*_: object) -> None:
        nonlocal queries
        queries += 1

    monkeypatch.setattr(keys, "GATHER_SECONDS", 0)
    sealed = [await vault.seal(f"P-{n}", HELLO) for n in range(20)]
    now = keys.time.monotonic()
    later = [now + keys.FRESH_SECONDS * 0.6]
    monkeypatch.setattr(keys.time, "monotonic", lambda: later[0])
    event.listen(engine.sync_engine, "before_cursor_execute", count)
    for one in sealed:
        await vault.open(one)

    await vault._keys._renewing
    later[0] = now + keys.FRESH_SECONDS * 1.1
    for one in sealed:
        await vault.open(one)
    assert queries == 1


async def test_person_who_comes_back_does_not_open_the_past(vault: Vault) -> None:
    past = await vault.seal("P-1", HELLO)
    await vault.erase("P-1")
    present = await vault.seal("P-1", {"name": "again"})
    assert await vault.open(past) is None
    assert await vault.open(present) == {"name": "again"}


async def test_what_follows_from_erased_data_makes_no_new_key(vault: Vault) -> None:
    source = await vault.seal("P-1", HELLO)
    beside = await vault.seal_beside(source, {"text": "read later"})
    assert beside is not None
    assert await vault.open(beside) == {"text": "read later"}
    await vault.erase("P-1")
    assert await vault.seal_beside(source, {"text": "read too late"}) is None
    assert await vault.made_at(["P-1"]) == {}
    await vault.seal("P-1", {"name": "again"})
    assert await vault.seal_beside(source, {"text": "of the one before"}) is None


async def test_hundreds_of_new_persons_cost_a_handful_of_commits(
    vault: Vault, engine: AsyncEngine
) -> None:
    commits = 0

    def count(_: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(engine.sync_engine, "commit", count)
    sealed = await asyncio.gather(*(vault.seal(f"P-{n % 256}", {"n": n}) for n in range(512)))
    assert commits <= 4
    assert [await vault.open(one) for one in sealed[:3]] == [{"n": 0}, {"n": 1}, {"n": 2}]
    async with engine.connect() as connection:
        assert len((await connection.execute(select(person_keys.c.person))).all()) == 256


async def test_two_processes_agree_on_a_new_persons_key(vault: Vault, elsewhere: Vault) -> None:
    sealed = await asyncio.gather(
        *(where.seal(f"P-{n}", HELLO) for n in range(100) for where in (vault, elsewhere))
    )
    assert await asyncio.gather(*map(vault.open, sealed)) == [HELLO] * 200


@pytest.mark.parametrize(
    "change",
    [
        lambda s: Sealed(person="P-2", box=s.box),
        lambda s: Sealed(person=s.person, box=s.box[:-8] + "AAAAAAA="),
        lambda s: Sealed(person=s.person, box=""),
        lambda s: Sealed(person=s.person, box="not base64!"),
    ],
)
async def test_box_opens_only_whole_and_for_its_person(
    vault: Vault, change: Callable[[Sealed], Sealed]
) -> None:
    await vault.seal("P-2", HELLO)
    sealed = await vault.seal("P-1", HELLO)
    assert await vault.open(change(sealed)) is None


async def test_another_master_key_is_noticed(vault: Vault, engine: AsyncEngine) -> None:
    sealed = await vault.seal("P-1", HELLO)
    with pytest.raises(RuntimeError, match="another master key"):
        await Vault(engine, b"o" * 32).open(sealed)


async def test_keys_are_wrapped_where_they_rest(vault: Vault, engine: AsyncEngine) -> None:
    await vault.seal("P-1", HELLO)
    async with engine.connect() as connection:
        (wrapped,) = await connection.scalars(select(person_keys.c.key))
    assert len(wrapped) == 12 + 32 + 16
    assert msgspec.json.encode(HELLO) not in wrapped
