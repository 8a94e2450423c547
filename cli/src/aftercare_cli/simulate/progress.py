"""How the day goes, on the terminal while it goes."""

import sys
from collections import Counter
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from .books import Books
from .history import Line

SHOWN = {"case.closed": "closed", "case.alert_raised": "alerts", "callback.completed": "callbacks"}


class Progress:
    """One line on stderr that moves; nothing where stderr is no terminal."""

    def __init__(self, requests: int, books: Books) -> None:
        console = Console(stderr=True)
        self._books = books
        self._heard: Counter[str] = Counter()
        self._bar = Bar(
            TextColumn("lives"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("", total=requests)

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def hear(self, line: Line) -> None:
        """Whatever the history tells; what is not of this day does not count."""
        if line.name in SHOWN and line.data.get("case_id") in self._books.cases:
            self._heard[SHOWN[line.name]] += 1
        heard = ", ".join(f"{self._heard[name]} {name}" for name in SHOWN.values())
        told = f"{self._books.counts['acknowledged']} acknowledged, {heard}"
        self._bar.update(self._task, completed=self._books.counts["over"], description=told)
