"""A whole run starts each shared system once, whatever its plugins do with marks."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from support.sharing import TOGETHER, group_of

FILES = (
    "tests/unit/http/test_token_buckets_fill_again.py",
    "tests/unit/http/test_readers_get_their_language.py",
)
PASSED = re.compile(r"^\[(gw\d)\] .* PASSED (\S+?)::", re.MULTILINE)


@pytest.mark.parametrize("folder", TOGETHER)
def test_tests_of_a_shared_system_are_one_group(folder: str, pytestconfig: pytest.Config) -> None:
    files = [file.name for file in (pytestconfig.rootpath / folder).glob("test_*.py")]
    assert len(files) > 1
    assert {group_of(f"{folder}{file}::test_a[x@y::z]") for file in files} == {folder}


def test_each_group_runs_on_one_worker(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    options = ["-v", "-n", "2", "--dist", "loadgroup", "--basetemp", str(tmp_path / "run")]
    # A run within a run must not take itself for one of its workers.
    inside = {name: text for name, text in os.environ.items() if "PYTEST" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, *FILES],
        cwd=pytestconfig.rootpath,
        env=inside,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    workers: dict[str, set[str]] = defaultdict(set)
    for worker, file in PASSED.findall(done.stdout):
        workers[file].add(worker)
    assert sorted(workers) == sorted(FILES)
    assert all(len(each) == 1 for each in workers.values()), workers
