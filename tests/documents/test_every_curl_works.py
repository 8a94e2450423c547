"""The pages of curls, pasted block after block."""

import re
import subprocess

import pytest

from support.curl_beginnings import AT
from support.curl_writer import page_of
from support.documents import ROOT, SERVICES
from support.whole_system import System


@pytest.mark.timeout(240)
@pytest.mark.parametrize("service", SERVICES)
def test_the_page_runs_from_its_first_line_to_its_last(system: System, service: str) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", page_of(service).read_text("utf-8"), re.DOTALL)
    assert len(blocks) > 10
    addresses = {name.upper(): system.url(one, "") for one, (name, _) in AT.items()}
    done = subprocess.run(
        ["bash", "-euo", "pipefail"],
        input="\n".join(blocks),
        text=True,
        capture_output=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", **addresses},
    )
    assert done.returncode == 0, f"{done.stdout[-1500:]}\n{done.stderr[-3000:]}"
