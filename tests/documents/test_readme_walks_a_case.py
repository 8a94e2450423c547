"""README: one case by hand, pasted as it stands."""

import os
import re
import subprocess

from support.documents import ROOT
from support.whole_system import System

SERVICES = ("intake", "dispatch", "sla-monitor", "feedback")


def walk(system: System) -> str:
    """The lines of the README, at the addresses of this system."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    [lines] = [block for block in blocks if "auth=" in block]
    for number, service in enumerate(SERVICES, 1):
        lines = lines.replace(f"localhost:808{number}", system.url(service, ""))
    return lines.replace("aftercare replay", f"aftercare replay --data {system.up.data}")


def test_case_of_the_readme_is_closed_at_the_end(system: System) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input=walk(system),
        text=True,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = done.stdout[done.stdout.rindex("case.reported") :]
    for step in ("assigned", "arrived", "restored", "resolved", "signed_off", "closed"):
        assert f"case.{step}" in told, told
