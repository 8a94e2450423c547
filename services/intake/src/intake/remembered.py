"""One kind of look-up: asked in few queries, and remembered while somebody tells of changes."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

from aftercare_events.gathering import Gathering

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Answers by key. After a change everybody asks at once, which is one query and not many.

    What was not found is `nothing`, and remembered as well, for most callers are in no archive.
    """

    def __init__(
        self, fetch: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]], capacity: int, nothing: V
    ) -> None:
        self._asked = Gathering(fetch)
        self._capacity = capacity
        self._nothing = nothing
        self._answers: OrderedDict[K, V] = OrderedDict()
        self._generation = 0
        self.told_of_changes = False

    def forget(self) -> None:
        """Something changed; look-ups under way are not remembered either."""
        self._answers.clear()
        self._generation += 1

    async def get(self, key: K) -> V:
        if key in self._answers:
            self._answers.move_to_end(key)
            return self._answers[key]
        generation = self._generation
        found = await self._asked.get(key)
        if found is None:
            found = self._nothing
        if self.told_of_changes and generation == self._generation:
            self._answers[key] = found
            if len(self._answers) > self._capacity:
                self._answers.popitem(last=False)
        return found
