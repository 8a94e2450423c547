from typing import Any

import httpx
import pytest

from aftercare_http import LOCAL_KEY
from aftercare_http.credentials import COOKIE

OURS = {"Sec-Fetch-Site": "same-origin"}


async def test_a_stranger_is_sent_to_sign_in_and_back(http: httpx.AsyncClient) -> None:
    sent = await http.get("/v1/page?step=pm&lang=en")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/sign-in?next=%2Fv1%2Fpage%3Fstep%3Dpm%26lang%3Den"

    form = await http.get(sent.headers["location"])
    assert form.status_code == 200
    assert 'value="/v1/page?step=pm&amp;lang=en"' in form.text

    data = {"key": " reader-key-1 ", "next": "/v1/page?step=pm"}
    entered = await http.post("/sign-in", data=data, headers=OURS)
    assert entered.headers["location"] == "/v1/page?step=pm"
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert (await http.get("/v1/page")).text == "hello reader"


async def test_a_wrong_key_says_so_and_keeps_nothing(http: httpx.AsyncClient) -> None:
    answer = await http.post("/sign-in", data={"key": "wrong"}, headers=OURS)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert COOKIE not in http.cookies


async def test_signing_in_from_another_site_is_refused(http: httpx.AsyncClient) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    for path in ("/sign-in", "/sign-out"):
        answer = await http.post(path, data={"key": "desk-key-1"}, headers=foreign)
        assert answer.status_code == 403
    assert COOKIE not in http.cookies


async def test_signing_out_forgets(http: httpx.AsyncClient) -> None:
    await http.post("/sign-in", data={"key": "desk-key-1"}, headers=OURS)
    assert (await http.post("/sign-out", headers=OURS)).status_code == 303
    assert (await http.get("/v1/page")).status_code == 303


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb"],
)
async def test_signing_in_never_leads_to_another_site(http: httpx.AsyncClient, target: str) -> None:
    data = {"key": "desk-key-1", "next": target}
    answer = await http.post("/sign-in", data=data, headers=OURS)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("client", "host", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8083", 303),
        ("::1", "localhost:8083", 303),
        ("127.0.0.1", "rebound.example", 200),
        ("10.0.0.7", "127.0.0.1:8083", 200),
    ],
)
async def test_the_local_system_signs_in_who_sits_at_it(
    serve: Any, client: str, host: str, status: int
) -> None:
    keys = f"local={LOCAL_KEY}:*"
    async with serve(client=(client, 1), api_keys=keys) as http:
        answer = await http.get("/sign-in?next=/v1/page", headers={"Host": host})
    assert answer.status_code == status


async def test_keys_of_its_own_sign_nobody_in_by_themselves(http: httpx.AsyncClient) -> None:
    assert (await http.get("/sign-in?next=/v1/page")).status_code == 200
