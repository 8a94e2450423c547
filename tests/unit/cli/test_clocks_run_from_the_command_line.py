"""`aftercare sla run`, `aftercare policy check`, `aftercare policy explain`."""

import argparse
import io
import json
from pathlib import Path

import pytest

from aftercare_cli.sla_commands import add_parsers
from sla_monitor import shipped
from support.clock_stories import reported, told

EVENTS = b"\n".join(
    [
        reported("software-maintenance", "2026-11-02 08:00", severity="severe"),
        told("responded", "2026-11-02 08:30"),
    ]
)
POLICIES = Path(shipped.__file__).parent / "policies"


def aftercare(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parsers(parser.add_subparsers(required=True))
    options = parser.parse_args(arguments)
    return options.run(options)


def test_file_of_events(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(EVENTS)
    assert aftercare("sla", "run", "--events", str(file), "--until", "2026-11-02T10:00+08:00") == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["record"], r["clock"]) for r in records] == [
        ("alert", "onsite"),
        ("clock", "onsite"),
        ("clock", "respond"),
    ]


def test_events_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(EVENTS)))
    assert aftercare("sla", "run", "--events", "-", "--until", "2026-11-02T00:30:00Z") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_invalid_line_is_told_and_nothing_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(EVENTS + b"\nnonsense\n")
    assert aftercare("sla", "run", "--events", str(file), "--until", "2026-11-02T10:00Z") == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("line 3: ")
    assert len(printed.err.splitlines()) == 1


def test_missing_file_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert aftercare("sla", "run", "--events", "nowhere", "--until", "2026-11-02T10:00Z") == 2
    assert "nowhere" in capsys.readouterr().err


@pytest.mark.parametrize("until", ["2026-11-02T10:00", "tomorrow"])
def test_until_needs_an_offset(until: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        aftercare("sla", "run", "--events", "-", "--until", until)


def test_policy_of_ones_own_takes_the_place_of_a_shipped_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (POLICIES / "software-maintenance.yaml").read_text(encoding="utf-8")
    policy, events = tmp_path / "own.yaml", tmp_path / "events.ndjson"
    policy.write_text(text.replace("target: 4 h", "target: 90 min"), encoding="utf-8")
    events.write_bytes(EVENTS)
    arguments = ["sla", "run", "--events", str(events), "--until", "2026-11-02T00:30:00Z"]
    assert aftercare(*arguments, "--policy", str(policy)) == 0
    onsite = json.loads(capsys.readouterr().out.splitlines()[0])
    assert onsite["due_at"] == "2026-11-02T01:30:00Z"


def test_shipped_policies_pass_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert aftercare("policy", "check", *map(str, sorted(POLICIES.glob("*.yaml")))) == 0
    assert "warning: restored is promised in 2 h" in capsys.readouterr().out


def test_check_fails_on_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("policy: bad\n")
    assert aftercare("policy", "check", "--json", str(file)) == 1
    assert json.loads(capsys.readouterr().out)["line"] == 1


def test_explanation_of_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "report.json"
    file.write_text(
        '{"kind": "fault", "channel": "web", "severity": "severe", "time": "2026-11-02T08:00:00Z"}'
    )
    policy = str(POLICIES / "software-maintenance.yaml")
    assert aftercare("policy", "explain", policy, "--report", str(file)) == 0
    assert "due: Mon 2026-11-02 20:00" in capsys.readouterr().out
    assert aftercare("policy", "explain", policy, "--report", str(file), "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["running"]) == 2
    file.write_text("{}")
    assert aftercare("policy", "explain", policy, "--report", str(file)) == 2
