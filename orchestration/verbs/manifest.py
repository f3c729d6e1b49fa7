"""`manifest`: make what the definitions are loaded from, and stop."""

from __future__ import annotations

import argparse

from orchestration.instance import prepare
from orchestration.settings import Settings
from orchestration.verbs import OK, Verbs


def add_to(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("manifest", help="make the manifest that the asset graph needs")
    parser.set_defaults(do=_manifest)


def _manifest(settings: Settings, _chosen: argparse.Namespace) -> int:
    prepare(settings)
    return OK
