"""A really full disk: one error that names the place, nothing lost, healed by room."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Deployment

# elsewhere, so that the disk is full for the data alone
ELSEWHERE = ("dagster_home", "dbt_target")


@pytest.fixture
def on_small_disk(deployment: Deployment, tmp_path: Path) -> Iterator[Deployment]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root")
    for entry in deployment.data_dir.iterdir():
        if entry.name in ELSEWHERE:
            (disk / entry.name).symlink_to(entry)
        elif entry.is_dir():
            shutil.copytree(entry, disk / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, disk / entry.name)
    yield replace(deployment, data_dir=disk)
    subprocess.run(["umount", "-l", str(disk)], check=True)


def _leave(disk: Path, room: int) -> None:
    """Fill the disk but for this many bytes."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    size = shutil.disk_usage(disk).free - room
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    assert shutil.disk_usage(disk).free == room


def _fails(deployment: Deployment, code: int) -> str:
    before = deployment.published_files()
    finished = deployment.run()
    assert finished.code == code, finished.output
    assert "Traceback" not in finished.output
    assert deployment.published_files() == before
    return finished.output


def test_a_full_disk_is_one_error_that_names_the_place_and_room_heals_it(
    on_small_disk: Deployment, edit: Callable[[Path, str, str], None]
) -> None:
    disk = on_small_disk.data_dir
    # the next run would sweep them and have a block more
    shutil.rmtree(disk / "runs")
    edit(on_small_disk.reference_dir / "events.csv", "DeepSeek shock", "DeepSeek shock!")
    _leave(disk, 0)
    assert _fails(on_small_disk, 2) == (
        f"aftershock: [Errno 28] No space left on device: '{disk}/setup.lock'\n"
    )

    # enough to say that the run lives, and a block more
    _leave(disk, 8_192)
    said = _fails(on_small_disk, 1)
    assert f"rows could not be written in {disk}/landing/published_verdicts: [Errno 28]" in said
    assert list((disk / "landing").rglob("*.tmp")) == []

    (disk / "warehouse.duckdb").unlink()
    _leave(disk, 8_000_000 // 4096 * 4096)
    said = _fails(on_small_disk, 1)
    assert "FAILED warehouse: dbt: " in said
    assert f"{disk}/warehouse.duckdb" in said
    assert "No space left on device" in said

    (disk / "ballast").unlink()
    finished = on_small_disk.run()
    assert finished.code == 0, finished.output
    assert on_small_disk.query("select name from events") == [("DeepSeek shock!",)]


def test_a_run_that_cannot_be_recorded_is_one_error_as_well(
    on_small_disk: Deployment,
) -> None:
    disk = on_small_disk.data_dir
    home = (disk / "dagster_home").resolve()
    (disk / "dagster_home").unlink()
    shutil.copytree(home, disk / "dagster_home")
    _leave(disk, 61_440)
    said = _fails(on_small_disk, 1)
    assert f"runs cannot be recorded by the instance in {disk}/dagster_home: " in said
    assert "full. Make room or mend the place" in said
