"""What can be done with a callback, each as one atomic append."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from aftercare_events.by import By
from aftercare_events.catalogue.case import CallbackOutcome
from aftercare_events.catalogue.feedback import AttemptOutcome, Scores
from aftercare_events.decider import Basis
from aftercare_events.log import Expect, Log, whole
from aftercare_events.sealing import Sealed

from .confidant import Confidant
from .desk import Unknown, carry_out
from .domain import callback as rules
from .domain import commands as cmd
from .domain.independence import CUSTOMER, Caller
from .outcome import Outcome
from .store import OpenMatter, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the customer said; `suggestions` in clear, as they came in."""

    outcome: CallbackOutcome
    scores: Scores | None = None
    solved: bool | None = None
    suggestions: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """How a call ended that brought nothing; `note` in clear, as it came in."""

    outcome: AttemptOutcome
    call_again_at: datetime | None = None
    note: str | None = None


class Callbacks:
    """The use cases; each raises Refused, Unknown, KeyReused, Conflict, LogUnavailable."""

    def __init__(self, log: Log, store: Store, confidant: Confidant) -> None:
        self._log = log
        self._store = store
        self._confidant = confidant

    async def schedule(self, case_id: str, by: By) -> Outcome | None:
        """None when the case has its callback, or needs none any more."""
        return await self._carry_out(
            lambda: self._store.matter_of_case(case_id), cmd.Schedule(case_id=case_id, at=by.at), by
        )

    async def cancel(self, callback_id: str, by: By) -> Outcome | None:
        """None while the case waits for it."""
        return await self._carry_out(lambda: self._found(callback_id), cmd.Cancel(at=by.at), by)

    async def close_held(self, case_id: str, by: By) -> Outcome | None:
        """None while a loan is out, or when the case went another way meanwhile."""
        return await self._carry_out(
            lambda: self._store.matter_of_case(case_id),
            cmd.CloseHeld(case_id=case_id, at=by.at),
            by,
        )

    async def attempt(self, callback_id: str, officer_id: str, said: NoAnswer, by: By) -> Outcome:
        command = cmd.Attempt(
            at=by.at,
            caller=await self._store.caller(officer_id),
            outcome=said.outcome,
            call_again_at=said.call_again_at,
            note=await self._sealed(callback_id, said.note),
        )
        return await self._change(callback_id, command, by)

    async def complete(self, callback_id: str, officer_id: str, said: Answers, by: By) -> Outcome:
        return await self._complete(callback_id, await self._store.caller(officer_id), said, by)

    async def complete_by_customer(self, callback_id: str, said: Answers, by: By) -> Outcome:
        """The customer answered on the survey page: as good as a call (FB-04)."""
        return await self._complete(callback_id, CUSTOMER, said, by)

    async def _complete(self, callback_id: str, caller: Caller, said: Answers, by: By) -> Outcome:
        command = cmd.Complete(
            at=by.at,
            caller=caller,
            outcome=said.outcome,
            scores=said.scores,
            solved=said.solved,
            suggestions=await self._sealed(callback_id, said.suggestions),
        )
        return await self._change(callback_id, command, by)

    async def _sealed(self, callback_id: str, words: str | None) -> Sealed | None:
        """What the customer said, for nobody to read but those who may."""
        if not words:
            return None
        opened = await self._found(callback_id)
        return await self._confidant.seal(opened.case_id, opened.matter.case, words)

    async def _change(
        self, callback_id: str, command: cmd.Attempt | cmd.Complete, by: By
    ) -> Outcome:
        outcome = await self._carry_out(lambda: self._found(callback_id), command, by)
        if outcome is None:
            raise AssertionError(f"{command} led to nothing")
        return outcome

    async def _carry_out(
        self,
        load: Callable[[], Awaitable[OpenMatter]],
        command: cmd.CallbackCommand,
        by: By,
    ) -> Outcome | None:
        def decide(opened: OpenMatter) -> Basis[Sequence[msgspec.Struct]]:
            facts = rules.decide(command, opened.matter)
            return Basis(facts, _expected(facts, opened))

        return await carry_out(self._log, load, decide, by)

    async def _found(self, callback_id: str) -> OpenMatter:
        opened = await self._store.matter_of_callback(callback_id)
        if opened is None:
            raise Unknown("callback", callback_id)
        return opened


def _expected(facts: Sequence[rules.Decided], opened: OpenMatter) -> Sequence[Expect]:
    """The callback and the whole case as they were read, where something is said about them."""
    expected: list[Expect] = []
    if any(isinstance(fact, rules.CallbackFact) for fact in facts):
        expected.append(Expect(opened.subject, opened.callback_position))
    if any(isinstance(fact, rules.CaseConsequence) for fact in facts):
        expected.append(Expect(whole("case", opened.case_id), opened.case_position))
    return expected
