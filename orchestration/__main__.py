"""The command line: `python -m orchestration <verb>`; the Makefile gives each verb a name.

Belongs here: finding the verb and the exit code of an error. Does not belong here: what a verb does
(`verbs`).
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence

from orchestration import verbs
from orchestration.defs.publishing.publication import PublicationError
from orchestration.defs.reference.validation import ReferenceDataError
from orchestration.defs.warehouse.dbt import DbtError
from orchestration.instance import InstanceError
from orchestration.landing import LandingError
from orchestration.setting_values import SettingError
from orchestration.settings import load_settings
from orchestration.study.folders import FolderError
from orchestration.warehouse_lock import WarehouseBusyError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code: 0 done, 1 the run failed, 2 it could not start."""
    parser = argparse.ArgumentParser(prog="python -m orchestration")
    known = parser.add_subparsers(dest="verb", required=True)
    for module in pkgutil.iter_modules(verbs.__path__, f"{verbs.__name__}."):
        importlib.import_module(module.name).add_to(known)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.do(load_settings(), chosen))
    except (
        DbtError,
        FolderError,
        InstanceError,
        LandingError,
        PublicationError,
        ReferenceDataError,
        SettingError,
        WarehouseBusyError,
        OSError,
    ) as error:
        print(f"aftershock: {error}", file=sys.stderr)
        return verbs.UNUSABLE


if __name__ == "__main__":
    sys.exit(main())
