"""Servers that a test starts as a user does, on free ports, and their GraphQL."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

LAUNCH = """
mutation {
  launchRun(executionParams: {
    selector: {
      repositoryLocationName: "aftershock"
      repositoryName: "__repository__"
      jobName: "market_events"
    }
    runConfigData: {}
  }) { __typename ... on PythonError { message } }
}
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def started(
    command: Sequence[str | Path], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process of its own group until the block ends; nothing of it is left behind."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        # a code server first lets the run that it started come to its end
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(what: Callable[[], Any], seconds: float, log: Path | None = None) -> Any:
    """Ask twice a second until the answer is true, and return it."""
    deadline = time.monotonic() + seconds
    while not (answer := what()):
        said = log.read_text(errors="replace")[-3000:] if log else ""
        assert time.monotonic() < deadline, f"not within {seconds} s. {said}"
        time.sleep(0.5)
    return answer


def asked(
    url: str, method: str = "GET", body: object = None, context: Any = None, **headers: str
) -> tuple[int, str]:
    """Return status and text of an answer; 0 when nobody listens."""
    request = urllib.request.Request(  # noqa: S310 - on loopback
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers=headers if body is None else {"Content-Type": "application/json"} | headers,
    )
    try:
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except urllib.error.URLError:
        return 0, ""


def as_image(base: str, query: str = LAUNCH) -> str:
    """Return the address that an image tag of a foreign page would name."""
    return f"{base}/graphql?query={urllib.parse.quote(query)}"


def is_loaded(base: str) -> bool:
    """Whether the page has its code location."""
    status, text = asked(
        as_image(
            base,
            "{ workspaceOrError { ... on Workspace { "
            "locationEntries { loadStatus locationOrLoadError { "
            "__typename } } } } }",
        )
    )
    return status == 200 and '"RepositoryLocation"' in text
