"""An id is one token of a subject, and a case number can be spelled on the phone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.ids import ID_PATTERN, case_id


@pytest.mark.parametrize("good", ["4F7K-Q2M9", "E-1", "a", "0_x", "A" * 64])
def test_token_of_a_subject_is_an_id(good: str) -> None:
    assert re.fullmatch(ID_PATTERN, good)


@pytest.mark.parametrize("bad", ["", "-a", "_a", "a.b", "a b", "a*", ">", "é", "a\n", "A" * 65])
def test_anything_else_is_not(bad: str) -> None:
    assert not re.fullmatch(ID_PATTERN, bad)


@given(st.text(), st.integers(0, 1000))
def test_same_identity_gives_the_same_case_number(identity: str, attempt: int) -> None:
    number = case_id(identity, attempt)
    assert number == case_id(identity, attempt) != case_id(identity, attempt + 1)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", number)
    assert re.fullmatch(ID_PATTERN, number)
