"""`aftercare send`: hands real inputs to intake, as the telephone, fax and mail servers would."""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
from PIL import Image, UnidentifiedImageError

from . import addresses, data_directory, http_client
from .bridge import asterisk_cdr
from .subparsers import Subparsers

IMAGE_DESCRIPTION = 270
OLD = timedelta(days=7)
CALL_TIMES = ("started_at", "answered_at", "ended_at")


class NotSent(Exception):
    """Intake did not take the file, or it is nothing that intake takes; the message says why."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What intake answered; `what` names the kind of input."""

    what: str
    answer: dict[str, Any]

    @property
    def outcome(self) -> str:
        """For a person: the case, and whether it is new."""
        case_id = self.answer.get("case_id")
        disposition = self.answer.get("disposition", "opened" if case_id else "recorded")
        again = ", sent before" if self.answer.get("duplicate") else ""
        return f"{case_id or '-':10} {disposition}{again}"


def add_parsers(subparsers: Subparsers) -> None:
    command = subparsers.add_parser("send", help="hand mails, faxes, calls and forms to intake")
    command.add_argument("files", nargs="+", type=Path, metavar="FILE")
    command.add_argument("--url", help="base URL of intake (default: that of the running system)")
    command.add_argument(
        "--data",
        type=Path,
        default=data_directory.DEFAULT,
        help="folder of the running system (%(default)s)",
    )
    command.add_argument("--sender", help="the fax number, where the file does not say it")
    command.add_argument(
        "--as-recorded",
        action="store_true",
        help="keep the times of calls older than a week (they are moved to now otherwise)",
    )
    command.add_argument("--mapping", help="read CSV files of calls by this mapping of intake")
    command.add_argument("--json", action="store_true", help="one JSON object per file")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Send each file; 0 when intake took all of them, 1 otherwise."""
    url = options.url or addresses.find(options.data).services["intake"]
    failed = False
    with http_client.connect(url) as client:
        for file in options.files:
            send = SENDERS.get(file.suffix.lower())
            if send is None:
                _say(options, file, "skipped", {"skipped": "no mail, fax, call or form"})
                continue
            try:
                sent = send(client, file, options)
            except (NotSent, OSError, httpx.HTTPError) as error:
                print(f"aftercare: {file}: {error or type(error).__name__}", file=sys.stderr)
                failed = True
                continue
            _say(options, file, f"{sent.what:5} {sent.outcome}", sent.answer)
    return 1 if failed else 0


def send_mail(client: httpx.Client, file: Path, options: argparse.Namespace) -> Sent:
    del options
    headers = {"Content-Type": "message/rfc822"}
    return Sent("mail", _post(client, "/v1/emails", content=file.read_bytes(), headers=headers))


def send_fax(client: httpx.Client, file: Path, options: argparse.Namespace) -> Sent:
    content = file.read_bytes()
    form = {"job_id": f"file-{hashlib.sha256(content).hexdigest()[:32]}"}
    if sender := options.sender or _sender_in(file):
        form["sender"] = sender
    return Sent("fax", _post(client, "/v1/faxes", data=form, files={"file": (file.name, content)}))


def send_json(client: httpx.Client, file: Path, options: argparse.Namespace) -> Sent:
    """A call record has a `call_id`; anything else is a request of a form or a portal."""
    content = file.read_bytes()
    try:
        body = json.loads(content)
    except ValueError as error:
        raise NotSent(f"not JSON: {error}") from error
    if not isinstance(body, dict):
        raise NotSent("neither a call record nor a request")
    record = cast("dict[str, Any]", body)
    if "call_id" in record:
        call = record if options.as_recorded else _brought_up_to_date(client, record)
        return Sent("call", _post(client, "/v1/calls", json=call))
    key = {"Idempotency-Key": f"file-{hashlib.sha256(content).hexdigest()}"}
    return Sent("form", _post(client, "/v1/requests", json=record, headers=key))


def send_cdr(client: httpx.Client, file: Path, options: argparse.Namespace) -> Sent:
    """Asterisk's Master.csv, all of its calls; with `--mapping`, calls of any telephone system."""
    content = file.read_bytes()
    if options.mapping:
        path, headers = f"/v1/calls/mapped/{options.mapping}", {"Content-Type": "text/csv"}
        return _counted(_post(client, path, content=content, headers=headers)["calls"])
    try:
        records = asterisk_cdr.records(content.decode("utf-8", "replace").splitlines())
    except asterisk_cdr.NotCdr as error:
        raise NotSent(f"no Master.csv: {error}") from error
    return _counted([_post_call(client, record) for record in records])


def _post_call(client: httpx.Client, record: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/v1/calls", json=record)
    return {"outcome": _outcome_of(answer), "detail": _problem(answer) if answer.is_error else None}


def _outcome_of(answer: httpx.Response) -> str:
    if answer.is_error:
        return "refused"
    return "duplicate" if answer.json()["duplicate"] else "recorded"


def _counted(calls: list[dict[str, Any]]) -> Sent:
    """Raises NotSent when a call was refused; the others stand in the log all the same."""
    outcomes = Counter(call["outcome"] for call in calls)
    if refused := [call["detail"] for call in calls if call["outcome"] == "refused"]:
        raise NotSent(f"{len(refused)} of {len(calls)} calls were refused, first: {refused[0]}")
    is_old = bool(calls) and not outcomes["recorded"]
    return Sent("calls", {"disposition": f"{len(calls)} calls recorded", "duplicate": is_old})


SENDERS: dict[str, Callable[[httpx.Client, Path, argparse.Namespace], Sent]] = {
    ".eml": send_mail,
    ".tif": send_fax,
    ".tiff": send_fax,
    ".pdf": send_fax,
    ".json": send_json,
    ".csv": send_cdr,
}


def _brought_up_to_date(client: httpx.Client, call: dict[str, Any]) -> dict[str, Any]:
    """A call of long ago, as if it had ended when it was first sent; a call of today as it is."""
    try:
        times = {name: datetime.fromisoformat(call[name]) for name in CALL_TIMES if call.get(name)}
        moved = _shift(client, call, times)
    except (KeyError, TypeError, ValueError):
        # Intake says better than we could what is wrong with a call record.
        return call
    return call | {name: (instant + moved).isoformat() for name, instant in times.items()}


def _shift(client: httpx.Client, call: dict[str, Any], times: dict[str, datetime]) -> timedelta:
    now = datetime.now(UTC).replace(microsecond=0)
    if now - OLD < times["ended_at"] < now + timedelta(minutes=1):
        return timedelta()
    answer = client.get("/v1/calls", params={"call_id": call["call_id"]})
    for known in answer.json()["items"] if answer.is_success else ():
        return datetime.fromisoformat(known["started_at"]) - times["started_at"]
    return now - times["ended_at"]


def _sender_in(file: Path) -> str | None:
    """Fax servers write the number of the sender into the description of a TIFF."""
    try:
        with Image.open(file, formats=["TIFF"]) as image:
            described: Any = image.getexif().get(IMAGE_DESCRIPTION)
    except (OSError, UnidentifiedImageError):
        return None
    return described if isinstance(described, str) and described.strip() else None


def _post(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, **body)
    if answer.is_error:
        raise NotSent(_problem(answer))
    return answer.json()


def _problem(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return f"{answer.status_code} {problem.get('detail') or problem['title']}"
    except (ValueError, KeyError):
        return f"{answer.status_code} {answer.reason_phrase}"


def _say(options: argparse.Namespace, file: Path, line: str, answer: dict[str, Any]) -> None:
    if options.json:
        print(json.dumps({"file": str(file)} | answer, ensure_ascii=False), flush=True)
    else:
        print(f"{file.name:42} {line}", flush=True)
