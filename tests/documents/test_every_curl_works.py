"""The page of curls, pasted block after block."""

import re
import subprocess

import pytest

from support.curl_writer import PAGE, ROOT
from support.whole_system import System


@pytest.mark.timeout(240)
def test_the_page_runs_from_its_first_line_to_its_last(system: System) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) > 30
    done = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input="\n".join(blocks),
        text=True,
        capture_output=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "INTAKE": system.url("intake", "")},
    )
    assert done.returncode == 0, f"{done.stdout[-1500:]}\n{done.stderr[-3000:]}"
