"""R9: every route of intake that is not open to everybody refuses whoever lacks its scope."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from aftercare_http.auth import Requires, guards_of
from support import intake_desk
from support.intake_desk import Desk
from support.intake_desk import desk as running

SCOPES = (
    *("intake:write", "dispatch:write", "dispatch:approve", "dispatch:read", "sla:read"),
    *("sla:ack", "feedback:write", "history:read", "admin"),
)


@pytest.fixture
async def guarded(tables_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A desk that knows, for each set of scopes that a route wants, a caller with all others."""
    everybody = [f"all-but-{number}=key-{number}-key:{scopes}" for number, scopes in all_but()]
    monkeypatch.setattr(intake_desk, "KEYS", ";".join([intake_desk.KEYS, *everybody]))
    async with running(tables_url) as desk:
        yield desk


def all_but() -> Iterator[tuple[int, str]]:
    """Number the subsets of scopes; the key of that number has none of them."""
    for number in range(1, 2 ** len(SCOPES)):
        others = [scope for bit, scope in enumerate(SCOPES) if not number >> bit & 1]
        if len(SCOPES) - len(others) <= 2:
            yield number, ",".join(others) or "none"


def number_of(scopes: tuple[str, ...]) -> int:
    return sum(1 << SCOPES.index(scope) for scope in scopes)


def guards(desk: Desk) -> Iterator[tuple[str, str, Requires]]:
    """Method and address of each guarded route, with what it demands."""
    for route in iter_route_contexts(desk.app.routes):
        if isinstance(route.original_route, APIRoute):
            for guard in guards_of(route.dependant):
                if isinstance(guard, Requires):
                    path = re.sub(r"{[^}]+}", "1", route.path)
                    yield from ((method, path, guard) for method in sorted(route.methods or ()))


async def test_every_guarded_route_refuses_who_may_not(guarded: Desk) -> None:
    demands = list(guards(guarded))
    assert len(demands) > 40
    for method, path, guard in demands:
        unknown = 303 if guard.page else 401
        for token, status in (
            ("", unknown),
            ("Bearer nobody-knows-this-key", unknown),
            ("Bearer ", unknown),
            (f"Bearer key-{number_of(guard.scopes)}-key", 403),
        ):
            answer = await guarded.http.request(method, path, headers={"Authorization": token})
            assert answer.status_code == status, (method, path, token, answer.text)


async def test_scopes_that_routes_demand_are_the_documented_ones(guarded: Desk) -> None:
    assert {scope for _, _, guard in guards(guarded) for scope in guard.scopes} <= set(SCOPES)


async def test_one_of_several_scopes_is_enough_where_a_route_says_so(guarded: Desk) -> None:
    either = [(m, path, guard) for m, path, guard in guards(guarded) if guard.one]
    assert either
    for method, path, guard in either:
        for scope in guard.scopes:
            key = f"Bearer key-{number_of((scope,))}-key"
            answer = await guarded.http.request(method, path, headers={"Authorization": key})
            assert answer.status_code == 404, (path, scope, answer.text)
