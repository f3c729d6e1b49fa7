"""The code location: everything below `defs/`, found by its folder.

Nothing is listed here, so a new source, model or check is a new file and no edit.
"""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Load each system folder. No network, no secrets, no heavy import."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
