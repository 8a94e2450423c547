"""The derivation of a penalty as a sentence, in Chinese or English (SL-10)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from .liability import Charge

Language = Literal["zh", "en"]
_SENTENCES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "promise": "Promise `{clock}` (cycle {cycle}) of case {case_id} under {policy}",
        "times": "due {due}, broken {breached}",
        "clause": "clause: {clause}",
        "rate": "{percent} % of the contract price a breach",
        "in_full": "{before} % before, so {applied} % counts and the sum is {total} % of {cap} %",
        "capped": "{before} % before, and the cap is {cap} %: {applied} % counts",
        "withdrawn": "withdrawn {withdrawn}: nothing counts, the sum stays {before} %",
    },
    "zh": {
        "promise": "工单 {case_id} 在 {policy} 下的承诺 `{clock}`（第 {cycle} 轮）",
        "times": "应于 {due} 履行，{breached} 违约",
        "clause": "条款：{clause}",
        "rate": "每次违约按合同总价的 {percent}% 计",
        "in_full": "此前累计 {before}%，本次计 {applied}%，合计 {total}%，上限 {cap}%",
        "capped": "此前累计 {before}%，上限 {cap}%，本次只计 {applied}%",
        "withdrawn": "已于 {withdrawn} 撤销，本次不计，累计仍为 {before}%",
    },
}
_SEPARATOR: Mapping[Language, str] = {"en": "; ", "zh": "；"}


def derivation(charge: Charge, zone: ZoneInfo, language: Language) -> str:
    """Which promise, when it was due and broken, clause, rate, sum so far and cap, in one line."""
    words, of = _SENTENCES[language], charge.accrual
    values = {
        "case_id": of.case_id,
        "clock": of.clock,
        "cycle": of.cycle,
        "policy": _policy(charge),
        "clause": of.clause,
        "due": _at(of.due_at, zone),
        "breached": _at(of.breached_at or of.accrued_at, zone),
        "withdrawn": _at(of.withdrawn_at, zone),
        "percent": plain(of.percent),
        "before": plain(charge.before),
        "applied": plain(charge.applied),
        "total": plain(charge.before + charge.applied),
        "cap": plain(of.max_percent),
    }
    parts = ("promise", "times" if of.due_at else "", "clause" if of.clause else "", "rate")
    return _SEPARATOR[language].join(
        words[part].format_map(values) for part in (*parts, charge.why) if part
    )


def plain(percent: Decimal) -> str:
    """Without an exponent and without zeros that say nothing: `0.5`, `10`."""
    return f"{percent.normalize():f}"


def _policy(charge: Charge) -> str:
    version = charge.accrual.policy_version
    return f"{charge.accrual.policy or '?'}" + (f" v{version}" if version else "")


def _at(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S}" if instant else ""
