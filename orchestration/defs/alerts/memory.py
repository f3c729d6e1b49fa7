"""What has been told already, so that the same state is told once.

Belongs here: the file and what it holds. Does not belong here: deciding what is new. It is replaced
as a whole after the sink has taken the alerts: a process killed between the two tells them twice,
never not at all.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Memory:
    """What the sink knows.

    Attributes:
        runs_until: when the last run that was looked at ended (seconds since 1970); None before
            the first look.
        open: keys of the run and check failures that last.
        stale: keys of the exchanges that are behind.
        stale_checked: when that was looked at (seconds since 1970).
        publication: the version whose changed verdicts were looked at; None before the first look.
        flips: ids of the changed verdicts of that version.
        is_sink_failing: the sink refused the last time, and that was said.
    """

    runs_until: float | None = None
    open: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    stale_checked: float = 0.0
    publication: str | None = None
    flips: tuple[str, ...] = field(default=(), repr=False)
    is_sink_failing: bool = False


def recall(path: Path) -> Memory | None:
    """Return what the file holds; None when it is absent or damaged, and all is told afresh."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        lists = {key: tuple(value) for key, value in content.items() if isinstance(value, list)}
        return Memory(**{**content, **lists})
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return None


def remember(path: Path, memory: Memory) -> None:
    """Replace the file in one step.

    Raises:
        OSError: the disk refuses; the old file is still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".json.new")
    beside.write_text(json.dumps(asdict(memory)), encoding="utf-8")
    os.replace(beside, path)
