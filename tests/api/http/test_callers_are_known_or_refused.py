"""Every kind of token on every kind of route (R9)."""

import time
from typing import Any

import httpx
import jwt
import pytest

from aftercare_http.credentials import COOKIE

SECRET = "a secret of the identity provider, long enough"
OTHER = "a secret of somebody else, which is as long"


def token(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    given = {"sub": "zhang", "exp": time.time() + 24 * 3600, "scope": "toy:read"} | claims
    present = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(present, secret, algorithm)


REFUSED = {
    "nothing": None,
    "an unknown key": "Bearer no-such-key",
    "half a key": "Bearer desk-key",
    "an empty token": "Bearer ",
    "another scheme": "Basic desk-key-1",
    "no scheme": "desk-key-1",
    "another signer": f"Bearer {token(OTHER)}",
    "no signature": f"Bearer {token('', 'none')}",
    "another algorithm": f"Bearer {token(SECRET * 2, 'HS512')}",
    "an expired token": f"Bearer {token(exp=time.time() - 1)}",
    "a token for ever": f"Bearer {token(exp=None)}",
    "a token of nobody": f"Bearer {token(sub=None)}",
    "a token of no name": f"Bearer {token(sub='')}",
    "no token at all": "Bearer a.b.c",
    "bytes": b"Bearer \xff\xfe",
}


@pytest.fixture
async def http(serve: Any) -> Any:
    async with serve(jwt_secret=SECRET) as client:
        yield client


@pytest.mark.parametrize("presented", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/things/a"), ("POST", "/v1/things"), ("POST", "/v1/lean")]
)
async def test_an_unknown_caller_is_refused_before_the_body_is_read(
    http: httpx.AsyncClient, presented: str | bytes | None, method: str, path: str
) -> None:
    headers = {} if presented is None else {"Authorization": presented}
    answer = await http.request(method, path, content=b"not json", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer realm=")
    assert answer.json()["type"] == "/problems/unauthorized"


@pytest.mark.parametrize(
    ("presented", "status"),
    [
        ("reader-key-1", 403),
        ("desk-key-1", 201),
        ("boss-key-1", 201),
        (token(), 403),
        (token(scope=""), 403),
        (token(scope=None), 403),
        (token(scope=7), 403),
        (token(scope="*"), 403),
        (token(scope="toy:write"), 201),
        (token(scope="toy:read toy:write"), 201),
        (token(scope=["toy:read", "toy:write", 7]), 201),
    ],
)
async def test_a_route_wants_its_scope(
    http: httpx.AsyncClient, presented: str, status: int
) -> None:
    for _ in range(2):
        answer = await http.post(
            "/v1/things", json={"id": "a"}, headers={"Authorization": f"Bearer {presented}"}
        )
        assert answer.status_code == status
    if status == 403:
        assert "toy:write" in answer.json()["detail"]
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "http://127.0.0.1"}, 201),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://127.0.0.1:8082"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
async def test_a_cookie_writes_from_our_own_pages_only(
    http: httpx.AsyncClient, headers: dict[str, str], status: int
) -> None:
    entered = await http.post(
        "/sign-in", data={"key": "desk-key-1"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert entered.status_code == 303
    assert COOKIE in http.cookies

    answer = await http.post("/v1/things", json={"id": "a"}, headers=headers)
    assert answer.status_code == status
    assert (await http.get("/v1/things/a")).status_code == 200


async def test_a_bearer_needs_no_origin_and_beats_a_cookie(http: httpx.AsyncClient) -> None:
    await http.post(
        "/sign-in", data={"key": "reader-key-1"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    answer = await http.post(
        "/v1/things", json={"id": "a"}, headers={"Authorization": "Bearer desk-key-1"}
    )
    assert answer.json()["by"] == "desk"


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", token(aud="aftercare-pages", scope="*")])
async def test_a_forged_cookie_is_nobody(http: httpx.AsyncClient, cookie: str) -> None:
    answer = await http.get("/v1/things/a", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert answer.status_code == 401


async def test_a_cookie_dies_with_the_keys(serve: Any) -> None:
    async with serve() as http:
        await http.post(
            "/sign-in", data={"key": "desk-key-1"}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        cookie = f"{COOKIE}={http.cookies[COOKIE]}"
    async with serve(api_keys="desk=desk-key-2:toy:read") as http:
        assert (await http.get("/v1/things/a", headers={"Cookie": cookie})).status_code == 401
