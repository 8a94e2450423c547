"""Explanations as sentences for a terminal, in Chinese or English."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from .explain import Explanation, Stretch
from .instants import SECOND
from .units import write_span

Language = Literal["zh", "en"]
_WORDS: dict[str, dict[Language, str]] = {
    "clause": {"zh": "条款", "en": "clause"},
    "start": {"zh": "起算", "en": "starts"},
    "target": {"zh": "时限", "en": "target"},
    "calendar": {"zh": "日历", "en": "calendar"},
    "counted": {"zh": "计入", "en": "counted"},
    "more": {"zh": "另有时段", "en": "more spans"},
    "pause": {"zh": "暂停", "en": "paused"},
    "moved": {"zh": "变动", "en": "moved"},
    "due": {"zh": "到期", "en": "due"},
    "chosen": {"zh": "自定", "en": "chosen"},
    "step": {"zh": "升级", "en": "ladder"},
    "agreed": {"zh": "约定", "en": "agreed"},
    "provisional": {
        "zh": "暂定：该年份的官方节假日尚未公布",
        "en": "provisional: the official holidays of that year are not known yet",
    },
}


def as_text(explanation: Explanation, language: Language) -> str:
    """One clock in lines, times in the zone of its calendar."""
    record = explanation.record
    cycle = f" ({record.cycle})" if record.cycle > 1 else ""
    return "\n".join(
        (
            f"{record.clock}{cycle}: {record.state}",
            *(f"  {_WORDS[word][language]}: {line}" for word, line in _lines(explanation)),
            *([f"  {_WORDS['provisional'][language]}"] if record.provisional else []),
        )
    )


def _lines(explanation: Explanation) -> Iterator[tuple[str, str]]:
    record, zone = explanation.record, ZoneInfo(explanation.time_zone)
    if explanation.clause:
        yield "clause", explanation.clause
    yield "start", f"{explanation.starts} {_at(record.started_at, zone)}"
    yield "target", explanation.target
    yield "calendar", f"{explanation.calendar} ({explanation.time_zone})"
    for stretch in explanation.stretches:
        yield "counted", _between(stretch, zone)
    if explanation.left_out:
        yield "more", str(explanation.left_out)
    for pause in explanation.pauses:
        yield "pause", _between(pause, zone)
    for move in explanation.moved_by:
        outcome = f" {move.outcome}" if move.outcome else f" -> {_at(move.due_at, zone)}"
        reason = f" ({move.reason})" if move.reason else ""
        yield "moved", f"{_at(move.at, zone)} {move.cause}{reason}{outcome}"
    if explanation.agreement:
        yield "agreed", f"{_at(explanation.agreement.at, zone)} {explanation.agreement.reason}"
    yield "due", _at(record.due_at, zone)
    for step in explanation.steps:
        if step.fire_at is not None:
            yield "step", f"{step.step} {_at(step.fire_at, zone)}"
    for field, reason in explanation.chosen.items():
        yield "chosen", f"{field}: {reason}"


def _between(stretch: Stretch, zone: ZoneInfo) -> str:
    spent = write_span(round(stretch.seconds * SECOND))
    return f"{_at(stretch.begin, zone)} - {_at(stretch.end, zone)} ({spent})"


def _at(instant: datetime, zone: ZoneInfo) -> str:
    """Weekday, date and time; seconds and fractions only where there are any."""
    local = instant.astimezone(zone)
    if local.microsecond:
        time = local.strftime("%H:%M:%S.%f")
    else:
        time = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    return f"{local.strftime('%a %Y-%m-%d')} {time}"
