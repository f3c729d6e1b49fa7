"""What is served: by default a page that takes no order, and a daemon that tells of what failed."""

from __future__ import annotations

import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import dagster as dg
import pytest

from tests.conftest import ROOT, Deployment
from tests.processes import LAUNCH, as_image, asked, free_port, is_loaded, started, until
from tests.receivers import webhook

DEPLOY = ROOT / "orchestration" / "deploy"
SECRET = "canary-of-the-hook"  # noqa: S105 - it opens nothing


def _runs(deployment: Deployment) -> list[str]:
    with dg.DagsterInstance.from_config(str(deployment.data_dir / "dagster_home")) as instance:
        return [run.status.value for run in instance.get_runs()]


def test_serve_takes_no_order_and_tells_of_a_failed_run(
    deployment: Deployment, edit: Callable[[Path, str, str], None], tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "serve.log"
    base = f"http://127.0.0.1:{port}"
    edit(deployment.reference_dir / "events.csv", "2025-01-26T12:00:00Z", "2025-01-26")
    with webhook(f"/{SECRET}") as hook:
        sink = {
            "AFTERSHOCK_ALERT_SINK": "webhook",
            "AFTERSHOCK_ALERT_WEBHOOK_URL": hook.url,
        }
        failed = deployment.run("run", **sink)
        assert failed.code == 1
        before = _runs(deployment)
        serve = [sys.executable, "-m", "orchestration", "serve", "--port", str(port)]
        with started(serve, deployment.environment | sink, log) as process:
            until(lambda: is_loaded(base), 180, log)
            for method, body in (("GET", None), ("POST", None), ("POST", {"query": LAUNCH})):
                status, text = asked(as_image(base), method, body)
                assert status == 200
                assert '"UnauthorizedError"' in text
            status, _ = asked(f"{base}/report_asset_materialization/published_marts", "POST", {})
            assert status == 401
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.2", port), 5)
            until(lambda: hook.posted, 120, log)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        assert asked(base) == (0, "")
    (posted,) = hook.posted
    (told,) = posted["alerts"]
    assert told["key"] == "run_failure:reference_tables"
    assert "events.csv line 2, column announced_at" in told["text"]
    assert _runs(deployment) == before
    holding = [
        path
        for path in [*deployment.data_dir.rglob("*"), log]
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]
    assert holding == []
    assert SECRET not in failed.output


def _command(unit: str, deployment: Deployment, ports: dict[str, int], folder: Path) -> list[str]:
    """Return what a unit starts, with the places of this test."""
    (line,) = [
        line.removeprefix("ExecStart=")
        for line in (DEPLOY / f"aftershock-{unit}.service").read_text().splitlines()
        if line.startswith("ExecStart=")
    ]
    workspace = folder / "workspace.yaml"
    workspace.write_text(
        (DEPLOY / "workspace.yaml").read_text().replace("4266", str(ports["code"]))
    )
    words = shlex.split(line.replace("/opt/aftershock", str(ROOT)))
    places = {"orchestration/deploy/workspace.yaml": str(workspace)}
    places |= {"4266": str(ports["code"]), "3000": str(ports["webserver"])}
    places |= {"3001": str(ports["writer"])}
    return [places.get(word, word) for word in words]


def _proxy(folder: Path, port: int, writer: int, data_dir: Path) -> list[str]:
    """Write nginx's configuration, with a certificate and a password, and return its command."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=aftershock.example.org", "-keyout", "aftershock.key"),
            *("-out", "aftershock.crt"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    # {PLAIN} is nginx's own form
    (folder / "aftershock.htpasswd").write_text("desk:{PLAIN}open sesame\n")
    server = (DEPLOY / "nginx.conf").read_text()
    for old, new in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/nginx/", f"{folder}/"),
        ("127.0.0.1:3001", f"127.0.0.1:{writer}"),
        ("/var/lib/aftershock", str(data_dir)),
    ):
        assert old in server
        server = server.replace(old, new)
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary}\n{server}\n}}\n"
    )
    return [str(shutil.which("nginx")), "-c", f"{folder}/nginx.conf", "-p", str(folder)]


def test_units_serve_and_only_the_proxys_own_page_gives_orders(
    deployment: Deployment, tmp_path: Path
) -> None:
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed (Debian: apt-get install nginx-light)")
    ports = {name: free_port() for name in ("code", "webserver", "writer", "proxy")}
    looked_at, writer = (f"http://127.0.0.1:{ports[name]}" for name in ("webserver", "writer"))
    proxy = f"https://127.0.0.1:{ports['proxy']}"
    folder = tmp_path / "places"
    folder.mkdir()
    before = len(_runs(deployment))
    with ExitStack() as running:
        for unit in ("code", "webserver", "writer"):
            command = _command(unit, deployment, ports, folder)
            log = folder / f"{unit}.log"
            running.enter_context(started(command, deployment.environment, log))
        running.enter_context(
            started(
                _proxy(folder, ports["proxy"], ports["writer"], deployment.data_dir),
                {},
                folder / "nginx.log",
            )
        )
        until(lambda: is_loaded(looked_at), 180, folder / "webserver.log")
        until(lambda: is_loaded(writer), 180, folder / "writer.log")
        assert '"UnauthorizedError"' in asked(as_image(looked_at))[1]
        assert len(_runs(deployment)) == before
        # without --read-only any page's image tag starts a run: what the proxy is for
        assert '"LaunchRunSuccess"' in asked(as_image(writer), Origin="https://evil.example")[1]
        assert len(_runs(deployment)) == before + 1

        trusting = ssl.create_default_context(cafile=str(folder / "aftershock.crt"))
        trusting.check_hostname = False
        known = {"Authorization": f"Basic {b64encode(b'desk:open sesame').decode()}"}
        own = {"Origin": "https://aftershock.example.org"}
        foreign = {"Origin": "https://evil.example"}
        post = ("POST", {"query": LAUNCH}, trusting)
        assert asked(proxy, context=trusting)[0] == 401
        assert asked(f"{proxy}/graphql", *post, **own)[0] == 401
        assert asked(proxy, context=trusting, **known)[0] == 200
        assert asked(f"{proxy}/report/", context=trusting)[0] == 401
        status, text = asked(f"{proxy}/report/", context=trusting, **known)
        assert (status, "Claims by verdict" in text) == (200, True), text
        card = f"{proxy}/report/evidence/trends-2025-01-28.md"
        assert "# Evidence: " in asked(card, context=trusting, **known)[1]
        for headers in (known, known | foreign, known | {"Origin": "null"}):
            for address in (as_image(proxy), as_image(proxy).replace("/graphql", "/%67raphql")):
                assert asked(address, context=trusting, **headers)[0] == 403
            assert asked(f"{proxy}/x/../graphql", *post, **headers)[0] == 403
        reported = f"{proxy}/report_asset_materialization/published_marts"
        assert asked(reported, "POST", {}, trusting, **known, **own)[0] == 403
        assert len(_runs(deployment)) == before + 1
        status, text = asked(f"{proxy}/graphql", *post, **known, **own)
        assert (status, '"LaunchRunSuccess"' in text) == (200, True), text
    # no daemon was there to start them
    assert _runs(deployment)[:2] == ["QUEUED", "QUEUED"]
