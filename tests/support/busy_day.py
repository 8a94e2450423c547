"""`aftercare simulate` as a process of its own, watched through its ledger."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from aftercare_cli.simulate.books import Entry


class BusyDay:
    """One run; `reached` returns when it got so far, or was over before."""

    def __init__(self, data: Path, ledger: Path, *, cases: int, seed: int) -> None:
        self.cases = cases
        self._ledger = ledger
        self._output = ledger.with_suffix(".json")
        self._trouble = ledger.with_suffix(".err")
        options = {"--cases": cases, "--seed": seed, "--speed": 4000, "--rate": 600}
        given = [text for name, value in options.items() for text in (name, str(value))]
        command = [sys.executable, "-m", "aftercare_cli.main", "simulate", "--json"]
        with self._output.open("wb") as output, self._trouble.open("wb") as trouble:
            self.process = subprocess.Popen(
                [*command, "--data", data, "--ledger", ledger, *given],
                stdout=output,
                stderr=trouble,
                start_new_session=True,
            )

    def reached(self, count: int, seconds: float = 120) -> bool:
        """Wait until so many writes were acknowledged; False when the day ended before."""
        deadline = time.monotonic() + seconds
        while self._lines() < count:
            if self.process.poll() is not None:
                return False
            assert time.monotonic() < deadline, f"{self._lines()} of {count} writes"
            time.sleep(0.01)
        return True

    def summary(self, seconds: float = 240) -> dict[str, Any]:
        """Wait for the end, and return what the day says of itself."""
        self.process.wait(seconds)
        told = self._output.read_text()
        assert told, self._trouble.read_text()
        return json.loads(told)

    def entries(self) -> Sequence[Entry]:
        decode = msgspec.json.Decoder(Entry).decode
        return [decode(line) for line in self._ledger.read_bytes().splitlines()]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _lines(self) -> int:
        return self._ledger.read_bytes().count(b"\n") if self._ledger.exists() else 0
