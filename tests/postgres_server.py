"""A real PostgreSQL server on loopback that lives as long as a test needs it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "canary-of-the-vault"  # noqa: S105 - of a server that lives as long as the test


def _binaries() -> Path | None:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = shutil.which("initdb")
    return debian[-1] if debian else Path(found).parent if found else None


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server with an empty database and yield its address, or skip the test."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    # the server refuses to run as root, and pytest's own folders are root's alone
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="aftershock-postgres-"))
    if user is not None:
        shutil.chown(folder, user)
    password = folder / "password"
    password.write_text(PASSWORD)
    password.chmod(0o644)
    data = folder / "data"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run(
        [
            *(binaries / "initdb", "-D", data, "-U", "owner", "-A", "scram-sha-256"),
            *("--pwfile", password, "--no-sync", "-E", "UTF8", "--locale", "C"),
        ],
        user=user,
        check=True,
        capture_output=True,
        cwd="/",
    )
    control = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    subprocess.run([*control, "-o", options, "start"], user=user, check=True, cwd="/")
    try:
        yield f"postgresql://owner:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], user=user, check=True, cwd="/")
        shutil.rmtree(folder)
