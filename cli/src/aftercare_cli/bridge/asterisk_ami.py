"""Events of Asterisk's manager interface (AMI) as moments of calls."""

from collections.abc import Mapping
from datetime import UTC, datetime

from .moments import (
    Connected,
    Ended,
    HandedOver,
    Moment,
    Numbering,
    Queued,
    account,
    is_half,
)

Event = Mapping[str, str]


def parse(packet: str) -> dict[str, str]:
    """Lines `Name: value`; of a name that comes twice the first holds."""
    event: dict[str, str] = {}
    for line in packet.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            event.setdefault(name.strip(), value.strip())
    return event


def moments(event: Event, received_at: datetime, numbering: Numbering) -> list[Moment]:
    """What an event says of the call of its caller's channel, whose id is the linked id."""
    call_id = event.get("Linkedid", "")
    at = _instant(event, received_at)
    match event.get("Event"):
        case "Newchannel" if event.get("Uniqueid") == call_id:
            caller, dialled = event.get("CallerIDNum", ""), event.get("Exten", "")
            began = numbering.began(call_id, at, caller, dialled)
            return [] if began is None else [began]
        case "QueueCallerJoin":
            return [Queued(call_id, event["Queue"])] if event.get("Queue") else []
        case "AgentConnect":
            return [Connected(call_id, at, account(event.get("Interface")))]
        case "DialEnd" if event.get("DialStatus") == "ANSWER":
            return _talking(call_id, at, event.get("DestChannel", ""))
        case "BridgeEnter" if event.get("Uniqueid") != call_id:
            return _talking(call_id, at, event.get("Channel", ""))
        case "BlindTransfer":
            transferred = event.get("TransfererLinkedid") or event.get("TransfereeLinkedid", "")
            return [HandedOver(transferred, account(event.get("Extension")))]
        case "AttendedTransfer":
            transferred = event.get("OrigTransfererLinkedid", "")
            return [HandedOver(transferred, account(event.get("TransferTargetChannel")))]
        case "Hangup" if event.get("Uniqueid") == call_id:
            return [Ended(call_id, at)]
        case _:
            return []


def _talking(call_id: str, at: datetime, channel: str) -> list[Moment]:
    return [] if is_half(channel) else [Connected(call_id, at, account(channel))]


def _instant(event: Event, received_at: datetime) -> datetime:
    """Asterisk says when only with `timestampevents = yes` in manager.conf."""
    try:
        return datetime.fromtimestamp(float(event["Timestamp"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return received_at
