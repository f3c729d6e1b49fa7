"""`csv`: published marts as CSV files for a spreadsheet."""

from __future__ import annotations

import argparse
from pathlib import Path

from orchestration.settings import Settings
from orchestration.spreadsheets import export_marts
from orchestration.verbs import OK, Verbs


def add_to(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("csv", help="published marts as CSV files for a spreadsheet")
    parser.add_argument("--marts", default="", help="separated by blanks; all when absent")
    parser.add_argument("--out", default="", help="folder; `csv` in the data folder when absent")
    parser.set_defaults(do=_csv)


def _csv(settings: Settings, chosen: argparse.Namespace) -> int:
    out = Path(chosen.out).expanduser().resolve() if chosen.out else settings.data_dir / "csv"
    for mart, rows in export_marts(settings.published_dir, chosen.marts.split(), out).items():
        print(f"{rows:>9,}  {out / mart}.csv")
    return OK
