"""The shared frame of every page, seen through the one page that is shared: signing in."""

import re

import httpx
import pytest


async def test_a_page_names_its_language_and_switches_in_place(http: httpx.AsyncClient) -> None:
    page = await http.get("/sign-in?next=/v1/page", headers={"Accept-Language": "en"})
    assert '<html lang="en"' in page.text
    assert page.headers["content-language"] == "en"
    assert 'href="/sign-in?next=%2Fv1%2Fpage&amp;lang=zh"' in page.text

    switched = await http.get("/sign-in?next=/v1/page&lang=zh", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN"' in switched.text
    kept = await http.get("/sign-in", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN"' in kept.text


async def test_no_inline_script_lacks_the_nonce(http: httpx.AsyncClient) -> None:
    page = await http.get("/sign-in")
    nonce = re.search(r"'nonce-([\w-]+)'", page.headers["content-security-policy"])
    assert nonce is not None
    for tag in re.findall(r"<script[^>]*>", page.text):
        assert "src=" in tag or f'nonce="{nonce[1]}"' in tag
    assert not re.search(r"\son\w+=|style=", page.text)
    again = await http.get("/sign-in")
    assert nonce[1] not in again.text


async def test_static_files_are_named_by_content_and_served(http: httpx.AsyncClient) -> None:
    page = await http.get("/sign-in")
    addresses = set(re.findall(r"/static/[\w./]+\?v=[0-9a-f]{12}", page.text))
    assert {address.partition("?")[0] for address in addresses} >= {
        "/static/style.css",
        "/static/live.js",
        "/static/icon.svg",
    }
    for address in addresses:
        answer = await http.get(address)
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/none.css"])
async def test_no_other_file_is_served(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code in {404, 405}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_a_reader_typed_stays_text(http: httpx.AsyncClient) -> None:
    page = await http.get("/sign-in", params={"next": '/"><script>alert(1)</script>', "lang": "en"})
    assert "<script>alert" not in page.text
