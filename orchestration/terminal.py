"""What a person sees in the terminal: a line per step while it runs, and the table at the end.

Belongs here: wording and layout of terminal output. Does not belong here: starting runs
(`__main__.py`) and anything computed: the table shows columns of `claim_verdicts` as published.
"""

from __future__ import annotations

import logging
import re
import sys
import textwrap
import time
from pathlib import Path
from typing import TextIO

import dagster as dg

from orchestration.layout import aligned, plain

VERDICT_ORDER = (
    "refuted",
    "insufficient_data",
    "confirmed",
    "confirmed_other_basis",
    "consistent_intraday",
    "not_testable",
)


class StepLines(logging.Handler):
    """Turns Dagster's log records into one plain line per step and per message of a step."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._begun = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record if a person wants it: our own messages, failures, finished steps."""
        meta = getattr(record, "dagster_meta", None) or {}
        event = meta.get("dagster_event")
        elapsed = time.monotonic() - self._begun
        if event is None:
            if record.levelno < logging.INFO:
                return
            message = str(meta.get("orig_message", record.getMessage()))
            if re.match(r"op '\S+' did not yield or return expected outputs", message):
                # what a build with nothing to do leaves out, at length
                return
            skipped = re.match(r"(?:Dependencies for|Skipping) step (\S+) ", message)
            if skipped:
                message = f"{skipped[1]}: skipped"
            for line in message.splitlines():
                self._stream.write(f"{elapsed:6.1f} s  {plain(line)}\n")
        elif event.event_type_value == "STEP_START":
            self._stream.write(f"{elapsed:6.1f} s  {event.step_key} …\n")
        elif event.event_type_value in {"STEP_FAILURE", "RUN_FAILURE"}:
            self._stream.write(f"{elapsed:6.1f} s  FAILED {_cause(event)}\n")
        self._stream.flush()


@dg.logger(None, description="One plain line per step, for a person at a terminal.")
def terminal_logger(context: dg.InitLoggerContext) -> logging.Logger:
    """Return the logger that `make run` shows."""
    logger = logging.getLogger("aftershock.terminal")
    # Dagster reports a step's start at this level
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.handlers = [StepLines(sys.stdout)]
    return logger


def verdict_table(published: Path, width: int) -> str:
    """Return the table of documented figures, and what was found in texts, as published now.

    Args:
        published: the directory that holds `current.duckdb`.
        width: columns of the terminal.
    """
    import duckdb

    database = (published / "current.duckdb").resolve()
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            """
            with signed as (
                -- derived values count in the stated direction; a person reads signed moves
                select
                    *,
                    if(direction = 'down', -1, 1) * derived_close_value as at_close,
                    if(direction = 'down', -derived_high_value, derived_low_value) as at_low,
                    if(direction = 'down', -derived_low_value, derived_high_value) as at_high,
                    case
                        when unit in ('percent', 'direction') then 1
                        when abs(derived_close_value) >= 1e9 then 1e9
                        else 1
                    end as scale,
                    case
                        when unit in ('percent', 'direction') then '%'
                        when abs(derived_close_value) >= 1e9 then 'bn ' || upper(unit)
                        else unit
                    end as suffix
                from claim_verdicts
                where claim_source = 'documented'
            )

            select
                figure_id,
                coalesce(subject, symbol),
                stated_text,
                printf('%+.2f %s', at_close / scale, suffix),
                printf('%+.2f … %+.2f %s', at_low / scale, at_high / scale, suffix),
                replace(basis, '_', ' ') || if(rests_on_correction, ' *', ''),
                verdict
            from signed
            order by list_position($order, verdict), figure_id
            """,
            {"order": list(VERDICT_ORDER)},
        ).fetchall()
        found = connection.execute(
            """
            select verdict, count(*)
            from claim_verdicts
            where claim_source = 'extracted'
            group by verdict
            order by list_position($order, verdict)
            """,
            {"order": list(VERDICT_ORDER)},
        ).fetchall()
    shown = [[plain(cell) for cell in row[:7]] for row in rows if row[6] != "not_testable"]
    untestable = [plain(row[0]) for row in rows if row[6] == "not_testable"]
    header = ["figure", "subject", "stated", "at the close", "low … high", "basis", "verdict"]
    lines = [*aligned([header, *shown]), ""]
    if any(row[5].endswith("*") for row in shown):
        lines.append("* rests on a cited correction of a quarantined bar (price_corrections)")
    lines += textwrap.wrap(
        f"not testable from prices ({len(untestable)}): {', '.join(untestable)}",
        width=max(width, 60),
        subsequent_indent="  ",
        break_on_hyphens=False,
    )
    counts = ", ".join(f"{count} {plain(verdict)}" for verdict, count in found) or "none"
    lines.append(f"claims found in the texts ({sum(count for _, count in found)}): {counts}")
    return "\n".join(lines)


def _cause(event: dg.DagsterEvent) -> str:
    """Return what the step itself raised, in words and not as a stack trace."""
    error = getattr(event.event_specific_data, "error", None)
    while error is not None and error.cause is not None and error.cls_name.startswith("Dagster"):
        error = error.cause
    message = error.message.strip() if error is not None else str(event.message)
    # our own errors are sentences; the name of the class is not part of them
    message = re.sub(r"^(orchestration|dagster)[\w.]*: ", "", message)
    where = f"{event.step_key}: " if event.step_key else ""
    return f"{where}{message}"
