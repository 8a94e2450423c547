"""What a person reads when alerts are told: what is in danger, until when, and what to do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from aftercare_events.catalogue.case import Step

from .ladder import RANKS

SHOWN = 5
LOCAL = ZoneInfo("Asia/Shanghai")
_RANKS: dict[Step, str] = {
    "engineer": "工程师",
    "pm": "项目经理",
    "leadership": "领导",
    "executive": "高层",
}
_CLOCKS = {
    "respond": "响应",
    "contact": "联系客户",
    "first_reply": "首次答复",
    "dispatch": "派工",
    "diagnose": "诊断",
    "onsite": "到场",
    "onsite_limit": "到场上限",
    "restore": "恢复",
    "resolve": "解决",
    "report": "上报",
    "close": "关闭",
    "callback": "回访",
}


class Told(Protocol):
    """An alert as far as its reader cares; nothing personal."""

    @property
    def case_id(self) -> str: ...
    @property
    def clock(self) -> str: ...
    @property
    def step(self) -> Step: ...
    @property
    def due_at(self) -> datetime: ...


def title(alerts: Sequence[Told]) -> str:
    """The highest rank among the alerts, and how many there are."""
    first = most_urgent(alerts)[0]
    if len(alerts) == 1:
        return f"【{_RANKS[first.step]}】工单 {first.case_id} {_clock(first)}承诺告警"
    return f"【{_RANKS[first.step]}】{len(alerts)} 项承诺告警"


def text(alerts: Sequence[Told], now: datetime) -> str:
    """The most urgent alerts line by line, how many more there are, and what is to be done."""
    ordered = most_urgent(alerts)
    lines = [_line(alert, now) for alert in ordered[:SHOWN]]
    if len(ordered) > SHOWN:
        lines.append(f"另有 {len(ordered) - SHOWN} 项，详见升级看板。")
    return "\n".join([*lines, "请立即处理，并在升级看板上确认。"])


def most_urgent(alerts: Sequence[Told]) -> list[Told]:
    """The highest rank first, and in it the earliest due."""
    return sorted(alerts, key=lambda a: (-RANKS.index(a.step), a.due_at, a.case_id))


def _line(alert: Told, now: datetime) -> str:
    due = alert.due_at.astimezone(LOCAL)
    state = "已超时" if now >= alert.due_at else "到期"
    return f"{alert.case_id}：{_clock(alert)}，{due.month}月{due.day}日 {due:%H:%M} {state}"


def _clock(alert: Told) -> str:
    return _CLOCKS.get(alert.clock, alert.clock)
