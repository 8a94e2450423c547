"""Given facts, when a command, then facts: the helper says no when it should."""

from collections.abc import Sequence

import pytest

from aftercare_events.decider import Decider, Refused
from aftercare_events.testing import spec


def decide(command: str, state: tuple[str, ...]) -> Sequence[str]:
    if command in state:
        raise Refused("said-before", "once is enough", "word")
    return [command]


WORDS: Decider[str, tuple[str, ...], str] = Decider((), decide, lambda state, word: (*state, word))


def test_facts_follow() -> None:
    spec(WORDS).given("a").when("b").then("b")


def test_refusal_is_expected_by_code_and_field() -> None:
    spec(WORDS).given("a").given("b").when("a").refused("said-before", "word")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: spec(WORDS).when("a").then("b"),
        lambda: spec(WORDS).when("a").then(),
        lambda: spec(WORDS).when("a").refused("said-before"),
        lambda: spec(WORDS).given("a").when("a").then("a"),
        lambda: spec(WORDS).given("a").when("a").refused("said-before"),
        lambda: spec(WORDS).given("a").when("a").refused("other", "word"),
    ],
)
def test_wrong_expectation_fails(wrong: object) -> None:
    with pytest.raises(AssertionError):
        wrong()  # type: ignore[operator]
