"""What several watchers say at once is a line each."""

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from aftercare_cli.up import say

WATCHERS, LINES = 8, 500


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """They take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless_threads")
def test_what_several_say_at_once_is_a_line_each(capfd: pytest.CaptureFixture[str]) -> None:
    def watch(number: int) -> None:
        for line in range(LINES):
            say(f"watcher-{number} says {line}")

    with ThreadPoolExecutor(WATCHERS) as watchers:
        list(watchers.map(watch, range(WATCHERS)))
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == WATCHERS * LINES
    whole = re.compile(r"\d\d:\d\d:\d\d  watcher-\d says \d+")
    assert [line for line in lines if not whole.fullmatch(line)] == []
