"""The life of a major incident (DP-17): proposed, confirmed or dismissed by a person, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Literal, assert_never

import msgspec
from msgspec.structs import replace

from aftercare_events.catalogue.engineer import Point
from aftercare_events.catalogue.incident import (
    CaseIncidentLinked,
    IncidentAnnounced,
    IncidentConfirmed,
    IncidentDismissed,
    IncidentEnded,
    IncidentJoined,
    IncidentProposed,
    ReserveCalled,
)
from aftercare_events.catalogue.notice import NoticeIssued
from aftercare_events.decider import Refused

Stage = Literal["unknown", "proposed", "confirmed", "dismissed", "ended"]
Fact = (
    IncidentProposed
    | IncidentJoined
    | IncidentConfirmed
    | IncidentDismissed
    | ReserveCalled
    | IncidentAnnounced
    | IncidentEnded
)


OfCase = CaseIncidentLinked | NoticeIssued


class IncidentState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    stage: Stage = "unknown"
    found: IncidentProposed | None = None
    title: str | None = None
    case_ids: tuple[str, ...] = ()
    reserve: tuple[str, ...] = ()
    announcements: tuple[IncidentAnnounced, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The machine saw like cases: a new incident, or more cases of a known one."""

    incident_id: str
    category: str
    case_ids: Sequence[str]
    since: datetime
    centre: Point | None = None
    city: str | None = None
    why: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A person adds a case."""

    incident_id: str
    case_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """`reserve` are the engineers of the reserve team, who are called at once."""

    incident_id: str
    title: str
    reserve: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss:
    incident_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    incident_id: str
    announcement_id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    incident_id: str
    reason: str


Command = Note | Join | Confirm | Dismiss | Announce | End
INITIAL = IncidentState()


def decide(command: Command, state: IncidentState) -> Sequence[Fact | OfCase]:
    """Links of cases first, the incident's own facts last. Raises Refused."""
    match command:
        case Note():
            return note(command, state)
        case Join():
            _at(state, "proposed", "confirmed")
            return _joined(command.incident_id, [command.case_id], state)
        case Confirm():
            return confirm(command, state)
        case Dismiss():
            _at(state, "proposed")
            return [IncidentDismissed(incident_id=command.incident_id, reason=command.reason)]
        case Announce():
            return announce(command, state)
        case End():
            _at(state, "confirmed")
            return [IncidentEnded(incident_id=command.incident_id, reason=command.reason)]
        case _:
            assert_never(command)


def note(command: Note, state: IncidentState) -> Sequence[Fact | OfCase]:
    """An incident that is known already is joined by what it lacks, while it goes on."""
    if state.stage in ("proposed", "confirmed"):
        return _joined(command.incident_id, command.case_ids, state)
    if state.stage != "unknown":
        return []
    return [
        IncidentProposed(
            incident_id=command.incident_id,
            category=command.category,
            case_ids=tuple(command.case_ids),
            since=command.since,
            centre=command.centre,
            city=command.city,
            why=command.why,
        )
    ]


def confirm(command: Confirm, state: IncidentState) -> Sequence[Fact | OfCase]:
    _at(state, "proposed")
    named = command.incident_id
    facts: list[Fact | OfCase] = [
        CaseIncidentLinked(case_id=case_id, incident_id=named) for case_id in state.case_ids
    ]
    facts.append(IncidentConfirmed(incident_id=named, title=command.title))
    if command.reserve:
        facts.append(ReserveCalled(incident_id=named, engineer_ids=tuple(command.reserve)))
    return facts


def announce(command: Announce, state: IncidentState) -> Sequence[Fact | OfCase]:
    """One word, noted on every case."""
    _at(state, "confirmed")
    if any(one.announcement_id == command.announcement_id for one in state.announcements):
        return []
    said = IncidentAnnounced(
        incident_id=command.incident_id,
        announcement_id=command.announcement_id,
        zh=command.zh,
        en=command.en,
    )
    return [*(_notice(case_id, said) for case_id in state.case_ids), said]


def _notice(case_id: str, said: IncidentAnnounced) -> NoticeIssued:
    return NoticeIssued(case_id=case_id, notice_id=said.announcement_id, zh=said.zh, en=said.en)


def _joined(
    incident_id: str, case_ids: Sequence[str], state: IncidentState
) -> Sequence[Fact | OfCase]:
    """A confirmed incident links its newcomers at once, and tells them what was said last."""
    new = [case_id for case_id in case_ids if case_id not in state.case_ids]
    joins = [IncidentJoined(incident_id=incident_id, case_id=case_id) for case_id in new]
    if state.stage != "confirmed":
        return joins
    links = [CaseIncidentLinked(case_id=case_id, incident_id=incident_id) for case_id in new]
    last = state.announcements[-1:]
    return [*links, *(_notice(case_id, said) for case_id in new for said in last), *joins]


def _at(state: IncidentState, *stages: Stage) -> None:
    if state.stage not in stages:
        raise Refused(f"incident-{state.stage}", f"the incident is {state.stage}")


def stage_after(state: IncidentState, facts: Sequence[Fact | OfCase]) -> Stage:
    own = [fact for fact in facts if not isinstance(fact, OfCase)]
    return reduce(evolve, own, state).stage


def evolve(state: IncidentState, fact: Fact) -> IncidentState:
    match fact:
        case IncidentProposed():
            return IncidentState(stage="proposed", found=fact, case_ids=fact.case_ids)
        case IncidentJoined():
            return replace(state, case_ids=(*state.case_ids, fact.case_id))
        case IncidentConfirmed():
            return replace(state, stage="confirmed", title=fact.title)
        case IncidentDismissed():
            return replace(state, stage="dismissed", reason=fact.reason)
        case ReserveCalled():
            called = dict.fromkeys((*state.reserve, *fact.engineer_ids))
            return replace(state, reserve=tuple(called))
        case IncidentAnnounced():
            return replace(state, announcements=(*state.announcements, fact))
        case IncidentEnded():
            return replace(state, stage="ended", reserve=(), reason=fact.reason)
        case _:
            assert_never(fact)
