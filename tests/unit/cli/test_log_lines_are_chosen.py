from pathlib import Path

import pytest

from aftercare_cli.log_lines import LogFollower, interesting


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            b'{"event":"case reported","level":"info","case_id":"4F7K-Q2M9"}',
            "case reported case_id=4F7K-Q2M9",
        ),
        (b'{"event":"log lost","level":"warning","seconds":3}', "log lost seconds=3"),
        (
            b'{"event":"mail","level":"info","case_id":"X","reason":null,"correlation_id":"c"}',
            "mail case_id=X",
        ),
        (b'{"event":"request","level":"info","status":200}', None),
        (b'{"event":"row read","level":"debug","case_id":"4F7K-Q2M9"}', None),
        (b"Traceback (most recent call last):", None),
        (b"[1, 2]", None),
    ],
)
def test_what_is_shown(line: bytes, shown: str | None) -> None:
    assert interesting(line) == shown


def test_only_whole_new_lines_are_passed_on(tmp_path: Path) -> None:
    log, said = tmp_path / "intake.log", []
    log.write_bytes(b'{"event":"old","level":"error"}\n')
    follower = LogFollower([("intake", log)], said.append)
    for part in (b'{"event":"new","level"', b':"error"}\n'):
        assert said == []
        with log.open("ab") as file:
            file.write(part)
        follower.pass_on()
    assert said == ["intake       new"]


def test_a_replaced_file_is_read_from_its_beginning(tmp_path: Path) -> None:
    log, said = tmp_path / "intake.log", []
    log.write_bytes(b'{"event":"a long old line","level":"error"}\n')
    follower = LogFollower([("intake", log)], said.append)
    log.write_bytes(b'{"event":"new","level":"error"}\n')
    follower.pass_on()
    assert said == ["intake       new"]


def test_a_flood_is_cut_short(tmp_path: Path) -> None:
    log, said = tmp_path / "intake.log", []
    follower = LogFollower([("intake", log)], said.append)
    log.write_bytes(b'{"event":"again","level":"error"}\n' * 100)
    follower.pass_on()
    assert len(said) == 11
    assert said[-1].endswith("… and 90 more lines in its log")
