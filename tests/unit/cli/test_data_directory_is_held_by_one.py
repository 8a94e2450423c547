import base64
import os
from pathlib import Path

import pytest

from aftercare_cli.data_directory import AlreadyRunning, DataDirectory


def test_a_second_holder_is_refused_with_the_first_ones_id(tmp_path: Path) -> None:
    with DataDirectory(tmp_path).held(), pytest.raises(AlreadyRunning, match=str(os.getpid())):
        DataDirectory(tmp_path).held().__enter__()


def test_it_can_be_held_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with DataDirectory(tmp_path).held():
            pass


def test_the_master_key_is_made_once_and_private(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path)
    key = data.master_key()
    assert len(base64.b64decode(key)) == 32
    assert DataDirectory(tmp_path).master_key() == key
    assert (tmp_path / "master.key").stat().st_mode & 0o777 == 0o600
