"""Whatever comes in, what goes out is an answer or a problem document, never a 5xx of ours."""

import asyncio
import json
import re
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.toy_service import toy

from .conftest import BOSS, WRITER

MEMBERS = {"type", "title", "status", "detail", "instance", "correlation_id"}
JSON = {"Content-Type": "application/json"}


def assert_problem(
    answer: httpx.Response, status: int, slug: str, field: str | None = None
) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert set(document) >= MEMBERS
    assert document["type"] == f"/problems/{slug}"
    assert document["status"] == status
    assert document["correlation_id"] == answer.headers["x-correlation-id"]
    assert document.get("field") == field


@pytest.mark.parametrize(
    ("body", "slug", "status", "field"),
    [
        (b"", "invalid", 422, "body"),
        (b"{", "malformed-json", 400, None),
        (b'{"id":"a"}{', "malformed-json", 400, None),
        (b'{"id":"\xff"}', "malformed-json", 400, None),
        (b'\xff\xfe{\x00"\x00', "malformed-json", 400, None),
        (b'{"id":"a","amount":NaN}', "malformed-json", 400, None),
        (b'{"id":"a","amount":Infinity}', "malformed-json", 400, None),
        (b'{"id":"a","amount":1e999}', "malformed-json", 400, None),
        (b'{"id":"\\ud800"}', "malformed-json", 400, None),
        (b'{"\\ud800":"a"}', "malformed-json", 400, None),
        (b"[" * 100_000, "malformed-json", 400, None),
        (b'{"id":"a","note":"x\\u0000"}', "nul-character", 422, "note"),
        (b'{"id":"a","count":9223372036854775808}', "integer-range", 422, "count"),
        (b'{"id":"a","count":-9223372036854775809}', "integer-range", 422, "count"),
        (b'{"id":"a","contact":{"name":"\\n"}}', "invalid", 422, "contact.name"),
        (b'{"id":"a","contact":{"name":"x","mail":"m"}}', "invalid", 422, "contact.mail"),
        (b'{"id":"a b"}', "invalid", 422, "id"),
        (b'{"id":"a\\n"}', "invalid", 422, "id"),
        (b'{"id":"-a"}', "invalid", 422, "id"),
        (b'{"id":"' + b"a" * 65 + b'"}', "invalid", 422, "id"),
        (b'{"id":"a","note":"' + b"x" * 10_001 + b'"}', "invalid", 422, "note"),
        (b'{"id":"a","occurred_at":"2026-10-09T09:00:00"}', "invalid", 422, "occurred_at"),
        (b'{"id":"a","occurred_at":"2026-10-09T09:32:00Z"}', "in-the-future", 422, "occurred_at"),
        (
            b'{"id":"a","occurred_at":"0001-01-01T00:00:00+14:00"}',
            "out-of-range",
            422,
            "occurred_at",
        ),
        (b"[]", "invalid", 422, "body"),
        (b"null", "invalid", 422, "body"),
        (b'"x"', "invalid", 422, "body"),
    ],
)
async def test_a_bad_body_names_what_is_wrong(
    desk: httpx.AsyncClient, body: bytes, slug: str, status: int, field: str | None
) -> None:
    answer = await desk.post("/v1/things", content=body, headers=JSON)
    assert_problem(answer, status, slug, field)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"extra":{"a":[1,"\\u0000"]}}', "extra.a.1"),
        (b'{"extra":{"\\u0000":1}}', "extra"),
        (b'{"extra":{"a":{"b":9223372036854775808}}}', "extra.a.b"),
    ],
)
async def test_what_no_table_can_hold_is_found_at_any_depth(
    desk: httpx.AsyncClient, body: bytes, field: str
) -> None:
    answer = await desk.post("/v1/anything", content=body, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    "body", [b'{"id":"a","count":9223372036854775807}', b'{"id":"a","note":"\\\\u0000"}']
)
async def test_what_only_looks_bad_is_taken(desk: httpx.AsyncClient, body: bytes) -> None:
    assert (await desk.post("/v1/things", content=body, headers=JSON)).status_code == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
@pytest.mark.parametrize("path", ["/v1/things", "/v1/lean"])
async def test_another_kind_of_body_is_415(desk: httpx.AsyncClient, kind: str, path: str) -> None:
    answer = await desk.post(path, content=b'{"id":"a"}', headers={"Content-Type": kind})
    assert_problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("path", ["/v1/things", "/v1/lean"])
@pytest.mark.parametrize("sent", [{"李静 13855500119": 1}, {"id": {"13855500119": "李静"}}])
async def test_nothing_that_was_sent_is_repeated(
    desk: httpx.AsyncClient, path: str, sent: dict[str, Any]
) -> None:
    answer = await desk.post(path, json=sent, headers=WRITER)
    assert answer.status_code == 422
    assert not {"李静", "13855500119"} & set(re.findall(r"[李静]+|\d{11}", answer.text))


async def test_a_field_that_nobody_knows_is_named(desk: httpx.AsyncClient) -> None:
    answer = await desk.post("/v1/things", json={"colour": "李静"}, headers=WRITER)
    assert ("colour" in answer.text, "李静" in answer.text) == (True, False)


async def test_unknown_places_and_methods(desk: httpx.AsyncClient) -> None:
    assert_problem(await desk.get("/v1/nowhere"), 404, "not-found")
    assert_problem(await desk.get("/v1/%00%ff"), 404, "not-found")
    mistyped = await desk.get("/v1/callers/13800138000/x")
    assert_problem(mistyped, 404, "not-found")
    assert "13800138000" not in mistyped.text
    answer = await desk.delete("/v1/things")
    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("path", ["/v1/things/%00", "/v1/things/a%20b", "/v1/things/%ff"])
async def test_an_id_that_cannot_be_one_is_422(desk: httpx.AsyncClient, path: str) -> None:
    assert_problem(await desk.get(path), 422, "invalid", "thing_id")


@pytest.mark.parametrize("name", ["", "a\x00", "a\nb", "x" * 201])
async def test_form_fields_obey_the_same_rules(http: httpx.AsyncClient, name: str) -> None:
    assert_problem(await http.post("/v1/form", data={"name": name}), 422, "invalid", "name")


async def test_a_broken_multipart_body_is_400(http: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await http.post("/v1/form", content=b"--y\r\nnonsense", headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("how", "status", "slug"),
    [
        ("conflict", 409, "conflict"),
        ("log", 503, "unavailable"),
        ("refused-connection", 503, "unavailable"),
        ("timeout", 503, "unavailable"),
        ("own", 404, "no-such-toy"),
        ("defect", 500, "internal"),
    ],
)
async def test_failures_inside_are_answered(
    desk: httpx.AsyncClient, how: str, status: int, slug: str
) -> None:
    answer = await desk.post(f"/v1/fail/{how}")
    assert_problem(answer, status, slug)
    assert "13912345678" not in answer.text
    assert ("retry-after" in answer.headers) is (status == 503)


@pytest.mark.parametrize("header", ["x" * 65, "a b", "\u00e9", "", "a;b", '{"a":1}'], ids=range(6))
async def test_a_correlation_id_that_could_hurt_is_replaced(
    desk: httpx.AsyncClient, header: str
) -> None:
    answer = await desk.get("/v1/things/a", headers={"X-Correlation-Id": header.encode("latin-1")})
    assert answer.headers["x-correlation-id"] != header


async def test_a_correlation_id_is_taken_over(desk: httpx.AsyncClient) -> None:
    answer = await desk.get("/v1/things/a", headers={"X-Correlation-Id": "call-77"})
    assert answer.headers["x-correlation-id"] == "call-77"
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = await desk.get(
        "/v1/things/a", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    )
    assert answer.headers["x-correlation-id"] == trace


hostile_json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    ["id", "note", "amount", "count", "contact", "extra", "occurred_at", "summary", "other"]
)
bodies = st.binary(max_size=200) | st.dictionaries(fields, hostile_json, max_size=5).map(
    lambda value: json.dumps(value).encode("utf-8", "surrogatepass")
)


HTTP = httpx.AsyncClient(transport=httpx.ASGITransport(toy()), base_url="http://127.0.0.1")
KINDS = (
    "application/json",
    "application/json; charset=gbk",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "\xff",
)


@settings(max_examples=400, deadline=None)
@given(
    body=bodies,
    path=st.sampled_from(["/v1/things", "/v1/anything", "/v1/lean", "/v1/form", "/sign-in"]),
    kind=st.sampled_from(KINDS),
    key=st.none() | st.binary(max_size=300).filter(lambda key: not set(key) & set(b"\r\n\0")),
)
def test_no_body_at_all_makes_it_fail(body: bytes, path: str, kind: str, key: bytes | None) -> None:
    headers = [(b"content-type", kind.encode("latin-1"))]
    headers += [(b"idempotency-key", key)] if key is not None else []

    who = WRITER if path.startswith("/v1") else BOSS
    request = HTTP.build_request("POST", path, content=body, headers=[*who.items(), *headers])
    answer = asyncio.run(HTTP.send(request))
    assert answer.status_code < 500, (body, answer.text)
    if answer.status_code >= 400 and path.startswith("/v1"):
        assert_problem(
            answer,
            answer.status_code,
            answer.json()["type"].rsplit("/", 1)[-1],
            answer.json().get("field"),
        )
