"""Behind a proxy everybody would share one address, and one limit; whom to believe is a setting."""

from typing import Any

import httpx
import pytest

from aftercare_http.server import config_of
from aftercare_http.state import state_of
from support.toy_service import toy


async def answers(trusted: str, proxy: str, *clients: str) -> list[int]:
    """What a proxy gets that asks once for each client, with one request allowed to each."""
    app = toy(rate_per_s=0.001, rate_burst=1, trusted_proxies=trusted)
    config = config_of(app, state_of(app).settings)
    config.load()
    transport = httpx.ASGITransport(config.loaded_app, client=(proxy, 5000))
    asked: dict[str, Any] = {"base_url": "http://127.0.0.1", "transport": transport}
    async with app.router.lifespan_context(app), httpx.AsyncClient(**asked) as http:
        return [
            (await http.get("/sign-in", headers={"X-Forwarded-For": client})).status_code
            for client in clients
        ]


@pytest.mark.parametrize("trusted", ["10.0.0.7", "127.0.0.1, 10.0.0.0/8"])
async def test_clients_of_a_trusted_proxy_are_told_apart(trusted: str) -> None:
    seen = await answers(trusted, "10.0.0.7", "203.0.113.1", "203.0.113.2", "203.0.113.1")
    assert seen == [200, 200, 429]


async def test_nobody_else_says_who_he_is() -> None:
    seen = await answers("127.0.0.1", "10.0.0.7", "203.0.113.1", "203.0.113.2")
    assert seen == [200, 429]
