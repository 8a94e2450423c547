"""The course of one case: who does what in which order, drawn by lot.

Times are seconds of the simulated day. What the system decides by itself (who is sent, when a
callback is due) is not planned but waited for.
"""

from collections.abc import Iterable
from random import Random

from . import words
from .acts import (
    MINUTE,
    Act,
    AwaitEngineer,
    CallBack,
    CallbackOutcome,
    Classify,
    FollowUp,
    Lend,
    Milestone,
    MoveLoans,
    PutRight,
    Withdraw,
)
from .company import Company
from .request import Request

UNRECORDED = frozenset({"question", "complaint", "suggestion"})
PAUSES = ("no_site_access", "customer_unavailable", "waiting_for_parts")


def plan_course(rng: Random, request: Request, company: Company) -> tuple[Act, ...]:
    """From the acknowledgement to the last callback, or to the withdrawal."""
    course = _first_cycle(rng, request, len(company.engineers))
    if rng.random() < 0.06:
        return (*course[: rng.randint(0, len(course) // 2)], _withdrawal(rng))
    outcome = _outcome(rng)
    course.append(_callback(rng, company, outcome))
    if outcome == "unsatisfied":
        course.append(_put_right(rng, company))
    if outcome == "unsolved":
        course += _second_cycle(rng, request, company, defective=_is_defective(course))
    return tuple(course)


def _first_cycle(rng: Random, request: Request, staff: int) -> list[Act]:
    course = [*_classified(rng, request), *_taken_on(rng, staff)]
    if rng.random() < 0.2:
        course.append(_follow_up(rng))
    course += [_step(rng, 1, 10, "contact"), _step(rng, 1, 25, "respond")]
    if request.kind == "fault":
        course += _fault(rng, request, staff)
    else:
        course += _finished(rng, request)
    return course


def _is_defective(course: Iterable[Act]) -> bool:
    """Whether a defect was confirmed: every record says what was replaced."""
    acts = (act for act in course if isinstance(act, Milestone))
    return any(act.command == "decide-defect" and act.body["confirmed"] for act in acts)


def _second_cycle(rng: Random, request: Request, company: Company, *, defective: bool) -> list[Act]:
    """Reopened: somebody comes again, and this time it holds."""
    staff = len(company.engineers)
    course: list[Act] = [AwaitEngineer(after=MINUTE, by_hand=rng.randrange(staff))]
    course.append(_step(rng, 1, 10, "accept"))
    if request.kind == "fault":
        course += _on_site(rng, staff)
        course.append(_step(rng, 20, 60, "restore"))
    finished = _finished(rng, request, defective=defective)
    return [*course, *finished, _callback(rng, company, "satisfied")]


def _classified(rng: Random, request: Request) -> list[Act]:
    """A mail or fax comes in as a fault of no severity: somebody reads it and says more."""
    course: list[Act] = []
    told = {"kind": request.kind} if request.kind != "fault" else {"severity": request.severity}
    if request.door in ("email", "fax") and all(told.values()):
        course.append(Classify(after=_minutes(rng, 1, 8), body={**told, "reason": "已阅来件"}))
    if request.kind == "fault" and len(request.severities) > 1 and rng.random() < 0.12:
        others = [one for one in request.severities if one != request.severity]
        body = {"severity": rng.choice(others), "reason": rng.choice(words.SEVERITY_REASONS)}
        course.append(Classify(after=_minutes(rng, 5, 30), body=body))
    return course


def _taken_on(rng: Random, staff: int) -> list[Act]:
    course: list[Act] = [AwaitEngineer(after=0, by_hand=rng.randrange(staff))]
    if rng.random() < 0.12:
        course.append(_step(rng, 1, 10, "decline", reason=rng.choice(words.DECLINES)))
        course.append(AwaitEngineer(after=0, by_hand=rng.randrange(staff)))
    if rng.random() < 0.03:
        course.append(_step(rng, 1, 5, "reject-engineer", reason="客户要求换人"))
        course.append(AwaitEngineer(after=0, by_hand=rng.randrange(staff)))
    return [*course, _step(rng, 1, 8, "accept")]


def _fault(rng: Random, request: Request, staff: int) -> list[Act]:
    course: list[Act] = []
    solved = False
    if rng.random() < 0.4:
        outcome = rng.choice(("solved", "unresolved", "refused"))
        consent = f"REC-{request.number:05}"
        course.append(_step(rng, 2, 10, "remote-start", consent_ref=consent))
        course.append(_step(rng, 5, 40, "remote-end", outcome=outcome))
        solved = outcome == "solved"
    defective = False
    if not solved:
        course += _on_site(rng, staff)
        course += _work_on_site(rng, request)
        if rng.random() < 0.05:
            defective = rng.random() < 0.6
            course += _claimed(rng, confirmed=defective)
    course.append(_step(rng, 10, 90, "restore"))
    return [*course, *_finished(rng, request, defective=defective)]


def _on_site(rng: Random, staff: int) -> list[Act]:
    """A visit is needed; the way there takes as long as it takes, in time or not."""
    return [
        _step(rng, 1, 5, "require-onsite", reason="需要现场处理"),
        AwaitEngineer(after=0, onsite=True, by_hand=rng.randrange(staff)),
        _step(rng, 1, 8, "accept"),
        _step(rng, 2, 30, "depart"),
        Milestone(after=rng.lognormvariate(0, 0.7) * 50 * MINUTE, command="arrive"),
    ]


def _work_on_site(rng: Random, request: Request) -> list[Act]:
    course: list[Act] = [_step(rng, 5, 30, "diagnose", finding=rng.choice(words.FINDINGS))]
    if rng.random() < 0.25:
        reason = rng.choice(PAUSES)
        course.append(_step(rng, 1, 5, "pause", reason=reason))
        course.append(_step(rng, 20, 180, "resume", reason=reason))
    if rng.random() < 0.05:
        course += _handed_over(rng)
    if rng.random() < 0.08:
        course += _out_of_scope(rng)
    if rng.random() < 0.2:
        model = request.device.model if request.device else None
        course.append(Lend(after=_minutes(rng, 2, 10), model=model))
        waybill = f"SF{rng.randrange(10**12):012}"
        course.append(MoveLoans(after=30 * MINUTE, command="ship", body={"waybill": waybill}))
        course.append(MoveLoans(after=_minutes(rng, 60, 240), command="receive"))
        if rng.random() < 0.15:
            failing = {"condition": "开机自检失败"}
            course.append(MoveLoans(after=_minutes(rng, 10, 60), command="swap", body=failing))
    return course


def _handed_over(rng: Random) -> list[Act]:
    """The vendor's experts look at it, the customer hears of it, and it comes back (DP-09)."""
    vendor = {"target": "vendor-support", "kind": "vendor", "reason": "需原厂支持"}
    return [
        _step(rng, 5, 20, "escalate-expert", **vendor),
        _step(rng, 1, 10, "tell-hand-over", whom="customer"),
        _step(rng, 30, 120, "take-back", reason="原厂已定位故障"),
    ]


def _out_of_scope(rng: Random) -> list[Act]:
    """The customer wants more than was agreed; the maintenance director decides (DP-19)."""
    decided = {"approved": rng.random() < 0.8, "reason": "按合同外服务处理"}
    return [
        _step(rng, 5, 20, "ask-scope", description=rng.choice(words.EXTRAS)),
        _step(rng, 10, 60, "decide-scope", number=1, **decided),
    ]


def _claimed(rng: Random, *, confirmed: bool) -> list[Act]:
    """The product itself seems to be at fault (DP-29)."""
    return [
        _step(rng, 5, 20, "claim-defect", description="电源模块批次缺陷"),
        _step(rng, 10, 60, "decide-defect", number=1, confirmed=confirmed, reason="已核对批次"),
    ]


def _costs(rng: Random) -> Milestone:
    """Travel, labour and a part at cost (DP-20)."""
    part = {"part_number": "PN-2041", "quantity": 1, "unit_cents": rng.randint(50, 900) * 100}
    kilometres = rng.randint(3, 80)
    return _step(
        rng,
        1,
        5,
        "costs",
        travel_metres=kilometres * 1000,
        travel_minutes=kilometres * 2,
        travel_cents=kilometres * 120,
        labour_minutes=(minutes := rng.randrange(30, 240, 15)),
        labour_cents=minutes * 200,
        parts=[part] if rng.random() < 0.5 else [],
    )


def _finished(rng: Random, request: Request, *, defective: bool = False) -> list[Act]:
    course: list[Act] = []
    if request.kind not in UNRECORDED:
        record: dict[str, object] = {
            "symptom": request.summary,
            "cause": rng.choice(words.FINDINGS),
            "action": rng.choice(words.ACTIONS),
            "prevention": rng.choice(words.PREVENTIONS),
            "technique": words.TECHNIQUES[request.number % len(words.TECHNIQUES)],
            "place": words.PLACES[request.number % len(words.PLACES)],
            "reported_by": request.contact.name,
        }
        if request.kind == "fault" and (defective or rng.random() < 0.2):
            record["replaced"] = [{"what": "key_part", "name": "电源模块"}]
        course.append(_step(rng, 2, 10, "record", **record))
    if request.kind == "fault" and rng.random() < 0.3:
        course.append(_costs(rng))
    course.append(_step(rng, 2, 15, "resolve"))
    if request.kind == "fault":
        signed = {"signed_by": request.contact.name, "rating": rng.randint(3, 5)}
        course.append(_step(rng, 2, 20, "sign-off", **signed))
    given_back: dict[str, object] = {"condition": rng.choice(words.CONDITIONS)}
    if rng.random() < 0.5:
        # Without a word on it, the unit is looked at before it is lent again.
        given_back["fit"] = True
    course.append(MoveLoans(after=MINUTE, command="return", body=given_back))
    return course


def _callback(rng: Random, company: Company, outcome: CallbackOutcome) -> CallBack:
    low, high = (3, 5) if outcome == "satisfied" else (1, 4)
    asked = ("technical_skill", "attitude", "timeliness")
    return CallBack(
        after=_minutes(rng, 30, 120),
        officer_id=rng.choice(company.officers),
        attempts=tuple(rng.choices(("no_answer", "busy"), k=rng.choice((0, 0, 0, 1, 2)))),
        attempt_gap_s=_minutes(rng, 15, 60),
        outcome=outcome,
        scores={question: rng.randint(low, high) for question in asked},
        suggestions=rng.choice(words.SUGGESTIONS),
    )


def _put_right(rng: Random, company: Company) -> PutRight:
    return PutRight(
        after=_minutes(rng, 30, 240),
        owner_id=rng.choice(company.engineers),
        measures=rng.choice(words.MEASURES),
        officer_id=rng.choice(company.officers),
    )


def _outcome(rng: Random) -> CallbackOutcome:
    outcomes: tuple[CallbackOutcome, ...] = ("satisfied", "unsatisfied", "unsolved")
    return rng.choices(outcomes, (74, 13, 13))[0]


def _follow_up(rng: Random) -> FollowUp:
    return FollowUp(
        after=_minutes(rng, 2, 30), text=rng.choice(words.FOLLOW_UPS), resent=rng.choice((0, 0, 1))
    )


def _withdrawal(rng: Random) -> Withdraw:
    return Withdraw(after=_minutes(rng, 5, 60), reason=rng.choice(words.WITHDRAWALS))


def _step(rng: Random, least: float, most: float, command: str, **body: object) -> Milestone:
    """A command between `least` and `most` minutes after the act before it."""
    return Milestone(after=_minutes(rng, least, most), command=command, body=body)


def _minutes(rng: Random, least: float, most: float) -> float:
    return rng.uniform(least, most) * MINUTE
