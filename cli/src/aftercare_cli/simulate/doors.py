"""Planned requests as calls to intake, each by its own door and with its own identity."""

from datetime import datetime, timedelta
from typing import Any, assert_never

from . import paper
from .request import BareCall, Request
from .wire import Call

MAIL = "message/rfc822"


def hand_in(request: Request, run: str, now: datetime) -> Call:
    """The call by which a request comes in. `run` sets apart two days of one seed."""
    made_at = now - timedelta(seconds=request.lay_s)
    match request.door:
        case "phone":
            return _phone(request, run, made_at)
        case "email":
            return _mail(paper.request_mail(request, run, now))
        case "fax":
            return _fax(request, run, made_at)
        case "web" | "letter":
            return _form(request, run, made_at)
        case _:
            assert_never(request.door)


def bare_call(call: BareCall, run: str, now: datetime) -> Call:
    """The record of a call without a request."""
    record = {
        "call_id": f"{run}.bare.{call.number}",
        "caller": call.caller,
        "outcome": call.outcome,
        **_times(now, call.talk_s, answered=call.outcome != "abandoned"),
    }
    return Call(service="intake", path="/v1/calls", json=record)


def reply(request: Request, text: str, run: str, mark: str, now: datetime) -> Call:
    """A follow-up by mail, which finds its case by the thread."""
    return _mail(paper.reply_mail(request, text, run, mark, now))


def identity_of(call: Call) -> str:
    """By what intake recognises a repeat: the key, or what the source calls it."""
    if call.key is not None:
        return call.key
    if call.json is not None:
        return str(call.json["call_id"])
    if call.form is not None:
        return call.form["job_id"]
    return "mail"


def _phone(request: Request, run: str, made_at: datetime) -> Call:
    record = {
        "call_id": f"{run}.{request.number}",
        "caller": request.contact.phone,
        "agent": f"agent-{request.number % 7:02}",
        "outcome": "answered",
        "classification": request.kind,
        "request": _told(request),
        **_times(made_at, request.talk_s, answered=True),
    }
    return Call(service="intake", path="/v1/calls", json=record)


def _form(request: Request, run: str, made_at: datetime) -> Call:
    body = {
        **_told(request),
        "channel": request.door,
        "contact": _contact(request),
        "reported_at": made_at.isoformat(),
    }
    key = f"{run}-{request.number}"
    return Call(service="intake", path="/v1/requests", key=key, json=body)


def _fax(request: Request, run: str, made_at: datetime) -> Call:
    form = {
        "job_id": f"{run}-{request.number}",
        "sender": request.contact.phone or "",
        "received_at": made_at.isoformat(),
    }
    page = (f"fax-{request.number}.tif", paper.fax(request))
    return Call(service="intake", path="/v1/faxes", form=form, file=page)


def _mail(raw: bytes) -> Call:
    return Call(service="intake", path="/v1/emails", content=raw, content_type=MAIL)


def _told(request: Request) -> dict[str, Any]:
    told = {
        "kind": request.kind,
        "customer_id": request.customer_id,
        "device_serial": request.device.serial if request.device else None,
        "site_id": request.area.site_id if request.area else None,
        "category": request.category,
        "severity": request.severity,
        "summary": request.summary,
        "description": request.description,
        "use_affected": request.use_affected,
    }
    return {name: value for name, value in told.items() if value is not None}


def _contact(request: Request) -> dict[str, str]:
    contact = request.contact
    given = {"name": contact.name, "phone": contact.phone, "email": contact.email}
    return {name: value for name, value in given.items() if value is not None}


def _times(ended_at: datetime, talk_s: int, *, answered: bool) -> dict[str, Any]:
    started_at = ended_at - timedelta(seconds=talk_s)
    times = {"direction": "inbound", "started_at": started_at, "ended_at": ended_at}
    if answered:
        times["answered_at"] = started_at + timedelta(seconds=min(8, talk_s))
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in times.items()
    }
