import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_http import Problem, decode_cursor, encode_cursor

Key = tuple[str, int]


@given(st.text(), st.integers(-(2**63), 2**63 - 1))
def test_a_cursor_carries_its_sort_key(text: str, number: int) -> None:
    cursor = encode_cursor((text, number))
    assert cursor.replace("-", "a").replace("_", "a").isalnum()
    assert decode_cursor(cursor, Key) == (text, number)


def test_no_cursor_is_the_first_page() -> None:
    assert decode_cursor(None, Key) is None


@given(st.text().filter(lambda text: not text.startswith("W")))
def test_anything_else_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        decode_cursor(cursor, Key)
    assert (refused.value.status_code, refused.value.field) == (422, "cursor")


@pytest.mark.parametrize("key", [("a",), ("a", "b"), (1, 1), ("a", 1, 1)])
def test_the_cursor_of_another_list_is_refused(key: tuple[object, ...]) -> None:
    with pytest.raises(Problem):
        decode_cursor(encode_cursor(key), Key)
