"""What a publication says about itself besides its tables.

Belongs here: the last session by exchange and the code's revision. Does not belong here: anything
that enters the content hash (`contents`).
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from orchestration.defs.publishing.contents import reading
from orchestration.settings import ROOT

UNVERSIONED = "unversioned"


def data_as_of(warehouse: Path) -> dict[str, str]:
    """Return the last session with a usable close (ISO day) by exchange (MIC).

    Raises:
        PublicationError: the warehouse cannot be read.
    """
    with reading(warehouse) as connection:
        rows = connection.execute(
            """
            select mic, max(session_date)
            from warehouse.marts.daily_returns
            where close is not null
            group by mic
            order by mic
            """
        ).fetchall()
    return {mic: day.isoformat() for mic, day in rows}


def code_revision(repository: Path = ROOT) -> str:
    """Return the commit, `-dirty` when files differ from it, or `unversioned` without git."""
    git = shutil.which("git")
    if git is None:
        return UNVERSIONED
    answer = subprocess.run(  # noqa: S603 - our own words
        [
            git,
            "-C",
            str(repository),
            "describe",
            "--always",
            "--exclude=*",
            "--dirty",
            "--abbrev=12",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() if answer.returncode == 0 else UNVERSIONED
