"""`asof`: the marts as they were known on a past day.

Belongs here: what is printed. Does not belong here: the rebuild (`orchestration.asof`).
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import UTC, datetime

from orchestration.settings import Settings
from orchestration.verbs import OK, UNUSABLE, Verbs


def add_to(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("asof", help="the marts as they were known on a past day")
    parser.add_argument("--date", required=True, help="a day, or a moment with zone")
    parser.set_defaults(do=_asof)


def _asof(settings: Settings, chosen: argparse.Namespace) -> int:
    from orchestration.asof import AsOfError, build_as_of, moment_of
    from orchestration.terminal import verdict_table

    try:
        moment = moment_of(chosen.date, datetime.now(UTC))
        made = build_as_of(settings, moment, lambda line: print(line, flush=True))
    except AsOfError as error:
        print(f"aftershock: {error}", file=sys.stderr)
        return UNUSABLE
    published = settings.data_dir / "asof" / moment.name / "published"
    print()
    print(verdict_table(published, shutil.get_terminal_size().columns))
    print()
    as_of = ", ".join(f"{mic} {day}" for mic, day in sorted(made.facts.data_as_of.items()))
    print(f"known at    {moment.known_at.isoformat(timespec='seconds')}")
    print(f"data as of  {as_of or 'no session'}")
    print(f"file        {published / 'current.duckdb'}")
    return OK
