"""What can be done with a corrective action, each as one atomic append."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from aftercare_events.by import By
from aftercare_events.catalogue.case import CallbackOutcome
from aftercare_events.decider import Basis
from aftercare_events.log import Expect, Log, whole
from aftercare_events.redact import redact
from aftercare_events.sealing import Sealed

from .confidant import Confidant
from .desk import Unknown, carry_out
from .domain import commands as cmd
from .domain import corrective_action as rules
from .outcome import Outcome
from .store import OpenRemedy, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the customer said when called again; `note` in clear, as it came in."""

    officer_id: str
    outcome: CallbackOutcome
    note: str | None = None


class CorrectiveActions:
    """The use cases; each raises Refused, Unknown, KeyReused, Conflict, LogUnavailable."""

    def __init__(self, log: Log, store: Store, confidant: Confidant) -> None:
        self._log = log
        self._store = store
        self._confidant = confidant

    async def assign(self, action_id: str, owner_id: str, due_at: datetime, by: By) -> Outcome:
        command = cmd.AssignAction(at=by.at, owner_id=owner_id, due_at=due_at)
        return await self._carry_out(action_id, command, by)

    async def finish(self, action_id: str, measures: str, by: By) -> Outcome:
        contact = await self._confidant.name_in((await self._found(action_id)).remedy.case)
        command = cmd.FinishAction(at=by.at, measures=redact(measures, contact))
        return await self._carry_out(action_id, command, by)

    async def verify(self, action_id: str, verdict: Verdict, by: By) -> Outcome:
        command = cmd.VerifyAction(
            at=by.at,
            caller=await self._store.caller(verdict.officer_id),
            outcome=verdict.outcome,
            note=await self._sealed(action_id, verdict.note),
        )
        return await self._carry_out(action_id, command, by)

    async def _sealed(self, action_id: str, words: str | None) -> Sealed | None:
        if not words:
            return None
        opened = await self._found(action_id)
        return await self._confidant.seal(opened.action.case_id, opened.remedy.case, words)

    async def _carry_out(self, action_id: str, command: cmd.ActionCommand, by: By) -> Outcome:
        def decide(opened: OpenRemedy) -> Basis[Sequence[msgspec.Struct]]:
            facts = rules.decide(command, opened.remedy)
            return Basis(facts, _expected(facts, opened))

        outcome = await carry_out(self._log, lambda: self._found(action_id), decide, by)
        if outcome is None:
            raise AssertionError(f"{command} led to nothing")
        return outcome

    async def _found(self, action_id: str) -> OpenRemedy:
        opened = await self._store.remedy(action_id)
        if opened is None:
            raise Unknown("corrective action", action_id)
        return opened


def _expected(facts: Sequence[rules.Decided], opened: OpenRemedy) -> Sequence[Expect]:
    """The action as it was read; the whole case too where something is said about it."""
    expected = [Expect(opened.subject, opened.action_position)]
    if any(isinstance(fact, rules.CaseConsequence) for fact in facts):
        expected.append(Expect(whole("case", opened.action.case_id), opened.case_position))
    return expected
