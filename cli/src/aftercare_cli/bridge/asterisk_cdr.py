"""Asterisk's `Master.csv`: one line for each leg of a call, folded into call records."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from .moments import Began, Connected, Ended, Exchange, Moment, Numbering, Queued, account, is_half

COLUMNS = (
    *("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp"),
    *("lastdata", "start", "answer", "end", "duration", "billsec", "disposition", "amaflags"),
)
NEW_COLUMNS = ("peeraccount", "linkedid", "sequence")
# What follows the sixteen columns depends on `loguniqueid`, `loguserfield` and `newcdrcolumns`.
LAYOUTS = {
    17: (*COLUMNS, "uniqueid"),
    18: (*COLUMNS, "uniqueid", "userfield"),
    20: (*COLUMNS, "uniqueid", *NEW_COLUMNS),
    21: (*COLUMNS, "uniqueid", "userfield", *NEW_COLUMNS),
}
SHANGHAI = ZoneInfo("Asia/Shanghai")
TIME = "%Y-%m-%d %H:%M:%S"


class NotCdr(ValueError):
    """A line is none of `Master.csv`; the message says why."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One line; times in UTC."""

    call_id: str
    values: dict[str, str]
    start: datetime
    answer: datetime | None
    end: datetime


def read_leg(line: str, zone: ZoneInfo) -> Leg:
    """Raises NotCdr."""
    try:
        [cells] = csv.reader([line], strict=True)
    except (csv.Error, ValueError) as error:
        raise NotCdr("not a line of CSV") from error
    if len(cells) == len(COLUMNS):
        raise NotCdr("without uniqueid: set `loguniqueid = yes` in cdr.conf")
    if len(cells) not in LAYOUTS:
        raise NotCdr(f"{len(cells)} columns are none of Master.csv")
    values = dict(zip(LAYOUTS[len(cells)], cells, strict=True))
    try:
        start, end = (_instant(values[name], zone) for name in ("start", "end"))
        answer = _instant(values["answer"], zone) if values["answer"] else None
    except (ValueError, OverflowError) as error:
        raise NotCdr(f"no time: {error}") from error
    call_id = values.get("linkedid") or values["uniqueid"]
    if not call_id:
        raise NotCdr("without uniqueid")
    return Leg(call_id, values, start, answer, end)


def records(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The calls of a whole file, with times of Asia/Shanghai. Raises NotCdr naming the line."""
    legs: list[Leg] = []
    for number, line in enumerate(lines, start=1):
        try:
            legs += [read_leg(line, SHANGHAI)] if line.strip() else []
        except NotCdr as error:
            raise NotCdr(f"line {number}: {error}") from error
    folded = (fold(some, Numbering()) for some in by_call(legs).values())
    return [record for record in folded if record is not None]


def fold(legs: Sequence[Leg], numbering: Numbering) -> dict[str, Any] | None:
    """The record of one call from its legs; None for a call between extensions."""
    return next(Exchange().take(list(_moments(sorted(legs, key=_order), numbering))), None)


def by_call(legs: Iterable[Leg]) -> dict[str, list[Leg]]:
    calls: dict[str, list[Leg]] = {}
    for leg in legs:
        calls.setdefault(leg.call_id, []).append(leg)
    return calls


def _moments(legs: Sequence[Leg], numbering: Numbering) -> Iterator[Moment]:
    first = legs[0]
    call_id = first.call_id
    began = numbering.began(call_id, first.start, first.values["src"], first.values["dst"])
    if began is None:
        return
    yield began
    for leg in legs:
        yield from _of_leg(leg, began)
    recordings = (leg.values.get("userfield", "") for leg in legs)
    recording = next((each for each in recordings if "://" in each), None)
    yield Ended(call_id, max(leg.end for leg in legs), recording)


def _of_leg(leg: Leg, began: Began) -> Iterator[Moment]:
    """A queue or a menu answers by itself: only who has a channel of her own has answered."""
    values = leg.values
    if values["lastapp"] == "Queue":
        yield Queued(leg.call_id, values["lastdata"].partition(",")[0])
    channel = values["dstchannel"]
    if values["disposition"] == "ANSWERED" and leg.answer and channel and not is_half(channel):
        yield Connected(leg.call_id, leg.answer, account(channel) if not began.agent else None)


def _order(leg: Leg) -> tuple[datetime, int]:
    sequence = leg.values.get("sequence", "")
    return leg.start, int(sequence) if sequence.isdigit() else 0


def _instant(text: str, zone: ZoneInfo) -> datetime:
    return datetime.strptime(text, TIME).replace(tzinfo=zone).astimezone(UTC)
