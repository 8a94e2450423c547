"""Events of Asterisk's REST interface (ARI) as moments of calls."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from .moments import Connected, Ended, HandedOver, Moment, Numbering, account

Json = dict[str, Any]


class Ari:
    """Knows which channels are calls, and whose the others are that answer them."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._calls: set[str] = set()
        self._dialled: set[str] = set()
        self._names: dict[str, str] = {}

    def moments(self, event: Json, received_at: datetime) -> list[Moment]:
        at = _instant(event.get("timestamp"), received_at)
        channel: Json = _part(event, "channel")
        if channel.get("id") and channel.get("name"):
            self._names[channel["id"]] = channel["name"]
        match event.get("type"):
            case "StasisStart":
                return self._start(channel, event.get("args") or [], at)
            case "Dial":
                return self._dial(event, at)
            case "ChannelEnteredBridge":
                bridged: Sequence[str] = _part(event, "bridge").get("channels") or ()
                return self._talking(channel.get("id", ""), bridged, at)
            case "BridgeBlindTransfer":
                return self._handed_over(event, account(event.get("exten")))
            case "BridgeAttendedTransfer":
                return self._handed_over(
                    event, account(_part(event, "transfer_target").get("name"))
                )
            case "ChannelDestroyed":
                return self._end(channel.get("id", ""), at)
            case _:
                return []

    def _start(self, channel: Json, arguments: list[str], at: datetime) -> list[Moment]:
        """A channel that was dialled is no call of its own."""
        call_id = channel.get("id", "")
        if "dialed" in arguments or call_id in self._dialled:
            return []
        caller = _part(channel, "caller").get("number") or ""
        dialled = _part(channel, "dialplan").get("exten") or ""
        began = self._numbering.began(call_id, at, caller, dialled)
        if began is None:
            return []
        self._calls.add(call_id)
        return [began]

    def _dial(self, event: Json, at: datetime) -> list[Moment]:
        peer: Json = _part(event, "peer")
        self._dialled.add(peer.get("id", ""))
        self._names[peer.get("id", "")] = peer.get("name", "")
        call_id = _part(event, "caller").get("id")
        if event.get("dialstatus") != "ANSWER" or call_id not in self._calls:
            return []
        return [Connected(call_id, at, account(peer.get("name")))]

    def _talking(self, entering: str, bridged: Sequence[str], at: datetime) -> list[Moment]:
        """A call talks to whoever else is in its bridge."""
        inside = {*bridged, entering}
        others = sorted(inside - self._calls)
        return [
            Connected(call_id, at, account(self._names.get(other)))
            for call_id in sorted(inside & self._calls)
            for other in others
        ]

    def _handed_over(self, event: Json, to: str | None) -> list[Moment]:
        channels = [_part(event, role) for role in ("transferee", "channel")]
        known = [one["id"] for one in channels if one.get("id") in self._calls]
        return [HandedOver(call_id, to) for call_id in known[:1]]

    def _end(self, channel_id: str, at: datetime) -> list[Moment]:
        self._names.pop(channel_id, None)
        self._dialled.discard(channel_id)
        if channel_id not in self._calls:
            return []
        self._calls.remove(channel_id)
        return [Ended(channel_id, at)]


def _part(whole: Json, name: str) -> Json:
    part: Any = whole.get(name)
    return cast("Json", part) if isinstance(part, dict) else {}


def _instant(text: Any, received_at: datetime) -> datetime:
    """`2026-10-12T09:20:05.118+0800`."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return received_at
