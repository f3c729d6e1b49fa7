"""How every run of this code location is executed and logged.

Belongs here: defaults of the code location. Does not belong here: defaults of the instance
(`dagster.yaml`).
"""

import dagster as dg

from orchestration.terminal import terminal_logger

defs = dg.Definitions(
    executor=dg.in_process_executor,
    loggers={"terminal": terminal_logger, "console": dg.colored_console_logger},
)
