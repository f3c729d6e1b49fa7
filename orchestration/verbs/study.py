"""`study`: an event study of a person's own CSV files.

Belongs here: what is printed. Does not belong here: the study (`orchestration.study`).
"""

from __future__ import annotations

import argparse
import sys

from orchestration.settings import Settings
from orchestration.study.arguments import add_arguments
from orchestration.study.command import StudyError, run_study
from orchestration.verbs import FAILED, OK, Verbs


def add_to(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("study", help="an event study of your own CSV files")
    add_arguments(parser)
    parser.set_defaults(do=_study)


def _study(settings: Settings, chosen: argparse.Namespace) -> int:
    try:
        answer = run_study(settings, chosen, lambda line: print(line, flush=True))
    except StudyError as error:
        print(f"aftershock: {error}", file=sys.stderr)
        return FAILED
    print(f"\n{answer.summary}\n\nresults      {answer.results}")
    return OK
