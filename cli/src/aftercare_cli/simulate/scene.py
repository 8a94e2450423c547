"""Where the day takes place: the services on one side, the books on the other."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .books import Books, Entry
from .company import Company
from .history import History
from .wire import Answer, Call, Unanswered, Wire

# We speak the language of the services, or the simulation is at fault.
MISUNDERSTOOD = frozenset({"invalid", "malformed-json", "unauthorized", "forbidden"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """`run` names this day, so that a second one of the same seed asks anew; `speed` is how many
    seconds of the day pass in one of ours."""

    run: str
    speed: float
    company: Company
    wire: Wire
    history: History
    books: Books

    async def let_pass(self, seconds: float) -> None:
        """Wait for `seconds` of the day."""
        await asyncio.sleep(seconds / self.speed)

    async def tell(
        self,
        service: str,
        path: str,
        about: str,
        key: str,
        body: Mapping[str, Any],
        *,
        method: str = "POST",
    ) -> Answer | None:
        """Say that something happened just now; None where it was refused or never answered."""
        told = {**body, "occurred_at": now().isoformat()}
        call = Call(service=service, path=path, method=method, key=f"{self.run}-{key}", json=told)
        return await self.send(call, _route(path), about)

    async def send(self, call: Call, what: str, about: str) -> Answer | None:
        """Send a call and enter its acknowledgement about `about`."""
        answer = await self.ask(call, what)
        if answer is not None and "position" in answer.body:
            self.books.acknowledged(
                Entry(
                    what=what,
                    about=about,
                    position=answer.body["position"],
                    identity=call.key or "",
                )
            )
        return answer

    async def ask(self, call: Call, what: str) -> Answer | None:
        """A good answer, or None with the reason in the books."""
        try:
            answer = await self.wire.send(call)
        except Unanswered as error:
            self.books.counts["unanswered"] += 1
            self.books.defects.append(f"never answered: {error}")
            return None
        if answer.ok:
            return answer
        if answer.status >= 500 or answer.problem in MISUNDERSTOOD:
            self.books.defects.append(f"{call.method} {call.path}: {answer.status} {answer.body}")
        self.books.refused[f"{what}: {answer.problem}"] += 1
        return None


def now() -> datetime:
    return datetime.now(UTC)


def _route(path: str) -> str:
    """`/v1/cases/4F7K-Q2M9/accept` is `accept`, `/v1/loans` is `loans`."""
    _, _, collection, *rest = path.partition("?")[0].split("/")
    return rest[-1] if len(rest) > 1 else collection
