"""R10: a person comes in by every door, is written about, and is erased. No byte on disk tells who
it was, before or after; afterwards nobody can open what was sealed either."""

import asyncio
import secrets
import signal
import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from aftercare_cli import http_client
from support.byte_search import Search
from support.faxes import tiff, typed
from support.up import Up, free_port_base
from support.web_form import token_in
from support.whole_system import WORK, System, waited_for

CHINESE, LATIN = "欧阳澄观", "Zephyrine Quillfeather"
NUMBER, ADDRESS = "13977705318", "zephyrine.quillfeather@marmalade.example"
SPELLINGS = (NUMBER, "139 7770 5318", "139-7770-5318", "１３９７７７０５３１８")
SENTENCE, RECORDING = "the hedgehog ate the mainframe", "https://pbx.example/hedgehog/7731.wav"
FILE = "hedgehog-portrait.txt"
MARKS = (CHINESE, LATIN, ADDRESS, *SPELLINGS, SENTENCE, RECORDING, FILE)
SUMMARY = f"库房服务器宕机 server down, {{}}, 电话 139-7770-5318, {ADDRESS}"


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    # Not below pytest's folder, which another run of pytest closes to everybody else.
    with tempfile.TemporaryDirectory(prefix="aftercare-test-") as folder:
        quick = {"AFTERCARE_FORM_SHORTEST_S": "0"}
        run = Up(Path(folder) / "data", free_port_base(), "--empty", env=quick)
        run.wait_until_up(180)
        yield System(run)
        if run.process.poll() is None:
            run.signal(signal.SIGTERM)
            run.ended(60)


def test_erased_person_is_nowhere_on_disk(system: System) -> None:
    case_id = come_in_by_every_door(system)
    written_about(system, case_id)
    keys = asyncio.run(wrapped_keys(system))
    fail_in_every_way(system)
    look = Search(MARKS)
    assert look.text(all_that_is_served(system)) == set()

    # Were they not there before, the search would be blind.
    assert look_for(keys.values(), system.up.data)
    for who in ("MARKED", "E-MARKED"):
        erased = aftercare(system, who)
        assert "is erased" in erased
        assert "may be left" not in erased
    assert "was erased already" in aftercare(system, "--phone", "+86 (139) 7770-5318")
    unreadable(system, case_id)
    assert not keys.keys() & asyncio.run(wrapped_keys(system)).keys()

    system.up.signal(signal.SIGTERM)
    assert system.up.ended(60) == 0
    assert look.folder(system.up.data.parent) == set()
    assert not look_for(keys.values(), system.up.data)
    assert look.files > 500


def come_in_by_every_door(system: System) -> str:
    """The case that the last of them opened, about which people write."""
    customer = system.customer_with_seconds(3600)
    contact = {"customer_id": customer, "name": CHINESE, "phones": [SPELLINGS[1]]}
    # The first mail comes from nobody known; only then is its sender entered as a contact.
    by_lmtp(system)
    system.call("PUT", "intake", "/v1/contacts/MARKED", contact | {"emails": [ADDRESS]})
    by_call(system, customer)
    by_fax(system)
    by_form(system)
    mail = message()
    send(system, "intake", "/v1/emails", content=bytes(mail), headers=MAIL)
    case_id = system.report(
        customer,
        SUMMARY.format(CHINESE),
        description=SENTENCE,
        category=f"storage {NUMBER}",
        contact={"name": CHINESE, "phone": SPELLINGS[2], "email": ADDRESS},
    )
    follow_up = {"channel": "phone", "text": SENTENCE, "name": LATIN, "phone": SPELLINGS[3]}
    system.call("POST", "intake", f"/v1/cases/{case_id}/messages", follow_up)
    corrected = {"category": f"disks of {CHINESE}", "reason": f"{CHINESE} says so, {NUMBER}"}
    send(system, "intake", f"/v1/cases/{case_id}", "PATCH", json=corrected)
    return case_id


MAIL = {"Content-Type": "message/rfc822"}


def message() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{LATIN} <{ADDRESS}>", "support@aftercare.example"
    mail["Subject"], mail["Message-ID"] = (
        SUMMARY.format(LATIN),
        f"<{secrets.token_hex(8)}@m.example>",
    )
    mail.set_content(f"{SENTENCE}\n{CHINESE} {SPELLINGS[1]}\n", charset="gb18030", cte="base64")
    mail.add_attachment(f"{SENTENCE} {NUMBER}", filename=FILE)
    return mail


def by_lmtp(system: System) -> None:
    with smtplib.LMTP("127.0.0.1", system.known.lmtp_port, timeout=30) as door:
        assert door.send_message(message()) == {}


def by_call(system: System, customer: str) -> None:
    ended = datetime.now(UTC) - timedelta(minutes=1)
    system.call(
        "POST",
        "intake",
        "/v1/calls",
        {
            "call_id": secrets.token_hex(6),
            "direction": "inbound",
            "caller": SPELLINGS[1],
            "started_at": (ended - timedelta(minutes=2)).isoformat(),
            "answered_at": (ended - timedelta(minutes=1)).isoformat(),
            "ended_at": ended.isoformat(),
            "outcome": "answered",
            "recording_url": RECORDING,
            "classification": f"fault, call {NUMBER}",
            "request": {
                "kind": "fault",
                "customer_id": customer,
                "summary": SUMMARY.format(CHINESE),
                "description": SENTENCE,
                "contact": {"name": CHINESE, "phone": NUMBER},
            },
        },
    )


def by_fax(system: System) -> None:
    pages = tiff(typed([CHINESE, NUMBER, SENTENCE]))
    send(
        system,
        "intake",
        "/v1/faxes",
        files={"file": (FILE, pages, "image/tiff")},
        data={"job_id": secrets.token_hex(4), "sender": SPELLINGS[1]},
    )


def by_form(system: System) -> None:
    filled_in = {"kind": "fault", "summary": SUMMARY.format(LATIN), "description": SENTENCE}
    filled_in |= {"name": LATIN, "phone": SPELLINGS[2], "email": ADDRESS, "company": SENTENCE}
    filled_in["token"] = token_in(send(system, "intake", "/report", "GET").text)
    send(system, "intake", "/report", data=filled_in)


def send(
    system: System, service: str, path: str, method: str = "POST", **request: Any
) -> httpx.Response:
    with http_client.connect(system.known.services[service]) as client:
        answer = client.request(method, path, **request)
    assert answer.is_success, answer.text
    return answer


def written_about(system: System, case_id: str) -> None:
    """By everybody who works on the case."""
    words = f"{CHINESE} says {ADDRESS} or {NUMBER}"
    # In reserve: by itself nobody sends them to the other cases that wait here.
    person = {"name": LATIN, "phone": NUMBER, "email": ADDRESS, "reserve": True}
    system.call("PUT", "dispatch", "/v1/engineers/E-MARKED", person)
    agreed = {"clock": "respond", "agreed_with": CHINESE, "reason": words}
    agreed["due_at"] = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    system.call("POST", "sla-monitor", f"/v1/cases/{case_id}/deadlines", agreed)
    loss = {"amount": "12.5", "note": words}
    system.call("POST", "sla-monitor", f"/v1/cases/{case_id}/losses", loss)
    record = WORK | {"reported_by": CHINESE, "symptom": words, "place": words}
    for step, body in (
        ("assign", {"engineer_id": "E-MARKED", "reason": words}),
        ("accept", {}),
        ("contact", {"note": words}),
        ("respond", {"note": words}),
        ("diagnose", {"finding": words}),
        ("depart", {}),
        ("arrive", {}),
        ("restore", {"note": words}),
        ("record", record),
        ("resolve", {"resolution": words}),
        ("sign-off", {"rating": 5, "signed_by": CHINESE}),
    ):
        system.call("POST", "dispatch", f"/v1/cases/{case_id}/{step}", body)
    callback = system.callback_of(case_id)
    answers = {"solved": "yes", "satisfied": "yes", "suggestions": f"{words}: {SENTENCE}"}
    send(system, "feedback", callback["survey_path"], data=answers, follow_redirects=True)


def fail_in_every_way(system: System) -> None:
    """Each failure is answered, logged and counted; none may tell of whom."""
    request = {"channel": "web", "kind": "fault", "customer_id": "C-NOBODY", "summary": SENTENCE}
    request |= {"contact": {"name": CHINESE, "phone": NUMBER, "email": ADDRESS}}
    for method, path, body in (
        ("POST", "/v1/requests", request),
        ("POST", "/v1/requests", request | {"kind": LATIN, LATIN: NUMBER}),
        ("POST", "/v1/requests", request | {"contact": {"phone": [NUMBER], "name": f"{LATIN}\n"}}),
        ("POST", "/v1/calls", {"call_id": "1", "caller": NUMBER, "outcome": SENTENCE}),
        ("POST", "/v1/persons/find", {"phone": NUMBER, "email": ADDRESS}),
        ("PUT", "/v1/contacts/MARKED-2", {"customer_id": "C-NOBODY", "name": CHINESE}),
        ("GET", "/v1/cases/AAAA-BBBB", None),
    ):
        with http_client.connect(system.known.services["intake"]) as client:
            answer = client.request(method, path, json=body)
        assert 400 <= answer.status_code < 500, answer.text
        assert Search(MARKS).text(answer.content) == set(), answer.text


def all_that_is_served(system: System) -> bytes:
    """The history, every table as text, and the metrics: also what is compressed on disk."""
    served = [send(system, "sla-monitor", "/v1/events", "GET").content]
    served += [send(system, name, "/metrics", "GET").content for name in system.known.services]
    return b"\n".join([*served, asyncio.run(tables_as_text(system))])


async def tables_as_text(system: System) -> bytes:
    connection = await asyncpg.connect(system.known.database_url)
    try:
        tables = await connection.fetch(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
            " WHERE schemaname NOT LIKE 'pg_%' AND schemaname <> 'information_schema'"
        )
        rows = [
            row["line"]
            for table in tables
            for row in await connection.fetch(f"SELECT t::text AS line FROM {table['name']} AS t")
        ]
    finally:
        await connection.close()
    assert len(rows) > 50
    return "\n".join(rows).encode()


async def wrapped_keys(system: System) -> dict[str, bytes]:
    """By pseudonym, as they rest in the vault."""
    connection = await asyncpg.connect(system.known.database_url)
    try:
        rows = await connection.fetch("SELECT person, key FROM vault.person_keys")
    finally:
        await connection.close()
    return {row["person"]: row["key"] for row in rows}


def look_for(keys: Collection[bytes], folder: Path) -> set[str]:
    """Files in which a key lies, in bytes or in hex."""
    needles = [needle for key in keys for needle in (key, key.hex().encode())]
    contents = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {
        str(path)
        for path, content in contents.items()
        if any(needle in content for needle in needles)
    }


def aftercare(system: System, *who: str) -> str:
    command = [sys.executable, "-m", "aftercare_cli.main", "erase-person", *who, "--yes"]
    done = subprocess.run(
        [*command, "--data", str(system.up.data)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def unreadable(system: System, case_id: str) -> None:
    """In each service, once it has forgotten the keys it had in memory."""
    case = system.call("GET", "intake", f"/v1/cases/{case_id}")
    assert case["contact"] == {}
    assert [one["said"] for one in case["messages"]] == [{}]

    def forgotten() -> bool | None:
        seen = system.call("GET", "dispatch", f"/v1/cases/{case_id}")
        return (seen["contact"] is None and seen["record"]["reported_by"] is None) or None

    waited_for(forgotten)
