"""What is written down of a day: every acknowledgement, every refusal, whatever went wrong."""

from collections import Counter
from dataclasses import dataclass, field
from typing import IO

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One acknowledged write: the event at `position` is about `about`, `<aggregate>/<id>`.

    `identity` is what it was sent under; `opens` says that it opened this case.
    """

    what: str
    about: str
    position: int
    identity: str
    opens: bool = False
    duplicate: bool = False


@dataclass(slots=True)
class Books:
    """`ledger` receives each entry at once; `defects` are sentences about what must never be.

    `cases` are those that were opened.
    """

    ledger: IO[bytes] | None = None
    entries: list[Entry] = field(default_factory=list[Entry])
    counts: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    defects: list[str] = field(default_factory=list[str])
    cases: set[str] = field(default_factory=set[str])

    def acknowledged(self, entry: Entry) -> None:
        self.entries.append(entry)
        if entry.opens:
            self.cases.add(entry.about.partition("/")[2])
        if self.ledger is not None:
            self.ledger.write(msgspec.json.encode(entry) + b"\n")
            self.ledger.flush()
