"""One case, lived: the customer, the desk, the engineer and the callback officer in turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, assert_never

from .acts import (
    Act,
    AwaitEngineer,
    CallBack,
    Classify,
    FollowUp,
    Lend,
    Milestone,
    MoveLoans,
    PutRight,
    Withdraw,
)
from .doors import reply
from .history import Case
from .plan import Life
from .reporting import report
from .request import HOUR, Request
from .scene import Scene, now
from .wire import Answer, Call

# Waiting for what the services do by themselves: at least so long in seconds of ours.
PATIENCE_SECONDS = 60.0
# How long the dispatcher waits for the machine to find somebody.
BY_HAND_SECONDS = 3.0
VISIT = timedelta(hours=2)
# Between the visits of one case and the next, for those that are arranged at other minutes.
SPARE = timedelta(hours=1)


async def live(life: Life, scene: Scene) -> None:
    """From the request to the end of its course, or of the case."""
    case_id = await report(life.request, scene)
    if case_id is None:
        return
    case = scene.history.of(case_id)
    case.watched, case.struck = life.watched, life.request.area is not None
    actors = Actors(life.request, case, scene)
    for index, act in enumerate(life.course):
        await scene.let_pass(act.after)
        if case.ended in ("withdrawn", "merged"):
            return
        await actors.perform(act, f"{life.request.number}-{index}")


@dataclass(slots=True)
class Actors:
    """Everybody around one case. `mark` makes the keys of one act its own."""

    request: Request
    case: Case
    scene: Scene
    complaint: str | None = None

    async def perform(self, act: Act, mark: str) -> None:
        match act:
            case AwaitEngineer():
                await self._await_engineer(act, mark)
            case Milestone():
                await self._reach(act, mark)
            case FollowUp() | Classify() | Withdraw():
                await self._say(act, mark)
            case Lend():
                wish = {"model": act.model} if act.model else {}
                await self._dispatch("/v1/loans", mark, {"case_id": self.case.case_id, **wish})
            case MoveLoans():
                await self._move_loans(act, mark)
            case CallBack():
                await self._call_back(act, mark)
            case PutRight():
                await self._put_right(act, mark)
            case _:
                assert_never(act)

    async def _await_engineer(self, act: AwaitEngineer, mark: str) -> None:
        def sent(case: Case) -> bool:
            return case.engineer_id is not None and (case.onsite or not act.onsite)

        patience = max(HOUR / self.scene.speed, BY_HAND_SECONDS)
        if not await self.case.until(lambda case: sent(case) or bool(case.ended), patience):
            await self._send_by_hand(act.by_hand, mark)
        if not await self.case.until(lambda case: sent(case) or bool(case.ended), PATIENCE_SECONDS):
            self._give_up("nobody was sent")

    async def _send_by_hand(self, number: int, mark: str) -> None:
        """Nobody is free right now: somebody comes tomorrow, each case at an hour of its own."""
        start = now() + timedelta(days=1) + self.request.number * (VISIT + SPARE)
        able = self.scene.company.able(self.request.category)
        body = {
            "engineer_id": able[number % len(able)],
            "mode": "onsite",
            "slot": {"start": start.isoformat(), "end": (start + VISIT).isoformat()},
            "replaces": self.case.engineer_id,
            "reason": "nobody was free",
        }
        given = {name: value for name, value in body.items() if value is not None}
        await self._dispatch(f"{self._path}/assign", mark, given)

    async def _reach(self, act: Milestone, mark: str) -> None:
        if act.command == "accept" and self.case.accepted:
            return
        answer = await self._dispatch(f"{self._path}/{act.command}", mark, act.body)
        if answer is not None and act.command in ("decline", "reject-engineer"):
            # What the answer said is true, even if the history has not told it yet.
            await self._heard(answer)

    async def _say(self, act: FollowUp | Classify | Withdraw, mark: str) -> None:
        match act:
            case FollowUp():
                await self._follow_up(act, mark)
            case Classify():
                await self._intake(self._path, mark, act.body, method="PATCH")
            case Withdraw():
                await self._intake(f"{self._path}/withdraw", mark, {"reason": act.reason})
            case _:
                assert_never(act)

    async def _follow_up(self, act: FollowUp, mark: str) -> None:
        call = self._follow_up_call(act, mark)
        for _ in range(1 + act.resent):
            await self.scene.send(call, "follow-up", self._about)

    def _follow_up_call(self, act: FollowUp, mark: str) -> Call:
        if self.request.door == "email":
            return reply(self.request, act.text, self.scene.run, f"-{mark}", now())
        body = {
            "channel": "phone",
            "text": act.text,
            "name": self.request.contact.name,
            "occurred_at": now().isoformat(),
        }
        key = f"{self.scene.run}-{mark}"
        return Call(service="intake", path=f"{self._path}/messages", key=key, json=body)

    async def _move_loans(self, act: MoveLoans, mark: str) -> None:
        for loan_id in tuple(self.case.loans):
            path = f"/v1/loans/{loan_id}/{act.command}"
            await self._dispatch(path, f"{mark}-{loan_id}", act.body, about=f"loan/{loan_id}")

    async def _call_back(self, act: CallBack, mark: str) -> None:
        if not await self.case.until(lambda case: bool(case.callback_id), PATIENCE_SECONDS):
            self._give_up("no callback was scheduled")
            return
        path = f"/v1/callbacks/{self.case.callback_id}"
        for index, outcome in enumerate(act.attempts):
            body = {"officer_id": act.officer_id, "outcome": outcome}
            await self._feedback(f"{path}/attempt", f"{mark}-{index}", body)
            await self.scene.let_pass(act.attempt_gap_s)
        answers = {
            "officer_id": act.officer_id,
            "outcome": act.outcome,
            "scores": act.scores,
            "suggestions": act.suggestions,
        }
        answer = await self._feedback(f"{path}/complete", mark, answers)
        if answer is not None:
            self.complaint = answer.body.get("corrective_action_id")
            await self._heard(answer)

    async def _put_right(self, act: PutRight, mark: str) -> None:
        if self.complaint is None:
            return
        path = f"/v1/corrective-actions/{self.complaint}"
        due_at = (now() + timedelta(days=3)).isoformat()
        steps: Mapping[str, Mapping[str, Any]] = {
            "assign": {"owner_id": act.owner_id, "due_at": due_at},
            "done": {"measures": act.measures},
            "verify": {"officer_id": act.officer_id, "outcome": "satisfied"},
        }
        for step, body in steps.items():
            await self._feedback(f"{path}/{step}", f"{mark}-{step}", body)
            await self.scene.let_pass(HOUR)

    async def _heard(self, answer: Answer) -> None:
        """Wait until the history has told what an answer was about."""
        position = int(answer.body["position"])
        await self.case.until(lambda _: self.scene.history.position >= position, PATIENCE_SECONDS)

    def _give_up(self, why: str) -> None:
        self.scene.books.counts["unfinished"] += 1
        self.scene.books.counts[why] += 1

    @property
    def _path(self) -> str:
        return f"/v1/cases/{self.case.case_id}"

    @property
    def _about(self) -> str:
        return f"case/{self.case.case_id}"

    async def _dispatch(
        self, path: str, mark: str, body: Mapping[str, Any], about: str | None = None
    ) -> Answer | None:
        return await self.scene.tell("dispatch", path, about or self._about, mark, body)

    async def _intake(
        self, path: str, mark: str, body: Mapping[str, Any], method: str = "POST"
    ) -> Answer | None:
        return await self.scene.tell("intake", path, self._about, mark, body, method=method)

    async def _feedback(self, path: str, mark: str, body: Mapping[str, Any]) -> Answer | None:
        return await self.scene.tell("feedback", path, self._about, mark, body)
