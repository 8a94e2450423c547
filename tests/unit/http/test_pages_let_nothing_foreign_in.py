import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_http.pages import content_security_policy, json_script

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner))


@given(values)
def test_data_in_a_script_cannot_leave_it(value: object) -> None:
    text = str(json_script(value))
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == value


def test_times_travel_and_other_things_do_not() -> None:
    assert (
        json_script({"at": datetime(2026, 1, 1, tzinfo=UTC)})
        == '{"at": "2026-01-01T00:00:00+00:00"}'
    )
    with pytest.raises(TypeError):
        json_script({"at": object()})


def test_the_policy_allows_ourselves_only() -> None:
    policy = content_security_policy("n0nce")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
