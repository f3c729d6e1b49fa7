"""`serve`: the web page and the daemon that ticks, together, until one ends or somebody stops them.

Belongs here: starting and stopping the two processes. Does not belong here: who may reach them; the
page is bound to loopback and takes no orders unless told otherwise.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from orchestration.instance import prepare
from orchestration.settings import ROOT, Settings
from orchestration.verbs import FAILED, OK, Verbs

_GRACE_SECONDS = 30


def add_to(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("serve", help="the web page, read-only, and the daemon that ticks")
    parser.add_argument("--host", default="127.0.0.1", help="loopback unless a container is around")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument(
        "--writable", action="store_true", help="the page takes orders: only behind a proxy"
    )
    parser.set_defaults(do=_serve)


def _serve(settings: Settings, chosen: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C (code 0) or until either process ends by itself (code 1)."""
    prepare(settings)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    mode = () if chosen.writable else ("--read-only",)
    commands = {
        "webserver": ("dagster-webserver", "-h", chosen.host, "-p", str(chosen.port), *mode),
        "daemon": ("dagster-daemon", "run"),
    }
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            processes[name] = _start(settings, command)
        print(f"http://{chosen.host}:{chosen.port}, Ctrl-C stops it", flush=True)
        while True:
            for name, process in processes.items():
                if process.poll() is not None:
                    print(f"the {name} ended with {process.returncode}", file=sys.stderr)
                    return FAILED
            time.sleep(1)
    except KeyboardInterrupt:
        return OK
    finally:
        _stop(list(processes.values()))


def _start(settings: Settings, command: Sequence[str]) -> subprocess.Popen[bytes]:
    program = Path(sys.executable).parent / command[0]
    return subprocess.Popen(  # noqa: S603 - our own words
        [
            "/usr/bin/env",
            f"DAGSTER_HOME={settings.dagster_home}",
            f"AFTERSHOCK_DATA_DIR={settings.data_dir}",
            str(program),
            *command[1:],
            *("-w", "workspace.yaml"),
        ],
        cwd=ROOT,
    )


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
