"""Running suites with Great Expectations, and its Data Docs.

Belongs here: everything that touches the library. Does not belong here: what is expected
(`expectations`, `summaries`) and what an outcome means (`judgement`). Importing the library takes
seconds, so one call validates everything that a run wants validated.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.defs.quality.expectations import Expectation, Suite


@dataclass(frozen=True)
class Outcome:
    """What became of one expectation.

    Attributes:
        success: whether it held.
        rows: how many rows it looked at; None when it does not count rows.
        missing: how many of them were null and therefore not compared.
        figure_ids: the figures whose rows did not fit, where rows have one.
        observed: the numbers or fixed words that did not fit, or the one that was observed.
        error: why it could not be evaluated; a failure kind of its own.
    """

    success: bool
    rows: int | None = None
    missing: int = 0
    figure_ids: frozenset[str] = frozenset()
    observed: tuple[Any, ...] = ()
    error: str | None = None


@dataclass(frozen=True)
class Validation:
    """The outcomes by suite and key, the Data Docs' first page, and seconds by stage."""

    outcomes: Mapping[str, Mapping[str, Outcome]]
    data_docs: Path
    seconds: Mapping[str, float]


def validate(suites: Sequence[Suite], docs_dir: Path) -> Validation:
    """Validate each suite on its frame and write the Data Docs of all of them.

    Args:
        suites: with distinct names.
        docs_dir: replaced as a whole by the new pages.

    Raises:
        OSError: the pages cannot be written.
    """
    clock = [time.perf_counter()]
    gx = _library()
    clock.append(time.perf_counter())
    context = _context(gx)
    source = context.data_sources.add_pandas("marts")
    outcomes = {suite.name: _run(gx, context, source, suite) for suite in suites}
    clock.append(time.perf_counter())
    page = _write_docs(context, docs_dir)
    clock.append(time.perf_counter())
    stages = ("import", "validation", "data docs")
    return Validation(
        outcomes=outcomes,
        data_docs=page,
        seconds={
            stage: round(after - before, 2)
            for stage, before, after in zip(stages, clock, clock[1:], strict=False)
        },
    )


def _library() -> Any:
    # The library looks for its opt-out when it is imported.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    is_first = "great_expectations" not in sys.modules
    collecting = gc.isenabled()
    # Its import makes a million objects that live as long as the process. Looking for garbage
    # among them, now and in every later collection, costs a second.
    gc.disable()
    try:
        import great_expectations as gx
    finally:
        if is_first:
            gc.freeze()
        if collecting:
            gc.enable()
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    # this module sets a level of its own
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    return gx


def _context(gx: Any) -> Any:
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def _run(gx: Any, context: Any, source: Any, suite: Suite) -> dict[str, Outcome]:
    import pandas as pd

    frame = pd.DataFrame({name: list(column) for name, column in suite.frame.items()})
    if "derived_value" in frame:
        # A column of nothing but None would have no numeric type to compare.
        frame["derived_value"] = frame["derived_value"].astype("float64")
    batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all rows")
    collection = gx.ExpectationSuite(name=suite.name)
    for expectation in suite.expectations:
        collection.add_expectation(_expectation(gx, expectation))
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=batch, suite=context.suites.add(collection))
    )
    result_format: dict[str, Any] = {"result_format": "COMPLETE"}
    if "figure_id" in suite.frame:
        result_format["unexpected_index_column_names"] = ["figure_id"]
    result = definition.run(batch_parameters={"dataframe": frame}, result_format=result_format)
    # Results come back in another order: those that raised first.
    found = {each.expectation_config.meta["key"]: _outcome(each) for each in result.results}
    return {
        expectation.key: found.get(expectation.key, Outcome(False, error="it gave no result"))
        for expectation in suite.expectations
    }


def _expectation(gx: Any, expectation: Expectation) -> Any:
    from great_expectations.expectations.row_conditions import Column

    arguments = dict(expectation.arguments)
    if expectation.where is not None:
        column, value = expectation.where
        arguments["row_condition"] = Column(column) == value
    return getattr(gx.expectations, expectation.kind)(
        **arguments,
        meta={"key": expectation.key, **expectation.meta},
        severity="warning" if expectation.is_warning else "critical",
    )


def _outcome(result: Any) -> Outcome:
    details = result.result or {}
    unexpected = details.get("unexpected_index_list") or []
    observed = details.get("unexpected_list") or [details.get("observed_value")]
    return Outcome(
        success=bool(result.success),
        rows=details.get("element_count"),
        missing=details.get("missing_count") or 0,
        figure_ids=frozenset(
            row["figure_id"] for row in unexpected if isinstance(row, dict) and "figure_id" in row
        ),
        observed=tuple(value for value in observed if value is not None),
        error=_raised(result.exception_info or {}),
    )


def _raised(info: Mapping[str, Any]) -> str | None:
    """Return the message of the exception that an expectation or one of its metrics raised."""
    parts = [info] if "raised_exception" in info else list(info.values())
    messages = [
        str(part.get("exception_message") or "an exception without a message")
        for part in parts
        if isinstance(part, Mapping) and part.get("raised_exception")
    ]
    return "; ".join(dict.fromkeys(messages)) or None


def _write_docs(context: Any, docs_dir: Path) -> Path:
    """Build the pages aside and put them in place of the old ones."""
    building = docs_dir.with_name(f".{docs_dir.name}.tmp")
    shutil.rmtree(building, ignore_errors=True)
    docs_dir.parent.mkdir(parents=True, exist_ok=True)
    # An ephemeral context brings a site in a temporary folder that nobody would remove: it is sent
    # elsewhere, not joined by another.
    (name,) = context.list_data_docs_sites()
    context.update_data_docs_site(
        name,
        {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(building),
            },
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )
    context.build_data_docs()
    shutil.rmtree(docs_dir, ignore_errors=True)
    building.rename(docs_dir)
    return docs_dir / "index.html"
