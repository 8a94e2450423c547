import httpx
import pytest


async def test_an_answer_says_where_its_effect_stands(desk: httpx.AsyncClient) -> None:
    answer = await desk.post("/v1/things", json={"id": "a"})
    assert answer.headers["x-log-position"] == "7"


@pytest.mark.parametrize(
    ("position", "status", "slug"),
    [
        ("0", 200, None),
        ("5", 200, None),
        ("7", 200, None),
        ("9", 503, "not-yet-visible"),
        ("11", 422, "beyond-the-log"),
        ("-1", 422, "invalid"),
        ("x", 422, "invalid"),
        ("", 422, "invalid"),
        ("1.5", 422, "invalid"),
        ("9223372036854775808", 422, "invalid"),
    ],
)
async def test_a_read_waits_for_what_exists(
    desk: httpx.AsyncClient, position: str, status: int, slug: str | None
) -> None:
    answer = await desk.get("/v1/things/a", params={"min_position": position})
    assert answer.status_code == status
    if slug:
        assert answer.json()["type"] == f"/problems/{slug}"
        assert (answer.json().get("field") == "min_position") is (status == 422)
    assert ("retry-after" in answer.headers) is (status == 503)
